//! Where the time comes from: the machine, or a test that sets it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use pointsman_domain::telemetry::UnixNanos;

/// What tells the use cases and the loops the time.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicU64>>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until it is [set](Clock::set). Clones of it are the same clock.
    pub fn fixed(now_ns: UnixNanos) -> Self {
        Self(Some(Arc::new(AtomicU64::new(now_ns))))
    }

    /// Sets a fixed clock and all its clones; the machine's clock stays as it is.
    pub fn set(&self, now_ns: UnixNanos) {
        if let Some(fixed) = &self.0 {
            fixed.store(now_ns, Ordering::SeqCst);
        }
    }

    /// Now, in nanoseconds since the Unix epoch.
    pub fn now_ns(&self) -> UnixNanos {
        match &self.0 {
            Some(fixed) => fixed.load(Ordering::SeqCst),
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| since.as_nanos() as u64),
        }
    }
}
