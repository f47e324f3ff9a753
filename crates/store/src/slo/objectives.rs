//! Objectives as they are kept.

use pointsman_domain::slo::Objective;
use pointsman_domain::telemetry::UnixNanos;

use super::recount::remove_counts;
use super::{bigint, from_json, json};
use crate::connect::Tx;
use crate::error::StoreError;
use crate::lock::{self, LoopName};
use crate::text;

/// An objective and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectiveRow {
    /// Its number.
    pub id: i32,
    /// What is promised.
    pub objective: Objective,
    /// How often it was changed, from 1.
    pub revision: u32,
    /// From when on events are counted; `None` while the recorded past is not.
    pub counted_from_ns: Option<UnixNanos>,
}

struct Raw {
    id: i32,
    spec: String,
    revision: i32,
    counted_from_ns: Option<i64>,
}

impl Raw {
    fn read(self) -> Result<ObjectiveRow, StoreError> {
        Ok(ObjectiveRow {
            id: self.id,
            objective: from_json(&self.spec)?,
            revision: self.revision as u32,
            counted_from_ns: self.counted_from_ns.map(|at| at as u64),
        })
    }
}

/// All objectives, by name.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<ObjectiveRow>, StoreError> {
    let rows = sqlx::query_as!(
        Raw,
        r#"SELECT id, spec::text AS "spec!", revision, counted_from_ns FROM objective ORDER BY name"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Raw::read).collect()
}

/// Those that the merger counts for.
pub(super) async fn counted(conn: &mut crate::Connection) -> Result<Vec<ObjectiveRow>, StoreError> {
    let rows = all(conn).await?;
    let counted = |row: &ObjectiveRow| row.counted_from_ns.is_some() && row.objective.is_counted();
    Ok(rows.into_iter().filter(counted).collect())
}

/// When the first of them was made that are there.
pub async fn first_made(conn: &mut crate::Connection) -> Result<Option<UnixNanos>, StoreError> {
    let first = sqlx::query_scalar!("SELECT min(created_ns) FROM objective")
        .fetch_one(conn)
        .await?;
    Ok(first.map(|at| at as u64))
}

/// The numbers of those whose recorded past is not counted yet.
pub async fn uncounted(conn: &mut crate::Connection) -> Result<Vec<i32>, StoreError> {
    let ids = sqlx::query_scalar!("SELECT id FROM objective WHERE counted_from_ns IS NULL ORDER BY id")
        .fetch_all(conn)
        .await?;
    Ok(ids)
}

/// The objective of this name.
pub async fn by_name(conn: &mut crate::Connection, name: &str) -> Result<Option<ObjectiveRow>, StoreError> {
    let row = sqlx::query_as!(
        Raw,
        r#"SELECT id, spec::text AS "spec!", revision, counted_from_ns FROM objective WHERE name = $1"#,
        text::name(name)
    )
    .fetch_optional(conn)
    .await?;
    row.map(Raw::read).transpose()
}

/// The same, and it stays so until the transaction ends.
pub async fn lock_by_name(conn: &mut crate::Connection, name: &str) -> Result<Option<ObjectiveRow>, StoreError> {
    sqlx::query!("SELECT id FROM objective WHERE name = $1 FOR UPDATE", text::name(name))
        .fetch_optional(&mut *conn)
        .await?;
    by_name(conn, name).await
}

/// The objective of this number.
pub async fn by_id(conn: &mut crate::Connection, id: i32) -> Result<Option<ObjectiveRow>, StoreError> {
    let row = sqlx::query_as!(
        Raw,
        r#"SELECT id, spec::text AS "spec!", revision, counted_from_ns FROM objective WHERE id = $1"#,
        id
    )
    .fetch_optional(conn)
    .await?;
    row.map(Raw::read).transpose()
}

/// Adds an objective, whose past is not counted yet; its number. Errors: [`crate::Conflict::ObjectiveName`].
pub async fn insert(conn: &mut crate::Connection, objective: &Objective, now_ns: UnixNanos) -> Result<i32, StoreError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO objective (name, service, spec, revision, created_ns, updated_ns)
        VALUES ($1, $2, $3::text::jsonb, 1, $4, $4) RETURNING id",
        objective.name.as_str(),
        objective.service.as_str(),
        json(objective)?,
        bigint(now_ns)
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Replaces an objective. Where it counts something else from now on (`recount`), the merger leaves it alone until its past is counted
/// again.
pub async fn update(
    tx: &mut Tx,
    id: i32,
    objective: &Objective,
    now_ns: UnixNanos,
    recount: bool,
) -> Result<(), StoreError> {
    if recount {
        lock::within(tx, LoopName::Merger).await?;
    }
    sqlx::query!(
        "UPDATE objective SET name = $2, service = $3, spec = $4::text::jsonb, revision = revision + 1, updated_ns = $5,
            counted_from_ns = CASE WHEN $6 THEN NULL ELSE counted_from_ns END
        WHERE id = $1",
        id,
        objective.name.as_str(),
        objective.service.as_str(),
        json(objective)?,
        bigint(now_ns),
        recount
    )
    .execute(&mut **tx)
    .await?;
    // What it said was of the old one.
    sqlx::query!("DELETE FROM slo_status WHERE objective = $1", id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Removes an objective with what was counted of it; its alerts stay. Waits for a merge that runs.
pub async fn delete(tx: &mut Tx, id: i32) -> Result<(), StoreError> {
    lock::within(tx, LoopName::Merger).await?;
    remove_counts(tx, id).await?;
    sqlx::query!("DELETE FROM objective WHERE id = $1", id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// From now on the merger counts for it.
pub(super) async fn set_counted(conn: &mut crate::Connection, id: i32, from_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE objective SET counted_from_ns = $2 WHERE id = $1",
        id,
        bigint(from_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}
