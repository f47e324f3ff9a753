//! The topology: nodes, and edges between them.

use serde::{Deserialize, Serialize};

use super::{PipelineStatus, Red, VersionSummary};
use crate::Text;
use crate::health::HealthVerdict;
use crate::rollup::Endpoint;
use crate::time::TimeRange;

/// A node of the topology: a service, a database, a queue or an external host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopologyNode {
    /// What it is; `version` empty: versions of a service are one node.
    pub endpoint: Endpoint,
    /// How it is; for databases, queues and hosts judged by the edges that lead to it.
    pub verdict: HealthVerdict,
    /// Requests served; for databases, queues and hosts the sum of the edges that lead to it.
    pub red: Red,
    /// Versions, for services.
    pub versions: Vec<VersionSummary>,
    /// Nodes heard of in the range, for services.
    pub nodes: u32,
}

/// An edge of the topology: the calls from one node to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopologyEdge {
    /// The caller; `version` empty.
    pub source: Endpoint,
    /// The called; `version` empty.
    pub target: Endpoint,
    /// By the calls of this edge.
    pub verdict: HealthVerdict,
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
    pub nodes: Vec<TopologyNode>,
    /// By source, then target.
    pub edges: Vec<TopologyEdge>,
    /// Calls to nobody known, since the server started counting; see [`crate::rollup::Delta::unpaired_clients`].
    pub unpaired_clients: u64,
    /// Requests from nobody known; see [`crate::rollup::Delta::unpaired_servers`].
    pub unpaired_servers: u64,
    /// How far the figures lag behind.
    pub status: PipelineStatus,
}
