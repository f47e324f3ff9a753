//! How far the workers are behind.

use std::time::Duration;

use crate::error::StoreError;

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JournalLag {
    /// Requests that wait.
    pub rows: u64,
    /// Spans and records in them.
    pub items: u64,
    /// Bytes of them, compressed, as they lie on disk.
    pub bytes: u64,
    /// Bytes of the journal's files: what waits, its index, and what was deleted and is not used again yet.
    pub file_bytes: u64,
    /// How long ago, by the database's clock, the oldest of them arrived; 0 where none waits.
    pub age: Duration,
    /// Requests that were set aside because they could not be transformed.
    pub dead: u64,
    /// No row that waits has a smaller number.
    pub(super) smallest: i64,
}

/// What waits now. Goes through all rows that wait, not through their bodies.
pub async fn lag(conn: &mut crate::Connection) -> Result<JournalLag, StoreError> {
    lag_from(conn, i64::MIN).await
}

/// The same of rows with this number or a larger one.
pub(super) async fn lag_from(conn: &mut crate::Connection, floor: i64) -> Result<JournalLag, StoreError> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "rows!", coalesce(sum(items), 0)::bigint AS "items!",
            coalesce(sum(octet_length(body)), 0)::bigint AS "bytes!",
            greatest(extract(epoch FROM clock_timestamp()) * 1000000000 - min(received_ns), 0)::bigint AS age_ns,
            coalesce(min(id), (SELECT last_value FROM journal_id_seq)) AS "smallest!",
            pg_total_relation_size('journal') AS "file_bytes!",
            (SELECT count(*) FROM journal_dead) AS "dead!"
        FROM journal WHERE id >= $1"#,
        floor
    )
    .fetch_one(conn)
    .await?;
    Ok(JournalLag {
        rows: row.rows as u64,
        items: row.items as u64,
        bytes: row.bytes as u64,
        file_bytes: row.file_bytes as u64,
        age: Duration::from_nanos(row.age_ns.unwrap_or(0) as u64),
        dead: row.dead as u64,
        smallest: row.smallest,
    })
}
