//! One trace with its log records.

use pointsman_domain::ids::TraceId;
use pointsman_domain::query::LogQuery;
use pointsman_domain::read::{TraceDetail, TraceSummary};
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::telemetry::SpanBatch;
use pointsman_domain::time::{RangeSpec, TimeRange};
use pointsman_store::search::{self, StoredTrace};
use pointsman_transform::waterfall;

use super::logs::line;
use crate::{Problem, See, UseCases};

/// How far outside the trace its log records are looked for: clocks of machines differ.
const MARGIN_NS: u64 = 60 * SECOND_NS;
/// How long after its end the spans of a trace may still be on their way: senders batch, retry, and wait for slow callees.
const SETTLED_AFTER_NS: u64 = 120 * SECOND_NS;

impl See<'_> {
    /// One trace with its logs; `None` where nothing of it is stored.
    pub async fn trace(&self, id: TraceId) -> Result<Option<TraceDetail>, Problem> {
        self.0.may_read()?;
        self.0
            .read_shared(&self.0.control.reads.trace, id, move |use_cases| read(use_cases, id))
            .await
    }

    /// Whether nothing more is awaited of a trace, so that a page that shows it need not look again.
    pub fn is_settled(&self, trace: &TraceSummary) -> bool {
        let end_ns = trace.start_ns.saturating_add(trace.duration_ns);
        self.0.control.clock.now_ns().saturating_sub(end_ns) > SETTLED_AFTER_NS
    }
}

async fn read(use_cases: UseCases, id: TraceId) -> Result<Option<TraceDetail>, Problem> {
    let Some(StoredTrace { batch, truncated }) = search::trace(&use_cases.control.store, id).await? else {
        return Ok(None);
    };
    let range = around(&batch);
    let query = LogQuery {
        range: RangeSpec::Fixed(range),
        trace_id: Some(id),
        limit: waterfall::MAX_LOGS as u32,
        ..LogQuery::default()
    };
    let hits = search::logs(&use_cases.control.store, &query, range).await?;
    let more = hits.truncated || hits.next_before_ns.is_some();
    let mut lines: Vec<_> = hits.lines.into_iter().map(line).collect();
    lines.sort_by_key(|line| line.time_ns);
    let mut detail = waterfall::build(id, &batch, lines);
    detail.truncated |= more || truncated;
    Ok(Some(detail))
}

/// The time of a trace, with some margin.
fn around(batch: &SpanBatch) -> TimeRange {
    let from = batch.spans.iter().map(|span| span.start_ns).min().unwrap_or_default();
    let to = batch.spans.iter().map(|span| span.end_ns).max().unwrap_or_default();
    TimeRange {
        from_ns: from.saturating_sub(MARGIN_NS),
        to_ns: to.saturating_add(MARGIN_NS),
    }
}
