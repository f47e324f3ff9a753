//! The machine's clock, as tests have it.

use clap::Args;

/// The machine's clock, as tests have it.
#[derive(Debug, Clone, Args)]
pub struct ClockSettings {
    /// For tests: behave as if the machine's clock were so many seconds ahead (negative: behind). It is in no help: nobody has a use for it
    #[arg(
        long,
        env = "POINTSMAN_CLOCK_OFFSET",
        default_value_t = 0,
        allow_negative_numbers = true,
        hide = true,
        value_name = "SECONDS"
    )]
    pub clock_offset: i64,
}

impl ClockSettings {
    /// The same in nanoseconds.
    pub fn offset_ns(&self) -> i64 {
        self.clock_offset.saturating_mul(1_000_000_000)
    }
}
