//! Compaction: fragments that belong together become one.

use pointsman_domain::segment::{LogFragment, MAX_TERMS, TraceFragment};
use pointsman_domain::telemetry::LogBatch;

use crate::fragment::log_fragment;

/// The most records of one stored row of logs: a search decodes whole rows.
pub const LOG_ROW_RECORDS: usize = 512;

/// Makes one fragment of those of one trace; `None` of none. Spans stay in the order of the fragments.
pub fn fragments(fragments: impl IntoIterator<Item = TraceFragment>) -> Option<TraceFragment> {
    fragments.into_iter().reduce(|mut into, from| {
        into.start_ns = into.start_ns.min(from.start_ns);
        into.end_ns = into.end_ns.max(from.end_ns);
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

/// Makes rows of at most [`LOG_ROW_RECORDS`] records, by time, of the fragments of one service.
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
    while records.peek().is_some() {
        let row = LogBatch {
            resources: resources.clone(),
            scopes: scopes.clone(),
            records: records.by_ref().take(LOG_ROW_RECORDS).collect(),
        };
        rows.push(log_fragment(service.clone(), row));
    }
    rows
}
