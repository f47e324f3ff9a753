//! What is counted, and by what: windows, series, edges, node errors.
//!
//! A [`Delta`] is what a worker adds for the telemetry it took from the journal. Deltas only ever add up: readers
//! sum them, a background merge folds them together, and a late span corrects the figures of its own window.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::histogram::Histogram;
use crate::ids::{SpanId, TraceId};
use crate::telemetry::{SpanKind, UnixNanos};

/// One second, in nanoseconds.
pub const SECOND_NS: u64 = 1_000_000_000;

/// How long a window of a rollup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Resolution {
    /// 10 s.
    TenSeconds,
    /// 1 min.
    Minute,
    /// 1 h.
    Hour,
}

impl Resolution {
    /// All three, finest first.
    pub const ALL: [Self; 3] = [Self::TenSeconds, Self::Minute, Self::Hour];

    /// The window's length in nanoseconds.
    pub fn ns(self) -> u64 {
        SECOND_NS
            * match self {
                Self::TenSeconds => 10,
                Self::Minute => 60,
                Self::Hour => 3600,
            }
    }

    /// The start of the window that holds this moment.
    pub fn floor(self, at: UnixNanos) -> UnixNanos {
        at - at % self.ns()
    }

    /// The finest resolution that covers a range of this length in at most 200 windows or so: 10 s up to 15 min, 1 min up
    /// to 6 h, 1 h beyond.
    pub fn for_range(range_ns: u64) -> Self {
        match range_ns / SECOND_NS {
            0..=900 => Self::TenSeconds,
            901..=21_600 => Self::Minute,
            _ => Self::Hour,
        }
    }
}

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeriesKey {
    /// `service.name`.
    pub service: Text,
    /// `service.version`, or empty.
    pub version: Text,
    /// `service.instance.id` or what stands for it ([`crate::telemetry::Resource::new`]), or empty.
    pub instance: Text,
    /// The span's name; `(other operations)` beyond the bound on names per service.
    pub operation: Text,
    /// Server, consumer and internal roots are requests served; client and producer are calls made.
    pub kind: SpanKind,
}

impl SeriesKey {
    /// Whether these are requests served rather than calls made.
    pub fn is_served(&self) -> bool {
        self.kind.is_served()
    }
}

/// Requests (or calls), the errors among them, and their latencies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Requests (or calls).
    pub requests: u64,
    /// Those of them that were errors.
    pub errors: u64,
    /// The sum of their durations in nanoseconds.
    pub duration_sum_ns: u64,
    /// Their durations, by bucket.
    pub latency: Histogram,
}

impl Counts {
    /// Counts one request.
    pub fn record(&mut self, duration_ns: u64, error: bool) {
        self.requests += 1;
        self.errors += u64::from(error);
        self.duration_sum_ns = self.duration_sum_ns.saturating_add(duration_ns);
        self.latency.record(duration_ns);
    }

    /// Adds everything that `other` counted.
    pub fn merge(&mut self, other: &Counts) {
        self.requests += other.requests;
        self.errors += other.errors;
        self.duration_sum_ns = self.duration_sum_ns.saturating_add(other.duration_sum_ns);
        self.latency.merge(&other.latency);
    }
}

/// What a node of the topology is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// A service that sends telemetry itself.
    #[default]
    Service,
    /// A database, known from its callers' spans.
    Database,
    /// A queue or topic.
    Queue,
    /// Any other host that sends no spans.
    External,
}

impl NodeKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Database => "database",
            Self::Queue => "queue",
            Self::External => "external",
        }
    }

    /// A small stable number for storage; [`NodeKind::from_code`] is the way back.
    pub fn code(self) -> i16 {
        self as i16
    }

    /// The kind of a stored number; unknown ones are `External`.
    pub fn from_code(code: i16) -> Self {
        [Self::Service, Self::Database, Self::Queue, Self::External]
            .get(code as usize)
            .copied()
            .unwrap_or(Self::External)
    }
}

/// One end of an edge.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Endpoint {
    /// A service, or what services name as their other end.
    pub kind: NodeKind,
    /// The service's name; `system/name` for databases, e.g. `postgresql/orders`; the destination for queues; the host
    /// for external ones.
    pub name: Text,
    /// The version; empty for all but services.
    pub version: Text,
}

/// Who calls whom. Counted from the caller's side: what the caller waited and what it got, except
/// queue -> consumer, which is the consumer's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EdgeKey {
    /// The caller.
    pub source: Endpoint,
    /// The called.
    pub target: Endpoint,
}

/// Which failure of which node.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NodeErrorKey {
    /// `service.name`.
    pub service: Text,
    /// `service.version`, or empty.
    pub version: Text,
    /// `service.instance.id` or what stands for it ([`crate::telemetry::Resource::new`]), or empty.
    pub instance: Text,
    /// The operation that failed; for log records the scope's name.
    pub operation: Text,
    /// What failed: exception type and message, or status, digits and ids levelled to `#`; at most 200 characters.
    pub error: Text,
    /// Whether a log record (severity ERROR or worse) said so rather than a span.
    pub from_log: bool,
}

/// How often a failure occurred, and traces in which to look at it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NodeErrorCount {
    /// Spans or log records with it.
    pub count: u64,
    /// The end of the last such span, or the time of the last record.
    pub last_ns: UnixNanos,
    /// Up to [`EXAMPLES`] traces in which it can be seen, with the span.
    pub examples: Vec<(TraceId, Option<SpanId>)>,
}

/// How many example traces are kept with an error of a node.
pub const EXAMPLES: usize = 3;

/// One process of one version of one service.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NodeKey {
    /// `service.name`.
    pub service: Text,
    /// `service.version`, or empty.
    pub version: Text,
    /// `service.instance.id` or what stands for it ([`crate::telemetry::Resource::new`]), or empty.
    pub instance: Text,
}

/// What a worker adds for the telemetry it has taken. All windows are those of [`Resolution::TenSeconds`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Delta {
    /// Requests and calls, by the start of the window in which they *ended*.
    pub series: HashMap<(UnixNanos, SeriesKey), Counts>,
    /// Calls between nodes of the topology, by the start of the window in which the caller's span ended.
    pub edges: HashMap<(UnixNanos, EdgeKey), Counts>,
    /// Failures, by the start of the window.
    pub errors: HashMap<(UnixNanos, NodeErrorKey), NodeErrorCount>,
    /// Every process heard of: first and last time of its telemetry.
    pub nodes: HashMap<NodeKey, (UnixNanos, UnixNanos)>,
    /// Client and producer spans that no server or consumer answered to, and that name no peer.
    pub unpaired_clients: u64,
    /// Server and consumer spans whose parent is not among what was received.
    pub unpaired_servers: u64,
}
