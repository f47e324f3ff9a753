//! Closed reports.

use std::collections::HashMap;

use pointsman_domain::Text;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::report::{Head, Report, ReportRow};

use crate::error::StoreError;
use crate::number::bigint;
use crate::slo::{from_json, json};
use crate::text;

/// The closed report of a period, whole or of a team, as it was made last.
pub async fn of(
    conn: &mut crate::Connection,
    label: PeriodLabel,
    team: Option<&str>,
) -> Result<Option<Report>, StoreError> {
    let report = sqlx::query_scalar!(
        r#"SELECT report::text AS "report!" FROM report_record
        WHERE label = $1 AND team IS NOT DISTINCT FROM $2 ORDER BY number DESC LIMIT 1"#,
        label.to_string(),
        team.map(text::name)
    )
    .fetch_optional(conn)
    .await?;
    report.map(|report| from_json(&report)).transpose()
}

/// All closed reports, newest first, without what is in them.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<ReportRow>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT (report -> 'head')::text AS "head!", met, judged FROM report_record
        ORDER BY from_ns DESC, label DESC, team NULLS FIRST"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(ReportRow {
                head: from_json::<Head>(&row.head)?,
                met: row.met as u32,
                judged: row.judged as u32,
            })
        })
        .collect()
}

/// The compliance of each objective as closed reports of all services have it, by period and the objective's name.
pub async fn trend(
    conn: &mut crate::Connection,
    labels: &[PeriodLabel],
) -> Result<HashMap<(PeriodLabel, Text), Option<f64>>, StoreError> {
    let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
    let rows = sqlx::query!(
        r#"SELECT r.label, o.row ->> 'name' AS "name!", (o.row ->> 'compliance')::double precision AS compliance
        FROM report_record AS r, jsonb_array_elements(r.report -> 'objectives') AS o (row)
        WHERE r.team IS NULL AND r.label = ANY ($1)"#,
        &labels
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let label = row.label.parse().map_err(StoreError::corrupt)?;
            Ok(((label, row.name.into()), row.compliance))
        })
        .collect()
}

/// Which periods are closed, of all services.
pub async fn closed(conn: &mut crate::Connection) -> Result<Vec<PeriodLabel>, StoreError> {
    let labels = sqlx::query_scalar!("SELECT label FROM report_record WHERE team IS NULL")
        .fetch_all(conn)
        .await?;
    labels
        .iter()
        .map(|label| label.parse().map_err(StoreError::corrupt))
        .collect()
}

/// Keeps a report for ever. Where there is one already, that stays.
pub async fn insert(conn: &mut crate::Connection, report: &Report) -> Result<(), StoreError> {
    let judged = report.objectives.iter().filter(|row| row.met.is_some()).count();
    let met = report.objectives.iter().filter(|row| row.met == Some(true)).count();
    sqlx::query!(
        "INSERT INTO report_record (label, team, number, from_ns, to_ns, closed_ns, met, judged, report)
        VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8::text::jsonb)
        ON CONFLICT (label, team, number) DO NOTHING",
        report.head.label.to_string(),
        report.head.team.as_deref(),
        bigint(report.head.range.from_ns),
        bigint(report.head.range.to_ns),
        bigint(report.head.made_ns),
        met as i32,
        judged as i32,
        json(report)?
    )
    .execute(conn)
    .await?;
    Ok(())
}
