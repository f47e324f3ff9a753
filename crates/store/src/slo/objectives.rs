//! Objectives as they are kept.

use pointsman_domain::Text;
use pointsman_domain::slo::{Level, Objective, ObjectiveDraft};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use super::recount::{remove_counts, remove_counts_before};
use super::{failures, from_json, json};
use crate::connect::Tx;
use crate::error::StoreError;
use crate::lock::{self, LoopName};
use crate::number::bigint;
use crate::partition::slo_kept;
use crate::text;

/// An objective and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectiveRow {
    pub id: i32,
    /// What is promised.
    pub objective: Objective,
    /// How often it was changed, from 1.
    pub revision: u32,
    /// Under which number its events are counted: another one each time that it counts something else.
    pub counted_as: i32,
    /// From when on events are counted; `None` while the recorded past is not.
    pub counted_from_ns: Option<UnixNanos>,
    /// From when on all is known that there was: before that nothing was recorded, or it was no longer kept. `None` while the recorded past
    /// is not counted.
    pub recorded_from_ns: Option<UnixNanos>,
    /// From when on its recorded past was counted by the minute; before that by the hour. `None` where that is not known.
    pub minutes_from_ns: Option<UnixNanos>,
}

struct Raw {
    id: i32,
    name: String,
    spec: String,
    revision: i32,
    counted_as: i32,
    counted_from_ns: Option<i64>,
    recorded_from_ns: Option<i64>,
    minutes_from_ns: Option<i64>,
}

impl Raw {
    fn read(self) -> Result<ObjectiveRow, StoreError> {
        let moment = |at: Option<i64>| at.map(|at| at as u64);
        let draft: ObjectiveDraft = from_json(&self.spec)?;
        // An older revision may have had another.
        let name = self.name.into();
        Ok(ObjectiveRow {
            id: self.id,
            objective: Objective::kept(ObjectiveDraft { name, ..draft }),
            revision: self.revision as u32,
            counted_as: self.counted_as,
            counted_from_ns: moment(self.counted_from_ns),
            recorded_from_ns: moment(self.recorded_from_ns),
            minutes_from_ns: moment(self.minutes_from_ns),
        })
    }
}

/// Those that can be read; of any other the log says why. One of a newer version of this program must not keep all others from being read.
fn readable(rows: Vec<Raw>) -> Vec<ObjectiveRow> {
    let read = |row: Raw| {
        let id = row.id;
        row.read()
            .inspect_err(|error| tracing::error!(objective.id = id, error = %error, "an objective can't be read"))
            .ok()
    };
    rows.into_iter().filter_map(read).collect()
}

/// All objectives, by name.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<ObjectiveRow>, StoreError> {
    let rows = sqlx::query_as!(
        Raw,
        r#"SELECT id, name, spec::text AS "spec!", revision, counted_as, counted_from_ns, recorded_from_ns, minutes_from_ns
        FROM objective ORDER BY name"#
    )
    .fetch_all(conn)
    .await?;
    Ok(readable(rows))
}

/// All objectives as they were at a moment, by name: each by the revision that held then. One that was made later, or of which nothing
/// is counted any more as it was then, is as it is now.
pub async fn all_at(conn: &mut crate::Connection, at_ns: UnixNanos) -> Result<Vec<ObjectiveRow>, StoreError> {
    let rows = sqlx::query_as!(
        Raw,
        r#"SELECT o.id AS "id!", o.name AS "name!", coalesce(past.spec, o.spec)::text AS "spec!",
            coalesce(past.revision, o.revision) AS "revision!", coalesce(past.counted_as, o.counted_as) AS "counted_as!",
            CASE WHEN kept.counted_as IS NULL THEN o.counted_from_ns ELSE kept.counted_from_ns END AS counted_from_ns,
            CASE WHEN kept.counted_as IS NULL THEN o.recorded_from_ns ELSE kept.recorded_from_ns END AS recorded_from_ns,
            o.minutes_from_ns
        FROM objective AS o
        LEFT JOIN LATERAL (
            SELECT spec, revision, counted_as FROM objective_revision WHERE objective = o.id AND since_ns <= $1
            ORDER BY revision DESC LIMIT 1
        ) AS held ON true
        LEFT JOIN counted_before AS kept ON kept.counted_as = held.counted_as
        LEFT JOIN LATERAL (
            SELECT held.spec, held.revision, held.counted_as
            WHERE kept.counted_as IS NOT NULL OR held.counted_as = o.counted_as
        ) AS past ON true
        ORDER BY o.name"#,
        bigint(at_ns)
    )
    .fetch_all(conn)
    .await?;
    Ok(readable(rows))
}

