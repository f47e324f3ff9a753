//! From when to when telemetry is taken.

use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::telemetry::UnixNanos;

use super::limits::Limits;
use super::rejected::Reason;

const YEAR_NS: u64 = 366 * 86_400 * SECOND_NS;

/// The time of receipt, and what is too old or too new for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// When the request was received.
    pub(super) now_ns: UnixNanos,
    oldest_ns: UnixNanos,
    newest_ns: UnixNanos,
}

impl Window {
    pub(super) fn new(now_ns: UnixNanos, limits: &Limits) -> Self {
        let nanos = |d: std::time::Duration| u64::try_from(d.as_nanos()).unwrap_or(u64::MAX);
        Self {
            now_ns,
            oldest_ns: now_ns.saturating_sub(nanos(limits.retention)),
            newest_ns: now_ns.saturating_add(nanos(limits.future)),
        }
    }

    /// Checks what began and ended so. Its end decides; what took longer than a year says only that a clock was set in between.
    pub(super) fn check(&self, start_ns: UnixNanos, end_ns: UnixNanos) -> Result<(), Reason> {
        if end_ns < self.oldest_ns {
            Err(Reason::TooOld)
        } else if end_ns.saturating_sub(start_ns) > YEAR_NS {
            Err(Reason::TooLong)
        } else if end_ns > self.newest_ns {
            Err(Reason::InFuture)
        } else {
            Ok(())
        }
    }
}
