//! What holds for the calls to a version: circuit breaker, outlier detection, failover. In Envoy it stands with the cluster.

use serde::{Deserialize, Serialize};

use crate::{Percent, Version};

/// What holds for the calls to a version, whichever rule led there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VersionPolicy {
    /// Which; without one, those that have no policy of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// How much is in flight at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circuit_breakers: Option<CircuitBreakers>,
    /// When a node is left out for a while.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlier_detection: Option<OutlierDetection>,
    /// Where requests go when the version has no usable node: these versions, in order, at most 5.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failover: Vec<Version>,
}

/// How much one client has in flight to a version at most; what is over it fails at once. Each 1 to 1,000,000; Envoy's defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CircuitBreakers {
    /// Connections: 1,024.
    pub max_connections: u32,
    /// Requests that wait for a connection: 1,024.
    pub max_pending_requests: u32,
    /// Requests in flight: 1,024.
    pub max_requests: u32,
    /// Retries in flight: 3. Without meaning where there is a budget.
    pub max_retries: u32,
    /// Retries as a share of what is in flight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_budget: Option<RetryBudget>,
}

/// Retries as a share of what is in flight, so that they can't multiply an outage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetryBudget {
    /// Retries in flight against all requests in flight: 20 %.
    pub budget_percent: Percent,
    /// So many are allowed whatever the share: 3.
    pub min_retry_concurrency: u32,
}

/// When a node is left out for a while. Envoy's names and defaults; [gRPC A50](https://github.com/grpc/proposal/blob/master/A50-xds-outlier-detection.md) knows all but the first two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutlierDetection {
    /// After so many server errors (5xx, or no answer) in a row: 1 to 1,000; 5. `null` is never.
    pub consecutive_5xx: Option<u32>,
    /// After so many 502, 503 or 504 in a row: 1 to 1,000; never.
    pub consecutive_gateway_failure: Option<u32>,
    /// How often is looked, in milliseconds: 100 to an hour; 10,000.
    pub interval_ms: u32,
    /// How long a node is left out the first time, in milliseconds, and again as long for each time after: 1 to an hour; 30,000.
    pub base_ejection_time_ms: u32,
    /// The longest that a node is left out, in milliseconds, not less than the first time: up to a day; 300,000.
    pub max_ejection_time_ms: u32,
    /// How many of the nodes are left out at once at most; 10 %.
    pub max_ejection_percent: Percent,
    /// Leave out who succeeds less than the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_rate: Option<SuccessRate>,
    /// Leave out who fails more than a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_percentage: Option<FailurePercentage>,
}

/// Leave out a node whose success rate lies under the mean of all less `stdev_factor / 1000` standard deviations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SuccessRate {
    /// In thousandths: 1 to 100,000; 1,900 is 1.9 standard deviations.
    pub stdev_factor: u32,
    /// How often it is done when it holds; 100 %.
    pub enforcing: Percent,
    /// Only with so many nodes: 1 to 1,000; 5.
    pub minimum_hosts: u32,
    /// Only nodes with so many requests in the interval: 1 to 1,000,000; 100.
    pub request_volume: u32,
}

/// Leave out a node that fails more of its requests than `threshold`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FailurePercentage {
    /// Of its requests; 85 %.
    pub threshold: Percent,
    /// How often it is done when it holds; 100 %.
    pub enforcing: Percent,
    /// Only with so many nodes: 1 to 1,000; 5.
    pub minimum_hosts: u32,
    /// Only nodes with so many requests in the interval: 1 to 1,000,000; 50.
    pub request_volume: u32,
}

fn percent(parts: u16) -> Percent {
    Percent::from_parts(parts).unwrap_or_default()
}

impl Default for CircuitBreakers {
    fn default() -> Self {
        Self {
            max_connections: 1_024,
            max_pending_requests: 1_024,
            max_requests: 1_024,
            max_retries: 3,
            retry_budget: None,
        }
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            budget_percent: percent(2_000),
            min_retry_concurrency: 3,
        }
    }
}

impl Default for OutlierDetection {
    fn default() -> Self {
        Self {
            consecutive_5xx: Some(5),
            consecutive_gateway_failure: None,
            interval_ms: 10_000,
            base_ejection_time_ms: 30_000,
            max_ejection_time_ms: 300_000,
            max_ejection_percent: percent(1_000),
            success_rate: None,
            failure_percentage: None,
        }
    }
}

impl Default for SuccessRate {
    fn default() -> Self {
        Self {
            stdev_factor: 1_900,
            enforcing: Percent::HUNDRED,
            minimum_hosts: 5,
            request_volume: 100,
        }
    }
}

impl Default for FailurePercentage {
    fn default() -> Self {
        Self {
            threshold: percent(8_500),
            enforcing: Percent::HUNDRED,
            minimum_hosts: 5,
            request_volume: 50,
        }
    }
}
