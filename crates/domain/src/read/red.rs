//! Rate, errors and duration, and their course over a range.

use serde::{Deserialize, Serialize};

use crate::rollup::Counts;
use crate::telemetry::UnixNanos;

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
