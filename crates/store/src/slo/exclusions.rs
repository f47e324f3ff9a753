//! Time that does not count.

use pointsman_domain::slo::{Exclusion, Objective};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use crate::error::StoreError;
use crate::number::bigint;

/// All exclusions, oldest first.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<Exclusion>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT e.id, e.service, o.name AS "objective?", e.from_ns, e.to_ns, e.reason, e.said_by
        FROM exclusion AS e LEFT JOIN objective AS o ON o.id = e.objective ORDER BY e.from_ns, e.id"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Exclusion {
            id: row.id,
            service: row.service.into(),
            objective: row.objective.map(Into::into),
            from_ns: row.from_ns as u64,
            to_ns: row.to_ns as u64,
            reason: row.reason.into(),
            by: row.said_by.into(),
        })
        .collect())
}

/// Which time does not count for an objective.
pub fn of(exclusions: &[Exclusion], objective: &Objective) -> Vec<TimeRange> {
    let mine = exclusions.iter().filter(|one| one.is_for(objective));
    mine.map(|one| TimeRange {
        from_ns: one.from_ns,
        to_ns: one.to_ns,
    })
    .collect()
}

/// Adds an exclusion; its number. The counts are as they were until they are counted again.
pub async fn insert(
    conn: &mut crate::Connection,
    exclusion: &Exclusion,
    objective: Option<i32>,
    now_ns: UnixNanos,
) -> Result<i64, StoreError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO exclusion (service, objective, from_ns, to_ns, reason, said_by, created_ns)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        exclusion.service.as_str(),
        objective,
        bigint(exclusion.from_ns),
        bigint(exclusion.to_ns),
        exclusion.reason.as_str(),
        exclusion.by.as_str(),
        bigint(now_ns)
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Removes an exclusion. The counts are as they were until they are counted again.
pub async fn delete(conn: &mut crate::Connection, id: i64) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM exclusion WHERE id = $1", id)
        .execute(conn)
        .await?;
    Ok(())
}
