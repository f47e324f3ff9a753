//! From where on something counts as degraded or failing.

use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;
use pointsman_domain::health::Thresholds;

use super::parse_length;

/// From where on something counts as degraded or failing.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Health")]
pub struct HealthSettings {
    /// Degraded from this share of failed requests on (0 to 1)
    #[arg(
        long,
        env = "POINTSMAN_DEGRADED_ERROR_RATIO",
        default_value_t = 0.01,
        value_name = "RATIO"
    )]
    pub degraded_error_ratio: f64,

    /// Failing from this share of failed requests on (0 to 1)
    #[arg(
        long,
        env = "POINTSMAN_FAILING_ERROR_RATIO",
        default_value_t = 0.05,
        value_name = "RATIO"
    )]
    pub failing_error_ratio: f64,

    /// Fewer errors than this are no verdict
    #[arg(long, env = "POINTSMAN_MIN_ERRORS", default_value_t = 3, value_name = "N")]
    pub min_errors: u64,

    /// Degraded from this 95th percentile of latency on
    #[arg(long, env = "POINTSMAN_DEGRADED_P95", default_value = "1s", value_parser = parse_length, value_name = "TIME")]
    pub degraded_p95: Duration,

    /// Failing from this 95th percentile of latency on
    #[arg(long, env = "POINTSMAN_FAILING_P95", default_value = "5s", value_parser = parse_length, value_name = "TIME")]
    pub failing_p95: Duration,

    /// Fewer requests than this are no verdict on latency
    #[arg(long, env = "POINTSMAN_MIN_REQUESTS", default_value_t = 10, value_name = "N")]
    pub min_requests: u64,
}

impl HealthSettings {
    /// Errors: a ratio outside 0 to 1, or a failing bound under its degraded one.
    pub fn check(&self) -> Result<()> {
        for (flag, ratio) in [
            ("--degraded-error-ratio", self.degraded_error_ratio),
            ("--failing-error-ratio", self.failing_error_ratio),
        ] {
            if !(ratio > 0.0 && ratio <= 1.0) {
                bail!("{flag} is {ratio}; give a share over 0 and up to 1");
            }
        }
        if self.failing_error_ratio < self.degraded_error_ratio {
            bail!("--failing-error-ratio is under --degraded-error-ratio; it must be at least that");
        }
        if self.failing_p95 < self.degraded_p95 || self.degraded_p95.is_zero() {
            bail!("--failing-p95 must be at least --degraded-p95, and that more than 0");
        }
        Ok(())
    }

    /// As the rules take it.
    pub fn thresholds(&self) -> Thresholds {
        Thresholds {
            degraded_error_ratio: self.degraded_error_ratio,
            failing_error_ratio: self.failing_error_ratio,
            min_errors: self.min_errors,
            degraded_p95_ns: self.degraded_p95.as_nanos() as u64,
            failing_p95_ns: self.failing_p95.as_nanos() as u64,
            min_requests: self.min_requests,
        }
    }
}