/// What the merger counts events for.
pub(super) struct Counted {
    /// Under which number.
    pub(super) counted_as: i32,
    pub(super) objective: Objective,
    /// Minutes that begin in this range: what is before it is left to the recount, what is after it to what it counts now.
    pub(super) range: TimeRange,
}

/// All that the merger counts for.
pub(super) async fn counted(conn: &mut crate::Connection) -> Result<Vec<Counted>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT counted_as AS "counted_as!", name AS "name!", spec::text AS "spec!",
            CASE WHEN counted_from_ns IS NULL THEN recount_ns ELSE 0 END AS "from_ns!", $1::bigint AS "until_ns!"
        FROM objective WHERE counted_from_ns IS NOT NULL OR recount_ns IS NOT NULL
        UNION ALL
        SELECT b.counted_as, o.name, b.spec::text, 0, b.until_ns FROM counted_before AS b JOIN objective AS o ON o.id = b.objective
        ORDER BY 1"#,
        i64::MAX
    )
    .fetch_all(conn)
    .await?;
    let mut counted = Vec::with_capacity(rows.len());
    for row in rows {
        // One that can't be read is told of by `all`, and counted again once it can be.
        let Ok(draft) = from_json::<ObjectiveDraft>(&row.spec) else {
            continue;
        };
        let name = row.name.into();
        let objective = Objective::kept(ObjectiveDraft { name, ..draft });
        if objective.is_counted() {
            counted.push(Counted {
                counted_as: row.counted_as,
                objective,
                range: TimeRange {
                    from_ns: row.from_ns as u64,
                    to_ns: row.until_ns as u64,
                },
            });
        }
    }
    Ok(counted)
}

/// The operations that objectives name, with their services.
pub async fn operations(conn: &mut crate::Connection) -> Result<Vec<(Text, Text)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT service AS "service!", spec ->> 'operation' AS "operation!" FROM objective WHERE spec ->> 'operation' IS NOT NULL
        UNION SELECT spec ->> 'service', spec ->> 'operation' FROM counted_before WHERE spec ->> 'operation' IS NOT NULL"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.service.into(), row.operation.into()))
        .collect())
}

/// When the first of them was made that are there.
pub async fn first_made(conn: &mut crate::Connection) -> Result<Option<UnixNanos>, StoreError> {
    let first = sqlx::query_scalar!("SELECT min(created_ns) FROM objective")
        .fetch_one(conn)
        .await?;
    Ok(first.map(|at| at as u64))
}

