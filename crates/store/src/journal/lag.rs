//! How far the workers are behind.

use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JournalLag {
    /// Requests that wait.
    pub rows: u64,
    /// Spans and records in them.
    pub items: u64,
    /// When the oldest of them arrived.
    pub oldest_received_ns: Option<UnixNanos>,
    /// Requests that were set aside because they could not be transformed.
    pub dead: u64,
}

/// What waits now.
pub async fn lag(conn: &mut crate::Connection) -> Result<JournalLag, StoreError> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "rows!", coalesce(sum(items), 0)::bigint AS "items!", min(received_ns) AS oldest,
            (SELECT count(*) FROM journal_dead) AS "dead!"
        FROM journal"#
    )
    .fetch_one(conn)
    .await?;
    Ok(JournalLag {
        rows: row.rows as u64,
        items: row.items as u64,
        oldest_received_ns: row.oldest.map(|at| at as u64),
        dead: row.dead as u64,
    })
}
