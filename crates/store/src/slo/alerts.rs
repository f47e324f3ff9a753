//! Who was called when, and what somebody did about it.

use std::collections::HashMap;

use pointsman_domain::slo::{Alert, AlertSeverity};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use crate::error::StoreError;
use crate::number::bigint;
use crate::text;

/// An alert, of which objective it is, and when it was last seen to burn.
#[derive(Debug, Clone, PartialEq)]
pub struct AlertRow {
    /// The alert.
    pub alert: Alert,
    /// The objective's number; `None` where it was removed.
    pub objective: Option<i32>,
    /// When it last burned.
    pub burning_ns: UnixNanos,
}

struct Raw {
    id: i64,
    objective: String,
    objective_id: Option<i32>,
    service: String,
    rule: String,
    severity: i16,
    sentence: String,
    opened_ns: i64,
    burning_ns: i64,
    resolved_ns: Option<i64>,
    acked_ns: Option<i64>,
    acked_by: Option<String>,
    silence: Option<i64>,
}

/// A severity by its number.
pub(super) fn severity(number: i16) -> AlertSeverity {
    if number == 0 {
        AlertSeverity::Ticket
    } else {
        AlertSeverity::Page
    }
}

impl From<Raw> for AlertRow {
    fn from(row: Raw) -> Self {
        Self {
            burning_ns: row.burning_ns as u64,
            objective: row.objective_id,
            alert: Alert {
                id: row.id,
                objective: row.objective.into(),
                service: row.service.into(),
                rule: row.rule.into(),
                severity: severity(row.severity),
                sentence: row.sentence.into(),
                opened_ns: row.opened_ns as u64,
                resolved_ns: row.resolved_ns.map(|at| at as u64),
                acked_ns: row.acked_ns.map(|at| at as u64),
                acked_by: row.acked_by.map(Into::into),
                silence: row.silence,
            },
        }
    }
}

/// Which alerts.
#[derive(Debug, Clone, Copy, Default)]
pub struct AlertFilter<'a> {
    /// Only those that have not ended.
    pub firing: bool,
    /// Only of what bears this name or bore it when it was removed.
    pub objective: Option<&'a str>,
    /// Only of this objective, by its number.
    pub objective_id: Option<i32>,
    /// Only of this service.
    pub service: Option<&'a str>,
    /// Only with smaller numbers.
    pub before: Option<i64>,
}

/// Alerts, newest first, at most `limit`.
pub async fn page(
    conn: &mut crate::Connection,
    filter: AlertFilter<'_>,
    limit: i64,
) -> Result<Vec<AlertRow>, StoreError> {
    let rows = sqlx::query_as!(
        Raw,
        "SELECT id, objective, objective_id, service, rule, severity, sentence, opened_ns, burning_ns, resolved_ns, acked_ns, acked_by, silence
        FROM alert
        WHERE ($1::bigint IS NULL OR id < $1) AND ($2::text IS NULL OR objective = $2) AND ($3::text IS NULL OR service = $3)
            AND (NOT $4 OR resolved_ns IS NULL) AND ($6::integer IS NULL OR objective_id = $6)
        ORDER BY id DESC LIMIT $5",
        filter.before,
        filter.objective.map(text::name),
        filter.service.map(text::name),
        filter.firing,
        limit,
        filter.objective_id
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(AlertRow::from).collect())
}

/// All that have not ended.
pub async fn firing(conn: &mut crate::Connection) -> Result<Vec<AlertRow>, StoreError> {
    let rows = sqlx::query_as!(
        Raw,
        "SELECT id, objective, objective_id, service, rule, severity, sentence, opened_ns, burning_ns, resolved_ns, acked_ns, acked_by, silence
        FROM alert WHERE resolved_ns IS NULL ORDER BY id DESC"
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(AlertRow::from).collect())
}

