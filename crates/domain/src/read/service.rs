//! One service: its operations, its nodes, its neighbours.

use serde::{Deserialize, Serialize};

use super::{Red, Series, ServiceSummary, TopologyEdge};
use crate::Text;
use crate::health::HealthVerdict;
use crate::histogram::Histogram;
use crate::rollup::{NodeErrorCount, NodeErrorKey, NodeKey};
use crate::telemetry::{SpanKind, UnixNanos};
use crate::time::TimeRange;

/// One operation of a service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperationSummary {
    /// The name of the operation's spans.
    pub name: Text,
    /// Requests served, or calls made.
    pub kind: SpanKind,
    /// By the requests or calls of this operation.
    pub verdict: HealthVerdict,
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
    pub verdict: HealthVerdict,
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
    pub upstream: Vec<TopologyEdge>,
    /// The edges that lead from it: what it calls.
    pub downstream: Vec<TopologyEdge>,
}
