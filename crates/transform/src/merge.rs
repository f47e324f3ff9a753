//! Compaction: fragments that belong together become one.

use pointsman_domain::segment::{LOG_SPREAD_NS, LogFragment, MAX_TERMS, TraceFragment, place_ns};
use pointsman_domain::semconv::is_error;
use pointsman_domain::telemetry::{LogBatch, Span, SpanBatch};

use crate::fragment::log_fragment;

/// The most records of one stored row of logs: a search decodes whole rows.
pub const LOG_ROW_RECORDS: usize = 512;

/// The most spans of one stored row of a trace: a reader can stop between rows.
pub const TRACE_ROW_SPANS: usize = 10_000;

/// Makes one fragment of those of one trace; `None` of none. Spans stay in the order of the fragments.
pub fn fragments(fragments: impl IntoIterator<Item = TraceFragment>) -> Option<TraceFragment> {
    fragments.into_iter().reduce(|mut into, from| {
        into.end_ns = into.end_ns.max(from.end_ns);
        into.start_ns = place_ns(into.start_ns.min(from.start_ns), into.end_ns);
        into.max_duration_ns = into.max_duration_ns.max(from.max_duration_ns);
        into.errors += from.errors;
        into.terms.extend(from.terms);
        into.terms.sort_unstable();
        into.terms.dedup();
        into.terms_cut |= from.terms_cut || into.terms.len() > MAX_TERMS;
        into.terms.truncate(MAX_TERMS);
        into.halves.extend(from.halves);
        into.batch.absorb(from.batch);
        into
    })
}

/// The rows that a merged trace is stored as: itself, or, of an endless one, several of at most [`TRACE_ROW_SPANS`] spans by their start.
/// Halves are of no more use then.
pub fn rows(trace: TraceFragment) -> Vec<TraceFragment> {
    if trace.batch.spans.len() <= TRACE_ROW_SPANS {
        return vec![trace];
    }
    let SpanBatch {
        resources,
        scopes,
        mut spans,
    } = trace.batch;
    spans.sort_by_key(|span| span.start_ns);
    let start = |spans: &[Span]| spans.iter().map(|span| span.start_ns).min().unwrap_or(0);
    let end = |spans: &[Span]| spans.iter().map(|span| span.end_ns).max().unwrap_or(0);
    let row = |spans: &[Span]| TraceFragment {
        trace_id: trace.trace_id,
        start_ns: place_ns(start(spans), end(spans)),
        end_ns: end(spans),
        max_duration_ns: spans.iter().map(Span::duration_ns).max().unwrap_or(0),
        errors: spans.iter().filter(|span| is_error(span)).count() as u32,
        terms: trace.terms.clone(),
        terms_cut: trace.terms_cut,
        halves: Vec::new(),
        batch: SpanBatch {
            resources: resources.clone(),
            scopes: scopes.clone(),
            spans: spans.to_vec(),
        },
    };
    spans.chunks(TRACE_ROW_SPANS).map(row).collect()
}

/// Makes rows of at most [`LOG_ROW_RECORDS`] records and [`LOG_SPREAD_NS`], by time, of the fragments of one service.
pub fn logs(fragments: impl IntoIterator<Item = LogFragment>) -> Vec<LogFragment> {
    let mut whole: Option<LogFragment> = None;
    for fragment in fragments {
        match &mut whole {
            Some(whole) => whole.batch.absorb(fragment.batch),
            None => whole = Some(fragment),
        }
    }
    let Some(LogFragment { service, mut batch, .. }) = whole else {
        return Vec::new();
    };
    batch.records.sort_by_key(|record| record.time_ns);
    let LogBatch {
        resources,
        scopes,
        records,
    } = batch;
    let mut rows = Vec::with_capacity(records.len().div_ceil(LOG_ROW_RECORDS));
    let mut records = records.into_iter().peekable();
    while let Some(first) = records.next() {
        let until_ns = first.time_ns.saturating_add(LOG_SPREAD_NS);
        let mut of_row = vec![first];
        while of_row.len() < LOG_ROW_RECORDS
            && let Some(next) = records.next_if(|next| next.time_ns <= until_ns)
        {
            of_row.push(next);
        }
        let row = LogBatch {
            resources: resources.clone(),
            scopes: scopes.clone(),
            records: of_row,
        };
        rows.push(log_fragment(service.clone(), row));
    }
    rows
}
