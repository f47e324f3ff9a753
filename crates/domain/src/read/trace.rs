//! Traces, as a search lists them and as the waterfall shows them.

use serde::{Deserialize, Serialize};

use super::LogLine;
use crate::Text;
use crate::ids::{SpanId, TraceId};
use crate::telemetry::{Attributes, Event, Link, Scope, SpanKind, StatusCode, UnixNanos};

/// One row of the trace search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TraceSummary {
    /// The id of the trace.
    pub trace_id: TraceId,
    /// The service of the root span (of the earliest one where the root is missing).
    pub root_service: Text,
    /// The root span's name.
    pub root_operation: Text,
    /// The start of its earliest span.
    pub start_ns: UnixNanos,
    /// From its first start to its last end, by the clocks of whoever sent them.
    pub duration_ns: u64,
    /// How long the root took (the earliest span where the root is missing), by its own clock.
    pub root_duration_ns: u64,
    /// How many spans were received.
    pub spans: u32,
    /// How many of them are errors ([`crate::semconv::is_error`]).
    pub errors: u32,
    /// Services with how many spans each, in order of first appearance.
    pub services: Vec<(Text, u32)>,
    /// The first span that met the query.
    pub matched: Option<SpanId>,
}

/// A page of the trace search.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TracePage {
    /// Newest first.
    pub traces: Vec<TraceSummary>,
    /// Where the next page begins ([`crate::query::TraceQuery::before_ns`]), where there may be more.
    #[serde(with = "crate::whole::optional")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, pattern = "^[0-9]+$"))]
    pub next_before_ns: Option<UnixNanos>,
    /// Whether the search stopped at its bound of candidates before the range was exhausted.
    pub truncated: bool,
}

/// One span as the waterfall shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpanView {
    /// The id of the span within its trace.
    pub span_id: SpanId,
    /// Its parent, also where that one was not received.
    pub parent: Option<SpanId>,
    /// How deep under its root, 0 for roots.
    pub depth: u16,
    /// How many spans are under it, directly or not.
    pub descendants: u32,
    /// Whether the parent is named but was not received.
    pub orphan: bool,
    /// `service.name`.
    pub service: Text,
    /// `service.version`, or empty.
    pub version: Text,
    /// The node, or empty.
    pub instance: Text,
    /// The operation's name.
    pub name: Text,
    /// Which side of which kind of call it is.
    pub kind: SpanKind,
    /// When it began, by the clock of the sender.
    pub start_ns: UnixNanos,
    /// From its start to its end.
    pub duration_ns: u64,
    /// For how long none of its children was running.
    pub self_ns: u64,
    /// How far the clock of who sent it is ahead of its parent's, at least, in nanoseconds; negative where it is behind, 0 where nothing tells.
    pub clock_ahead_ns: i64,
    /// Whether it is on the critical path: whether the trace would have ended sooner without it.
    pub critical: bool,
    /// Whether it failed, as [`crate::semconv::is_error`] says.
    pub error: bool,
    /// The sender's word on the outcome.
    pub status: StatusCode,
    /// The sender's description of a failure; may be empty.
    pub status_message: Text,
    /// What the sender said of the operation.
    pub attributes: Attributes,
    /// What the sender said of its process.
    pub resource: Attributes,
    /// The instrumentation library that made it.
    pub scope: Scope,
    /// What happened at moments within it.
    pub events: Vec<Event>,
    /// Spans of this or other traces that it points at.
    pub links: Vec<Link>,
}

/// The page of one trace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TraceDetail {
    /// Its row of the search.
    pub summary: TraceSummary,
    /// In the waterfall's order: parents before children, siblings by start.
    pub spans: Vec<SpanView>,
    /// Its log records, by time.
    pub logs: Vec<LogLine>,
    /// Whether there are more spans or records than are shown (10,000 and 1,000).
    pub truncated: bool,
}
