//! How objectives stand, as the evaluator wrote it.

use std::collections::HashMap;

use pointsman_domain::slo::Status;

use super::{from_json, json};
use crate::error::StoreError;
use crate::number::bigint;

/// How all objectives stand that were evaluated, by their number.
pub async fn all(conn: &mut crate::Connection) -> Result<HashMap<i32, Status>, StoreError> {
    let rows = sqlx::query!(r#"SELECT objective, status::text AS "status!" FROM slo_status"#)
        .fetch_all(conn)
        .await?;
    // One of another version of this program is written anew within seconds.
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((row.objective, from_json(&row.status).ok()?)))
        .collect())
}

/// How one stands.
pub async fn of(conn: &mut crate::Connection, objective: i32) -> Result<Option<Status>, StoreError> {
    let status = sqlx::query_scalar!(
        r#"SELECT status::text AS "status!" FROM slo_status WHERE objective = $1"#,
        objective
    )
    .fetch_optional(conn)
    .await?;
    Ok(status.and_then(|status| from_json(&status).ok()))
}

/// Keeps how objectives stand; those that were removed meanwhile are left out.
pub async fn keep(conn: &mut crate::Connection, statuses: &[(i32, Status)]) -> Result<(), StoreError> {
    let ids: Vec<i32> = statuses.iter().map(|(id, _)| *id).collect();
    let moments: Vec<i64> = statuses.iter().map(|(_, status)| bigint(status.at_ns)).collect();
    let texts = statuses
        .iter()
        .map(|(_, status)| json(status))
        .collect::<Result<Vec<String>, _>>()?;
    sqlx::query!(
        "INSERT INTO slo_status (objective, at_ns, status)
        SELECT s.objective, s.at_ns, s.status::jsonb
        FROM unnest($1::integer[], $2::bigint[], $3::text[]) AS s (objective, at_ns, status)
        JOIN objective AS o ON o.id = s.objective
        ON CONFLICT (objective) DO UPDATE SET at_ns = excluded.at_ns, status = excluded.status",
        &ids,
        &moments,
        &texts
    )
    .execute(conn)
    .await?;
    Ok(())
}
