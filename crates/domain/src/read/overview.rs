//! The overview: how every service is, and what needs attention.

use serde::{Deserialize, Serialize};

use super::{PipelineStatus, Red};
use crate::Text;
use crate::health::{Health, HealthVerdict};
use crate::telemetry::UnixNanos;
use crate::time::TimeRange;

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
    pub verdict: HealthVerdict,
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
    pub verdict: HealthVerdict,
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
    pub verdict: HealthVerdict,
    /// Requests that this version served in the range.
    pub red: Red,
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

/// What the filters of a search can be chosen from.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Choices {
    /// Services heard of, by name, with how they are now.
    pub services: Vec<(Text, Health)>,
    /// Operations of the chosen service, by name; of all where none is chosen, at most 500.
    pub operations: Vec<Text>,
}
