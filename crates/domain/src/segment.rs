//! What is stored: the spans of one trace, or the log records of one service, that were seen together, with what a search
//! narrows by and what pairing needs. `transform` makes them, `store` keeps them.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::ids::{SpanId, TraceId};
use crate::rollup::{Endpoint, SECOND_NS};
use crate::telemetry::{LogBatch, LogSeverity, SpanBatch, SpanKind, UnixNanos};

/// Spans of one trace that were seen together.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceFragment {
    /// The trace of all of its spans.
    pub trace_id: TraceId,
    /// Where it stands in time ([`place_ns`]): its earliest start, of a long one later.
    pub start_ns: UnixNanos,
    /// The latest end of a span.
    pub end_ns: UnixNanos,
    /// The longest span, in nanoseconds.
    pub max_duration_ns: u64,
    /// How many spans are errors ([`crate::semconv::is_error`]).
    pub errors: u32,
    /// What a search narrows by ([`crate::terms`]); ascending, no repeats, at most [`MAX_TERMS`].
    pub terms: Vec<i32>,
    /// Whether terms were left out at the bound: a search by terms must then look inside.
    pub terms_cut: bool,
    /// The sides of calls in it, for pairing.
    pub halves: Vec<Half>,
    /// The spans with their resources and scopes.
    pub batch: SpanBatch,
}

/// How long before its end spans that were seen together stand in time at most, in nanoseconds: 1 h. So what has just ended is kept and
/// found among what is new, however long ago it began.
pub const TRACE_SPREAD_NS: u64 = 3600 * SECOND_NS;

/// Where spans stand in time that began and ended so: at their start, or [`TRACE_SPREAD_NS`] before their end where that is later.
pub fn place_ns(start_ns: UnixNanos, end_ns: UnixNanos) -> UnixNanos {
    start_ns.max(end_ns.saturating_sub(TRACE_SPREAD_NS))
}

/// The most terms that one stored row has.
pub const MAX_TERMS: usize = 8192;

/// How far the first and the last record of a compacted row of logs are apart at most, in nanoseconds: 10 min. So a search knows
/// which partitions can hold a record of its range.
pub const LOG_SPREAD_NS: u64 = 600 * SECOND_NS;

/// Log records of one service that were seen together.
#[derive(Debug, Clone, PartialEq)]
pub struct LogFragment {
    /// `service.name`.
    pub service: Text,
    /// The earliest record's time.
    pub start_ns: UnixNanos,
    /// The latest record's time.
    pub end_ns: UnixNanos,
    /// The worst severity among the records.
    pub max_severity: LogSeverity,
    /// What a search narrows by; ascending, no repeats, at most [`MAX_TERMS`].
    pub terms: Vec<i32>,
    /// Whether terms were left out at the bound.
    pub terms_cut: bool,
    /// The records with their resources and scopes, in the order of time.
    pub batch: LogBatch,
}

/// One side of a call: a client, server, producer or consumer span, as far as pairing needs it. An internal root span, which counts
/// as a request that nobody called, is one too, so that each span that counts for something can be known again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Half {
    /// Of the span that this is a side of.
    pub span_id: SpanId,
    /// For the called side: the span that called it. (A consumer's first link where it has no parent.)
    pub parent: Option<SpanId>,
    /// Which side of which kind of call.
    pub kind: SpanKind,
    /// `service.name`.
    pub service: Text,
    /// `service.version`, or empty.
    pub version: Text,
    /// The database, queue or host that the span names.
    pub peer: Option<Endpoint>,
    /// The span's end, by its sender's clock.
    pub end_ns: UnixNanos,
    /// The span's duration.
    pub duration_ns: u64,
    /// Whether the span is an error ([`crate::semconv::is_error`]).
    pub error: bool,
    /// Whether a worker has counted an edge with it when it stored it, so that it is not judged again when its slot settles. (`store`
    /// keeps it beside the rest.)
    #[serde(skip)]
    pub paired: bool,
    /// For the called side: the service whose span its parent is, where a worker knew that one when it stored this and it is no caller's
    /// side. The edge from it is counted when the slot settles, unless the caller's side has come by then. (`store` keeps it beside the
    /// rest, too.)
    #[serde(skip)]
    pub under: Option<Endpoint>,
}

impl Half {
    /// Whether it made a call.
    pub fn is_caller(&self) -> bool {
        self.kind.is_caller()
    }

    /// Whether it was called.
    pub fn is_called(&self) -> bool {
        self.kind.is_called()
    }
}
