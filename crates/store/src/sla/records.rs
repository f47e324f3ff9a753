//! What came of the periods of contracts.

use std::collections::HashMap;

use pointsman_domain::period::PeriodLabel;
use pointsman_domain::sla::PeriodRecord;
use pointsman_domain::time::TimeRange;

use crate::error::StoreError;
use crate::number::bigint;
use crate::slo::{from_json, json};

struct Raw {
    id: i64,
    sla: i32,
    contract: String,
    label: String,
    number: i32,
    from_ns: i64,
    to_ns: i64,
    outcome: String,
    computed_from: Option<String>,
    closed_ns: i64,
    closed_by: String,
    corrects: Option<i64>,
    reason: String,
}

impl Raw {
    fn read(self) -> Result<(i32, PeriodRecord), StoreError> {
        let record = PeriodRecord {
            id: self.id,
            contract: self.contract.into(),
            label: self.label.parse().map_err(StoreError::corrupt)?,
            range: TimeRange {
                from_ns: self.from_ns as u64,
                to_ns: self.to_ns as u64,
            },
            number: self.number as u32,
            outcome: from_json(&self.outcome)?,
            from: self.computed_from.as_deref().map(from_json).transpose()?,
            closed_ns: self.closed_ns as u64,
            by: self.closed_by.into(),
            corrects: self.corrects,
            reason: self.reason.into(),
        };
        Ok((self.sla, record))
    }
}

/// All records of a contract, newest period first, and of each its last correction first; with what they were computed from where that
/// is wanted, which may be much.
pub async fn of(conn: &mut crate::Connection, sla: i32, with_from: bool) -> Result<Vec<PeriodRecord>, StoreError> {
    let rows = sqlx::query_as!(
        Raw,
        r#"SELECT id, sla, contract, label, number, from_ns, to_ns, outcome::text AS "outcome!",
            CASE WHEN $2 THEN computed_from::text END AS computed_from, closed_ns, closed_by, corrects, reason
        FROM sla_record WHERE sla = $1 ORDER BY from_ns DESC, number DESC"#,
        sla,
        with_from
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| Ok(row.read()?.1)).collect()
}

/// The last record of the newest closed period of every contract, by the contract's number, without what it was computed from.
pub async fn last(conn: &mut crate::Connection) -> Result<HashMap<i32, PeriodRecord>, StoreError> {
    let rows = sqlx::query_as!(
        Raw,
        r#"SELECT DISTINCT ON (sla) id, sla, contract, label, number, from_ns, to_ns, outcome::text AS "outcome!",
            NULL::text AS computed_from, closed_ns, closed_by, corrects, reason
        FROM sla_record ORDER BY sla, from_ns DESC, number DESC"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Raw::read).collect()
}

/// The last record of each of these periods of every contract that has one, with the contract's number, in the order of time and without
/// what they were computed from.
pub async fn of_periods(
    conn: &mut crate::Connection,
    labels: &[PeriodLabel],
) -> Result<Vec<(i32, PeriodRecord)>, StoreError> {
    let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
    let rows = sqlx::query_as!(
        Raw,
        r#"SELECT id AS "id!", sla AS "sla!", contract AS "contract!", label AS "label!", number AS "number!", from_ns AS "from_ns!",
            to_ns AS "to_ns!", outcome::text AS "outcome!", NULL::text AS computed_from, closed_ns AS "closed_ns!",
            closed_by AS "closed_by!", corrects, reason AS "reason!"
        FROM (SELECT DISTINCT ON (sla, label) * FROM sla_record WHERE label = ANY ($1) ORDER BY sla, label, number DESC) AS last
        ORDER BY from_ns, contract"#,
        &labels
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Raw::read).collect()
}

/// Which periods are closed, by the contract's number.
pub async fn closed(conn: &mut crate::Connection) -> Result<HashMap<i32, Vec<PeriodLabel>>, StoreError> {
    let rows = sqlx::query!("SELECT sla, label FROM sla_record WHERE number = 1")
        .fetch_all(conn)
        .await?;
    let mut closed: HashMap<i32, Vec<PeriodLabel>> = HashMap::new();
    for row in rows {
        let label = row.label.parse().map_err(StoreError::corrupt)?;
        closed.entry(row.sla).or_default().push(label);
    }
    Ok(closed)
}

/// Adds a record; its number among all. `None` where there is one of this period and number already.
pub async fn insert(conn: &mut crate::Connection, sla: i32, record: &PeriodRecord) -> Result<Option<i64>, StoreError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO sla_record
            (sla, contract, label, number, from_ns, to_ns, outcome, computed_from, closed_ns, closed_by, corrects, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8::text::jsonb, $9, $10, $11, $12)
        ON CONFLICT (sla, label, number) DO NOTHING RETURNING id",
        sla,
        record.contract.as_str(),
        record.label.to_string(),
        record.number as i32,
        bigint(record.range.from_ns),
        bigint(record.range.to_ns),
        json(&record.outcome)?,
        json(&record.from)?,
        bigint(record.closed_ns),
        record.by.as_str(),
        record.corrects,
        record.reason.as_str()
    )
    .fetch_optional(conn)
    .await?;
    Ok(id)
}
