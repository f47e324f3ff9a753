//! The bounds of what waits and how long.

use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use super::{parse_bytes, parse_length};

/// The bounds of what waits and how long.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitSettings {
    /// The largest OTLP request on the wire
    #[arg(long, env = "POINTSMAN_MAX_BODY", default_value = "16MiB", value_parser = parse_bytes, value_name = "SIZE")]
    pub max_body: usize,

    /// The largest OTLP request after decompression
    #[arg(long, env = "POINTSMAN_MAX_DECOMPRESSED", default_value = "64MiB", value_parser = parse_bytes, value_name = "SIZE")]
    pub max_decompressed: usize,

    /// The most that all OTLP requests together hold while they wait to be stored; more is refused, retryably
    #[arg(long, env = "POINTSMAN_MAX_IN_FLIGHT", default_value = "256MiB", value_parser = parse_bytes, value_name = "SIZE")]
    pub max_in_flight: usize,

    /// How many workers turn the journal into what is shown (0: other replicas do)
    #[arg(long, env = "POINTSMAN_WORKERS", default_value_t = 2, value_name = "N")]
    pub workers: usize,

    /// The most that may wait in the journal for workers, compressed as on disk; more is refused, retryably
    #[arg(long, env = "POINTSMAN_JOURNAL_MAX_BYTES", default_value = "4GiB", value_parser = parse_bytes, value_name = "SIZE")]
    pub journal_max_bytes: usize,

    /// How long the oldest in the journal may wait for workers before more is refused, retryably
    #[arg(long, env = "POINTSMAN_JOURNAL_MAX_AGE", default_value = "1d", value_parser = parse_length, value_name = "TIME")]
    pub journal_max_age: Duration,

    /// Free disk under which telemetry is refused, retryably, so that room is left to work off what waits (private PostgreSQL only; 0: any)
    #[arg(long, env = "POINTSMAN_MIN_FREE_DISK", default_value = "1GiB", value_parser = parse_bytes, value_name = "SIZE")]
    pub min_free_disk: usize,

    /// How often what has expired is dropped; more often only where a test is in a hurry
    #[arg(long, hide = true, env = "POINTSMAN_KEEP_EVERY", default_value = "60s", value_parser = parse_length, value_name = "TIME")]
    pub keep_every: Duration,

    /// How long to wait at the end for what is under way: requests, and steps of the loops
    #[arg(long, env = "POINTSMAN_DRAIN", default_value = "10s", value_parser = parse_length, value_name = "TIME")]
    pub drain: Duration,
}

impl LimitSettings {
    /// Errors: bounds that exclude each other or would refuse everything.
    pub fn check(&self) -> Result<()> {
        if self.max_body < 1 << 10 {
            bail!("--max-body is {} bytes; give at least 1KiB", self.max_body);
        }
        if self.max_decompressed < self.max_body {
            bail!("--max-decompressed is under --max-body; it must be at least that");
        }
        if self.max_in_flight < self.max_decompressed {
            bail!("--max-in-flight is under --max-decompressed; the largest request must fit");
        }
        if self.max_decompressed > 1 << 30 {
            bail!("--max-decompressed is over 1GiB; the largest request must fit in memory several times");
        }
        if self.journal_max_bytes < 1 << 20 {
            bail!(
                "--journal-max-bytes is {} bytes; give at least 1MiB",
                self.journal_max_bytes
            );
        }
        if self.journal_max_age < Duration::from_secs(10) {
            bail!("--journal-max-age is under 10s; workers need a moment for what arrives");
        }
        if self.workers > 64 {
            bail!("--workers is {}; give 0 to 64", self.workers);
        }
        if self.drain > Duration::from_secs(600) {
            bail!("--drain is over 10m; whoever stops the server waits that long");
        }
        Ok(())
    }
}
