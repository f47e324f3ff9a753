//! What a page or a program gets to read: the answers of `control`, the props of `app`, the JSON of `/api/v1`.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::health::{Health, Verdict};
use crate::histogram::Histogram;
use crate::ids::{SpanId, TraceId};
use crate::rollup::{Counts, Endpoint, NodeErrorCount, NodeErrorKey, NodeKey};
use crate::telemetry::{Attributes, Event, Link, Scope, Severity, SpanKind, StatusCode, UnixNanos, Value};
use crate::time::TimeRange;

/// Rate, errors and duration of some requests over a time, with the sample they rest on.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Red {
    /// Requests in the window: the sample that the figures rest on.
    pub requests: u64,
    /// Requests among them that are errors ([`crate::semconv::is_error`]).
    pub errors: u64,
    /// Requests per second over the window.
    pub rate: f64,
    /// Share of requests that failed, 0 to 1; 0 without requests.
    pub error_ratio: f64,
    /// Median latency in nanoseconds, to [`crate::histogram::RELATIVE_ERROR`].
    pub p50_ns: Option<u64>,
    /// 95th percentile of latency in nanoseconds, to [`crate::histogram::RELATIVE_ERROR`].
    pub p95_ns: Option<u64>,
    /// 99th percentile of latency in nanoseconds, to [`crate::histogram::RELATIVE_ERROR`].
    pub p99_ns: Option<u64>,
}

impl Red {
    /// The figures of these counts over a window of this many seconds.
    pub fn new(counts: &Counts, seconds: f64) -> Self {
        Self {
            requests: counts.requests,
            errors: counts.errors,
            rate: if seconds > 0.0 {
                counts.requests as f64 / seconds
            } else {
                0.0
            },
            error_ratio: if counts.requests == 0 {
                0.0
            } else {
                counts.errors as f64 / counts.requests as f64
            },
            p50_ns: counts.latency.quantile(0.50),
            p95_ns: counts.latency.quantile(0.95),
            p99_ns: counts.latency.quantile(0.99),
        }
    }
}

/// A series over the windows of a range: one point a window, windows without traffic included.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Series {
    /// Start of the first window.
    pub start_ns: UnixNanos,
    /// Length of a window.
    pub step_ns: u64,
    /// One a window, in time order.
    pub points: Vec<Red>,
}

/// A service, or a version or node of it, that is degraded or failing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attention {
    /// Its `service.name`.
    pub service: Text,
    /// Which version, where only that one is worse than the others.
    pub version: Option<Text>,
    /// Which node, where only that one is worse than the others.
    pub instance: Option<Text>,
    /// How bad it is, and whether by errors or by latency.
    pub verdict: Verdict,
    /// Requests served by what is meant.
    pub red: Red,
    /// Start of the first window of the current run of bad windows, where it began within the range.
    pub since_ns: Option<UnixNanos>,
}

/// One row of the overview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceSummary {
    /// `service.name`.
    pub name: Text,
    /// The worst of its own figures, its versions' and its nodes'.
    pub verdict: Verdict,
    /// Requests that it served in the range.
    pub red: Red,
    /// Requests per second, one a window of the range.
    pub sparkline: Vec<f64>,
    /// Its versions, newest first seen last.
    pub versions: Vec<VersionSummary>,
    /// How many nodes were heard of in the range.
    pub nodes: u32,
    /// How many of them are degraded or failing.
    pub nodes_unwell: u32,
    /// When it was last heard of.
    pub last_seen_ns: UnixNanos,
}

/// One version of a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VersionSummary {
    /// `service.version`, or empty.
    pub version: Text,
    /// By the requests that this version served.
    pub verdict: Verdict,
    /// Requests that this version served in the range.
    pub red: Red,
}

/// By how much a machine's clock may differ from the database's before it is said, in nanoseconds: a minute.
pub const CLOCK_TOLERANCE_NS: u64 = 60_000_000_000;

/// Why the journal takes nothing more for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JournalFull {
    /// As many bytes wait for a worker as may.
    Size,
    /// The oldest that waits has waited for as long as it may.
    Age,
    /// The database's disk has too little room.
    Disk,
}

impl JournalFull {
    /// As it is written in JSON and in labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Age => "age",
            Self::Disk => "disk",
        }
    }
}

/// How far what is shown lags behind what was acknowledged, and how the replica that was asked is.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PipelineStatus {
    /// Journal rows (requests) that wait for a worker.
    pub journal_rows: u64,
    /// Spans and log records in them.
    pub journal_items: u64,
    /// Age in nanoseconds of the oldest of them; 0 where none waits.
    pub journal_lag_ns: u64,
    /// Journal rows that could not be transformed and were set aside; 0 unless there is a defect.
    pub journal_dead: u64,
    /// Bytes of the rows that wait, compressed, as they lie on disk.
    pub journal_bytes: u64,
    /// Why this replica takes no telemetry now; senders are told to try again later.
    pub journal_full: Option<JournalFull>,
    /// Whether anything was ever received.
    pub any_data: bool,
    /// How far this replica's machine's clock is ahead of the database's, in nanoseconds; negative where it is behind.
    #[serde(default)]
    pub clock_skew_ns: i64,
}

