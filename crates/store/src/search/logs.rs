//! Log records by what they meet.
//!
//! A search goes through the rows that can hold such records by the time of their newest record, a step of time after the other. Once
//! it holds enough that are newer than any row to come, it is done.

use std::cmp::Reverse;

use pointsman_domain::Text;
use pointsman_domain::query::LogQuery;
use pointsman_domain::segment::LOG_SPREAD_NS;
use pointsman_domain::telemetry::{LogRecord, Resource, UnixNanos};
use pointsman_domain::time::TimeRange;

use super::matches::{log_terms, record_matches};
use super::{live, step_down};
use crate::codec::Decoder;
use crate::connect::Store;
use crate::error::StoreError;
use crate::text;

/// The most rows that one search reads.
const MAX_ROWS: usize = 2000;

/// Rows that are read at a time.
const PAGE: usize = 64;

/// The most records that a page has beyond its limit because they were written in the same nanosecond as its last.
const MAX_TIES: usize = 1000;

/// A record that matches. (The indices in `record` point nowhere.)
#[derive(Debug, Clone, PartialEq)]
pub struct LogHit {
    /// What wrote it.
    pub resource: Resource,
    /// The record.
    pub record: LogRecord,
    /// The name of the scope that wrote it.
    pub scope: Text,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogHits {
    /// Newest first. Those of the same nanosecond as the last are all in.
    pub lines: Vec<LogHit>,
    /// Where the next page begins ([`LogQuery::before_ns`]); `None` where this is the last.
    pub next_before_ns: Option<UnixNanos>,
    /// Whether the search ended at its bound on rows read before the page was full: there may be more from `next_before_ns` on.
    pub truncated: bool,
}

/// The records in the range that match, newest first. What lies within a day is read as of one moment.
pub async fn logs(store: &Store, query: &LogQuery, range: TimeRange) -> Result<LogHits, StoreError> {
    let until_ns = query.before_ns.unwrap_or(range.to_ns).min(range.to_ns);
    if until_ns <= range.from_ns {
        return Ok(LogHits::default());
    }
    let times = range.from_ns..until_ns;
    let limit = query.limit.max(1) as usize;
    let terms = log_terms(query);
    let service = query.service.as_deref().map(text::name);
    let mut position = (i64::MAX, i64::MAX);
    let mut decoder = Decoder::new()?;
    let mut lines: Vec<LogHit> = Vec::new();
    let mut rows = 0;
    // Whether older ones that match were found and left out.
    let mut more = false;
    let mut floor_ns = step_down(until_ns, range.from_ns);
    let mut tx = store.reader().await?;
    let mut slots = live(&mut tx).await?;
    loop {
        let page = sqlx::query_file!(
            "queries/log_candidates.sql",
            floor_ns as i64,
            until_ns as i64,
            position.0,
            position.1,
            &terms,
            service.as_deref(),
            query.min_severity.map_or(0, |severity| i16::from(severity.0)),
            PAGE as i64,
            floor_ns.saturating_sub(LOG_SPREAD_NS) as i64,
            &slots
        )
        .fetch_all(&mut *tx)
        .await?;
        rows += page.len();
        let step_done = page.len() < PAGE;
        let exhausted = step_done && floor_ns <= range.from_ns;
        for row in page {
            position = (row.end_ns, row.id);
            let batch = decoder.logs(&row.payload)?;
            let matching = batch.records.iter().filter(|record| {
                times.contains(&record.time_ns) && record_matches(query, batch.resource(record), record)
            });
            lines.extend(matching.map(|record| LogHit {
                resource: batch.resource(record).clone(),
                record: record.clone(),
                scope: batch.scopes[record.scope as usize].name.clone(),
            }));
        }
        if step_done && !exhausted {
            position = (floor_ns as i64, 0);
            floor_ns = step_down(floor_ns, range.from_ns);
            drop(tx);
            tx = store.reader().await?;
            slots = live(&mut tx).await?;
        }
        // Stable, so that records of the same nanosecond stay in one order.
        lines.sort_by_key(|line| Reverse(line.record.time_ns));
        // No row to come holds a record newer than this.
        let settled_ns = if exhausted { 0 } else { position.0 as u64 + 1 };
        let last_ns = lines.get(limit - 1).map(|line| line.record.time_ns);
        if let Some(last_ns) = last_ns {
            let kept = lines.partition_point(|line| line.record.time_ns >= last_ns);
            more |= kept < lines.len();
            lines.truncate(kept.min(limit + MAX_TIES));
            if last_ns >= settled_ns {
                return Ok(LogHits {
                    lines,
                    next_before_ns: (more || !exhausted).then_some(last_ns),
                    truncated: false,
                });
            }
        }
        if exhausted || rows >= MAX_ROWS {
            lines.retain(|line| line.record.time_ns >= settled_ns);
            return Ok(LogHits {
                lines,
                next_before_ns: (!exhausted).then_some(settled_ns.min(until_ns)),
                truncated: !exhausted,
            });
        }
    }
}
