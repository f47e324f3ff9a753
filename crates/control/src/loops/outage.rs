//! How a loop lives through failures: it says once that it began and once that it is over, and waits longer and longer
//! in between.

use std::time::Duration;

use pointsman_domain::backoff::Backoff;
use pointsman_store::StoreError;

use crate::Metrics;

/// How long to wait: so soon after the database a loop is back.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(2));

/// A loop's run of failures.
#[derive(Debug)]
pub(crate) struct Outage {
    name: &'static str,
    metrics: Metrics,
    failures: u32,
}

impl Outage {
    /// No failure yet.
    pub(crate) fn new(name: &'static str, metrics: &Metrics) -> Self {
        Self {
            name,
            metrics: metrics.clone(),
            failures: 0,
        }
    }

    /// Notes a failure; answers how long to wait: doubling up to 2 s, up to a half of it taken off at random, so that loops and replicas
    /// do not come back all at once.
    pub(crate) fn failed(&mut self, error: &StoreError) -> Duration {
        if self.failures == 0 {
            if matches!(error, StoreError::Unavailable(_)) {
                tracing::warn!(loop.name = self.name, error = %error, "the database is gone; trying again until it is back");
            } else {
                tracing::error!(loop.name = self.name, error = %error, "a loop failed; trying again");
            }
        }
        self.wait()
    }

    /// Notes a step that was cut off after so long; answers how long to wait, as after a failure.
    pub(crate) fn late(&mut self, limit: Duration) -> Duration {
        if self.failures == 0 {
            tracing::error!(loop.name = self.name, ?limit, "a step of a loop took too long and was cut off; trying again");
        }
        self.wait()
    }

    fn wait(&mut self) -> Duration {
        self.metrics.failed(self.name);
        self.failures += 1;
        BACKOFF.spread(self.failures, 0.5..=1.0, rand::random())
    }

    /// Notes a success.
    pub(crate) fn over(&mut self) {
        if self.failures > 0 {
            tracing::info!(loop.name = self.name, failures = self.failures, "a loop works again");
            self.failures = 0;
        }
    }
}
