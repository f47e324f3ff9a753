//! Silences: alerts that call nobody for some time.

use pointsman_domain::slo::Silence;
use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;
use crate::number::bigint;

/// The silences that have not ended, oldest first.
pub async fn current(conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<Vec<Silence>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, service, objective, reason, said_by, from_ns, until_ns FROM silence WHERE until_ns > $1 ORDER BY id",
        bigint(now_ns)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Silence {
            id: row.id,
            service: row.service.into(),
            objective: row.objective.map(Into::into),
            reason: row.reason.into(),
            by: row.said_by.into(),
            from_ns: row.from_ns as u64,
            until_ns: row.until_ns as u64,
        })
        .collect())
}

/// Adds a silence; its number.
pub async fn insert(conn: &mut crate::Connection, silence: &Silence) -> Result<i64, StoreError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO silence (service, objective, reason, said_by, from_ns, until_ns) VALUES ($1, $2, $3, $4, $5, $6)
        RETURNING id",
        silence.service.as_str(),
        silence.objective.as_deref(),
        silence.reason.as_str(),
        silence.by.as_str(),
        bigint(silence.from_ns),
        bigint(silence.until_ns)
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Ends a silence now.
pub async fn end(conn: &mut crate::Connection, id: i64, now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE silence SET until_ns = $2 WHERE id = $1 AND until_ns > $2",
        id,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Silences of an objective that was renamed or moved to another service go with it.
pub async fn follow(
    conn: &mut crate::Connection,
    objective: &str,
    name: &str,
    service: &str,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE silence SET objective = $2, service = $3 WHERE objective = $1 AND until_ns > $4",
        objective,
        name,
        service,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the silences of an objective that is removed: another one of its name is not silenced by them.
pub async fn end_of(conn: &mut crate::Connection, objective: &str, now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE silence SET until_ns = $2 WHERE objective = $1 AND until_ns > $2",
        objective,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}