impl PipelineStatus {
    /// Whether the machine's clock differs from the database's by more than [`CLOCK_TOLERANCE_NS`].
    pub fn clock_differs(&self) -> bool {
        self.clock_skew_ns.unsigned_abs() > CLOCK_TOLERANCE_NS
    }
}

/// The overview page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    /// The range that the figures are of.
    pub range: TimeRange,
    /// Worst first.
    pub attention: Vec<Attention>,
    /// Worst first, then by name.
    pub services: Vec<ServiceSummary>,
    /// How far the figures lag behind.
    pub status: PipelineStatus,
}

/// A station of the topology.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Station {
    /// What it is; `version` empty: versions of a service are one station.
    pub endpoint: Endpoint,
    /// How it is; for databases, queues and hosts judged by the edges that lead to it.
    pub verdict: Verdict,
    /// Requests served; for databases, queues and hosts the sum of the edges that lead to it.
    pub red: Red,
    /// Versions, for services.
    pub versions: Vec<VersionSummary>,
    /// Nodes heard of in the range, for services.
    pub nodes: u32,
}

/// A track of the topology.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Track {
    /// The caller; `version` empty.
    pub source: Endpoint,
    /// The called; `version` empty.
    pub target: Endpoint,
    /// By the calls of this edge.
    pub verdict: Verdict,
    /// The calls, from the caller's side.
    pub red: Red,
    /// The same by version of the called, where there are several.
    pub by_version: Vec<(Text, Red)>,
}

/// The topology page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Topology {
    /// The range that the figures are of.
    pub range: TimeRange,
    /// By name within kind.
    pub stations: Vec<Station>,
    /// By source, then target.
    pub tracks: Vec<Track>,
    /// Calls to nobody known, since the server started counting; see [`crate::rollup::Delta::unpaired_clients`].
    pub unpaired_clients: u64,
    /// Requests from nobody known; see [`crate::rollup::Delta::unpaired_servers`].
    pub unpaired_servers: u64,
    /// How far the figures lag behind.
    pub status: PipelineStatus,
}

/// One operation of a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperationSummary {
    /// The name of the operation's spans.
    pub name: Text,
    /// Requests served, or calls made.
    pub kind: SpanKind,
    /// By the requests or calls of this operation.
    pub verdict: Verdict,
    /// Its requests served, or calls made, in the range.
    pub red: Red,
}

/// One node of a service, with what failed on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NodeSummary {
    /// Service, version and instance.
    pub node: NodeKey,
    /// By the requests that this node served.
    pub verdict: Verdict,
    /// Requests that it served in the range.
    pub red: Red,
    /// When it was first heard of.
    pub first_seen_ns: UnixNanos,
    /// When it was last heard of.
    pub last_seen_ns: UnixNanos,
    /// What failed on it, most often first, at most 20.
    pub errors: Vec<(NodeErrorKey, NodeErrorCount)>,
}

/// The page of one service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceDetail {
    /// The range that the figures are of.
    pub range: TimeRange,
    /// Its row of the overview.
    pub summary: ServiceSummary,
    /// Its requests over the range.
    pub series: Series,
    /// Latencies of the whole range.
    pub latency: Histogram,
    /// Requests served first, most requests first.
    pub operations: Vec<OperationSummary>,
    /// Worst first.
    pub nodes: Vec<NodeSummary>,
    /// The edges that lead to it: its callers.
    pub upstream: Vec<Track>,
    /// The edges that lead from it: what it calls.
    pub downstream: Vec<Track>,
}

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

/// One log record as a page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogLine {
    /// When it happened, by the clock of the sender.
    pub time_ns: UnixNanos,
    /// How bad the sender says it is.
    pub severity: Severity,
    /// As the source wrote the severity.
    pub severity_text: Text,
    /// `service.name`.
    pub service: Text,
    /// `service.version`, or empty.
    pub version: Text,
    /// The node, or empty.
    pub instance: Text,
    /// The event's name, or empty.
    pub event_name: Text,
    /// The message, usually a text.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::AttributeValue))]
    pub body: Value,
    /// What the sender said beside the message.
    pub attributes: Attributes,
    /// What the sender said of its process.
    pub resource: Attributes,
    /// The scope's name.
    pub scope: Text,
    /// The trace that it was written in, where it was in one.
    pub trace_id: Option<TraceId>,
    /// The span that it was written in, where it was in one.
    pub span_id: Option<SpanId>,
}

/// A page of the log search.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogPage {
    /// Newest first.
    pub lines: Vec<LogLine>,
    /// Where the next page begins ([`crate::query::LogQuery::before_ns`]), where there may be more.
    #[serde(with = "crate::whole::optional")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, pattern = "^[0-9]+$"))]
    pub next_before_ns: Option<UnixNanos>,
    /// Whether the search stopped at its bound of candidates before the range was exhausted.
    pub truncated: bool,
}

/// What the filters of a search can be chosen from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Choices {
    /// Services heard of, by name, with how they are now.
    pub services: Vec<(Text, Health)>,
    /// Operations of the chosen service, by name; of all where none is chosen, at most 500.
    pub operations: Vec<Text>,
}

/// What the live stream sends: which kind of truth changed, and a number that grows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveEvent {
    /// What changed: `telemetry` for now.
    pub topic: Text,
    /// Grows with every change.
    pub revision: u64,
}