/// Those of an objective that have not ended, which stay as they are until the transaction ends.
pub async fn lock_firing_of(conn: &mut crate::Connection, objective: i32) -> Result<Vec<AlertRow>, StoreError> {
    let rows = sqlx::query_as!(
        Raw,
        "SELECT id, objective, objective_id, service, rule, severity, sentence, opened_ns, burning_ns, resolved_ns, acked_ns, acked_by,
            silence
        FROM alert WHERE objective_id = $1 AND resolved_ns IS NULL ORDER BY id FOR UPDATE",
        objective
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(AlertRow::from).collect())
}

/// Alerts of an objective bear its new name.
pub async fn rename(conn: &mut crate::Connection, objective: i32, name: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE alert SET objective = $2 WHERE objective_id = $1",
        objective,
        name
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Of these objectives those that are there and that nobody is changing, with their revisions; they stay so until the transaction ends.
pub async fn hold_objectives(conn: &mut crate::Connection, ids: &[i32]) -> Result<HashMap<i32, u32>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, revision FROM objective WHERE id = ANY ($1) ORDER BY id FOR KEY SHARE SKIP LOCKED",
        ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.revision as u32)).collect())
}

/// All that were open in a range, in the order in which they began.
pub async fn touching(conn: &mut crate::Connection, range: TimeRange) -> Result<Vec<Alert>, StoreError> {
    let rows = sqlx::query_as!(
        Raw,
        "SELECT id, objective, objective_id, service, rule, severity, sentence, opened_ns, burning_ns, resolved_ns, acked_ns, acked_by, silence
        FROM alert WHERE opened_ns < $2 AND (resolved_ns IS NULL OR resolved_ns > $1) ORDER BY opened_ns, id",
        bigint(range.from_ns),
        bigint(range.to_ns)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| AlertRow::from(row).alert).collect())
}

/// One alert, which stays as it is until the transaction ends.
pub async fn lock(conn: &mut crate::Connection, id: i64) -> Result<Option<AlertRow>, StoreError> {
    let row = sqlx::query_as!(
        Raw,
        "SELECT id, objective, objective_id, service, rule, severity, sentence, opened_ns, burning_ns, resolved_ns, acked_ns, acked_by, silence
        FROM alert WHERE id = $1 FOR UPDATE",
        id
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(AlertRow::from))
}

/// Opens an alert of an objective; its number. `None` where one by the same rule is open.
pub async fn open(conn: &mut crate::Connection, objective: i32, alert: &Alert) -> Result<Option<i64>, StoreError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO alert (objective_id, objective, service, rule, severity, sentence, opened_ns, burning_ns, silence)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)
        ON CONFLICT (objective_id, rule) WHERE resolved_ns IS NULL DO NOTHING RETURNING id",
        objective,
        alert.objective.as_str(),
        alert.service.as_str(),
        alert.rule.as_str(),
        alert.severity as i16,
        alert.sentence.as_str(),
        bigint(alert.opened_ns),
        alert.silence
    )
    .fetch_optional(conn)
    .await?;
    Ok(id)
}

/// Notes that alerts still burn.
pub async fn still_burning(conn: &mut crate::Connection, ids: &[i64], now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE alert SET burning_ns = $2 WHERE id = ANY ($1)",
        ids,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends an alert; whether it had not ended before.
pub async fn resolve(conn: &mut crate::Connection, id: i64, now_ns: UnixNanos) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "UPDATE alert SET resolved_ns = $2 WHERE id = $1 AND resolved_ns IS NULL",
        id,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The silence by which nobody was called is over; whether the alert is not.
pub async fn end_silence(conn: &mut crate::Connection, id: i64) -> Result<bool, StoreError> {
    let done = sqlx::query!(
        "UPDATE alert SET silence = NULL WHERE id = $1 AND resolved_ns IS NULL",
        id
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes who looks at it.
pub async fn acknowledge(conn: &mut crate::Connection, id: i64, by: &str, now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE alert SET acked_ns = $2, acked_by = $3 WHERE id = $1",
        id,
        bigint(now_ns),
        text::name(by)
    )
    .execute(conn)
    .await?;
    Ok(())
}
