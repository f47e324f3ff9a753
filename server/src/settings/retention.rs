//! How long what is kept.

use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;
use pointsman_store::Retention;

use super::parse_length;

/// How long what is kept.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Retention")]
pub struct RetentionSettings {
    /// Spans and logs; older ones are not accepted either
    #[arg(long, env = "POINTSMAN_RETENTION", default_value = "7d", value_parser = parse_length, value_name = "TIME")]
    pub retention: Duration,

    /// Figures by the minute
    #[arg(long, env = "POINTSMAN_RETENTION_MINUTES", default_value = "30d", value_parser = parse_length, value_name = "TIME")]
    pub retention_minutes: Duration,

    /// Figures by the hour
    #[arg(long, env = "POINTSMAN_RETENTION_HOURS", default_value = "400d", value_parser = parse_length, value_name = "TIME")]
    pub retention_hours: Duration,
}

impl RetentionSettings {
    /// Errors: a time that is too short or too long, or figures that are kept shorter than what is finer.
    pub fn check(&self) -> Result<()> {
        let longest = Duration::from_secs(3660 * 86_400);
        for (flag, time) in [
            ("--retention", self.retention),
            ("--retention-minutes", self.retention_minutes),
            ("--retention-hours", self.retention_hours),
        ] {
            if time < Duration::from_secs(3600) || time > longest {
                bail!("{flag} must be an hour at least and 3660d at most");
            }
        }
        if self.retention_hours < self.retention_minutes {
            bail!("--retention-hours must be at least --retention-minutes: longer ranges are drawn from hours");
        }
        Ok(())
    }

    /// As the store takes it.
    pub fn store(&self) -> Retention {
        Retention {
            telemetry: self.retention,
            rollup_minute: self.retention_minutes,
            rollup_hour: self.retention_hours,
        }
    }
}