/// The numbers of those whose recorded past is not counted yet and is to be tried now.
pub async fn uncounted(conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<Vec<i32>, StoreError> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM objective WHERE counted_from_ns IS NULL AND NOT EXISTS (
            SELECT FROM failure WHERE step = 'count' AND subject = objective.id::text AND next_ns > $1)
        ORDER BY id",
        bigint(now_ns)
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// The objective of this name.
pub async fn by_name(conn: &mut crate::Connection, name: &str) -> Result<Option<ObjectiveRow>, StoreError> {
    let row = sqlx::query_as!(
        Raw,
        r#"SELECT id, name, spec::text AS "spec!", revision, counted_as, counted_from_ns, recorded_from_ns, minutes_from_ns
        FROM objective WHERE name = $1"#,
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
        r#"SELECT id, name, spec::text AS "spec!", revision, counted_as, counted_from_ns, recorded_from_ns, minutes_from_ns
        FROM objective WHERE id = $1"#,
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
    .fetch_one(&mut *conn)
    .await?;
    note_revision(conn, id).await?;
    Ok(id)
}

/// What becomes of what was counted when an objective is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recount {
    /// It counts the same as before.
    No,
    /// It counts something else; what was counted is removed.
    Replace,
    /// It counts something else; what was counted is kept beside it, for periods that have ended.
    Keep,
}

/// Replaces an objective. Where it counts something else from now on, the merger leaves it alone until its past is counted again.
pub async fn update(
    tx: &mut Tx,
    id: i32,
    objective: &Objective,
    now_ns: UnixNanos,
    recount: Recount,
) -> Result<(), StoreError> {
    let kept_days = bigint(slo_kept(Level::Day, &tx.store.retention()).as_nanos() as u64);
    if recount != Recount::No {
        lock::within(tx, LoopName::Merger).await?;
        if recount == Recount::Keep {
            sqlx::query!(
                "INSERT INTO counted_before (counted_as, objective, spec, counted_from_ns, recorded_from_ns, until_ns)
                SELECT counted_as, id, spec, counted_from_ns, coalesce(recorded_from_ns, counted_from_ns), $2
                FROM objective WHERE id = $1 AND counted_from_ns IS NOT NULL",
                id,
                bigint(now_ns)
            )
            .execute(&mut **tx)
            .await?;
            // What is so long ago has no counts any more.
            sqlx::query!(
                "DELETE FROM counted_before WHERE objective = $1 AND until_ns < $2",
                id,
                bigint(now_ns) - kept_days
            )
            .execute(&mut **tx)
            .await?;
        } else {
            remove_counts(tx, id).await?;
        }
    }
    sqlx::query!(
        "UPDATE objective SET name = $2, service = $3, spec = $4::text::jsonb, revision = revision + 1,
            updated_ns = greatest(updated_ns, $5),
            counted_as = CASE WHEN $6 THEN nextval('counted_as')::integer ELSE counted_as END,
            counted_from_ns = CASE WHEN $6 THEN NULL ELSE counted_from_ns END,
            recount_ns = CASE WHEN $6 THEN NULL ELSE recount_ns END
        WHERE id = $1",
        id,
        objective.name.as_str(),
        objective.service.as_str(),
        json(objective)?,
        bigint(now_ns),
        recount != Recount::No
    )
    .execute(&mut **tx)
    .await?;
    note_revision(tx, id).await?;
    // What it said was of the old one, and why that failed.
    sqlx::query!("DELETE FROM slo_status WHERE objective = $1", id)
        .execute(&mut **tx)
        .await?;
    failures::forget_objective(tx, id).await
}

/// Notes the revision that holds from now on.
async fn note_revision(conn: &mut crate::Connection, id: i32) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO objective_revision (objective, revision, since_ns, spec, counted_as)
        SELECT id, revision, updated_ns, spec, counted_as FROM objective WHERE id = $1",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Since when an objective counts what it counts.
pub async fn counts_since(conn: &mut crate::Connection, id: i32) -> Result<Option<UnixNanos>, StoreError> {
    let since = sqlx::query_scalar!(
        "SELECT min(r.since_ns) FROM objective_revision AS r JOIN objective AS o ON o.id = r.objective AND o.counted_as = r.counted_as
        WHERE o.id = $1",
        id
    )
    .fetch_one(conn)
    .await?;
    Ok(since.map(|at| at as u64))
}

/// Removes an objective with what was counted of it; its alerts stay. Waits for a merge that runs.
pub async fn delete(tx: &mut Tx, id: i32) -> Result<(), StoreError> {
    lock::within(tx, LoopName::Merger).await?;
    remove_counts(tx, id).await?;
    remove_counts_before(tx, id).await?;
    failures::forget_objective(tx, id).await?;
    sqlx::query!("DELETE FROM objective WHERE id = $1", id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// How far an objective's recorded past is counted; `None` where that has not begun.
pub(super) async fn recounted_to(conn: &mut crate::Connection, id: i32) -> Result<Option<UnixNanos>, StoreError> {
    let at = sqlx::query_scalar!("SELECT recount_ns FROM objective WHERE id = $1", id)
        .fetch_optional(conn)
        .await?;
    Ok(at.flatten().map(|at| at as u64))
}

/// Notes how far it is counted: from there on the merger counts for it.
pub(super) async fn set_recounted(conn: &mut crate::Connection, id: i32, to_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!("UPDATE objective SET recount_ns = $2 WHERE id = $1", id, bigint(to_ns))
        .execute(conn)
        .await?;
    Ok(())
}

/// Has its recorded past counted from the beginning again where it is not counted yet: what counts has changed.
pub(super) async fn recount_anew(conn: &mut crate::Connection, id: i32) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE objective SET recount_ns = NULL WHERE id = $1 AND counted_from_ns IS NULL",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// From now on the merger counts all for it.
pub(super) async fn set_counted(
    conn: &mut crate::Connection,
    id: i32,
    from_ns: UnixNanos,
    recorded_from_ns: UnixNanos,
    minutes_from_ns: UnixNanos,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE objective SET counted_from_ns = $2, recorded_from_ns = $3, minutes_from_ns = $4, recount_ns = NULL WHERE id = $1",
        id,
        bigint(from_ns),
        bigint(recorded_from_ns),
        bigint(minutes_from_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}
