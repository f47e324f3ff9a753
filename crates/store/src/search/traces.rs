//! Traces by what one of their spans meets, and a trace by its id.

use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::query::TraceQuery;
use pointsman_domain::telemetry::{SpanBatch, UnixNanos};
use pointsman_domain::time::TimeRange;

use crate::connect::Store;
use crate::error::StoreError;

/// The most traces that one search reads whole.
pub const MAX_CANDIDATES: usize = 2000;

/// A trace that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceHit {
    /// The trace.
    pub trace_id: TraceId,
    /// All its spans, each once.
    pub batch: SpanBatch,
    /// The span that meets everything that was asked.
    pub matched: Option<SpanId>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TraceHits {
    /// Newest first, by their start.
    pub traces: Vec<TraceHit>,
    /// Where the next page begins ([`TraceQuery::before_ns`]); `None` where this is the last.
    pub next_before_ns: Option<UnixNanos>,
    /// Whether the search ended at [`MAX_CANDIDATES`] before the page was full: there may be more from `next_before_ns` on.
    pub truncated: bool,
}

/// The traces that began in the range and match, newest first.
pub async fn traces(store: &Store, query: &TraceQuery, range: TimeRange) -> Result<TraceHits, StoreError> {
    let _ = (store, query, range);
    Ok(TraceHits::default())
}

/// All spans of a trace, each once; `None` where there are none.
pub async fn trace(store: &Store, id: TraceId) -> Result<Option<SpanBatch>, StoreError> {
    let _ = (store, id);
    Ok(None)
}
