//! Health from figures: the same rule for a node, a version, a service and an edge; the worst part wins.
//!
//! The rule, with its default [`Thresholds`]: failing from 5 % errors, degraded from 1 %, or where the 95th percentile of latency reaches
//! 5 s or 1 s. Errors count only from [`Thresholds::min_errors`] on, so that one failure in three requests
//! does not turn a node red. Nothing measured is [`Health::NoTraffic`], which is neither healthy nor failing.

use serde::{Deserialize, Serialize};

use crate::rollup::Counts;

/// How a part of the system is. Ordered: a greater one is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Nothing was measured in the window.
    #[default]
    NoTraffic,
    /// Within all thresholds.
    Healthy,
    /// Over a lower threshold.
    Degraded,
    /// Over an upper threshold.
    Failing,
}

impl Health {
    /// The word for it on a page.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoTraffic => "no traffic",
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
        }
    }

    /// The worst of several; no traffic where there are none.
    pub fn worst(parts: impl IntoIterator<Item = Health>) -> Health {
        parts.into_iter().max().unwrap_or_default()
    }
}

/// From where on something is degraded or failing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Share of requests (0 to 1) that are errors.
    pub degraded_error_ratio: f64,
    /// Share of requests (0 to 1) that are errors.
    pub failing_error_ratio: f64,
    /// Fewer errors than this are no verdict.
    pub min_errors: u64,
    /// 95th percentile of latency in nanoseconds.
    pub degraded_p95_ns: u64,
    /// 95th percentile of latency in nanoseconds.
    pub failing_p95_ns: u64,
    /// Fewer requests than this are no verdict on latency.
    pub min_requests: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            degraded_error_ratio: 0.01,
            failing_error_ratio: 0.05,
            min_errors: 3,
            degraded_p95_ns: 1_000_000_000,
            failing_p95_ns: 5_000_000_000,
            min_requests: 10,
        }
    }
}

/// Why something is not healthy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = HealthCause))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Its share of errors.
    Errors,
    /// Its latency.
    Latency,
}

/// A verdict and what led to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = HealthVerdict))]
pub struct HealthVerdict {
    /// The worse of what its errors and its latency say.
    pub health: Health,
    /// What made it so; errors where both do equally. None where it is healthy or without traffic.
    pub cause: Option<Cause>,
}

/// Judges the figures of one part.
pub fn judge(counts: &Counts, thresholds: &Thresholds) -> HealthVerdict {
    if counts.requests == 0 {
        return HealthVerdict::default();
    }
    let ratio = counts.errors as f64 / counts.requests as f64;
    let by_errors = if counts.errors < thresholds.min_errors {
        Health::Healthy
    } else if ratio >= thresholds.failing_error_ratio {
        Health::Failing
    } else if ratio >= thresholds.degraded_error_ratio {
        Health::Degraded
    } else {
        Health::Healthy
    };
    let p95 = if counts.requests < thresholds.min_requests {
        None
    } else {
        counts.latency.quantile(0.95)
    };
    let by_latency = match p95 {
        Some(p95) if p95 >= thresholds.failing_p95_ns => Health::Failing,
        Some(p95) if p95 >= thresholds.degraded_p95_ns => Health::Degraded,
        _ => Health::Healthy,
    };
    let health = by_errors.max(by_latency);
    let cause = match health {
        Health::Degraded | Health::Failing if by_errors >= by_latency => Some(Cause::Errors),
        Health::Degraded | Health::Failing => Some(Cause::Latency),
        _ => None,
    };
    HealthVerdict { health, cause }
}
