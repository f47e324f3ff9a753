//! From when to when telemetry is taken.

use pointsman_domain::telemetry::UnixNanos;

use super::limits::Limits;
use super::rejected::Reason;

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

    /// Checks what ended at this time, however long ago it began.
    pub(super) fn check(&self, end_ns: UnixNanos) -> Result<(), Reason> {
        if end_ns < self.oldest_ns {
            Err(Reason::TooOld)
        } else if end_ns > self.newest_ns {
            Err(Reason::InFuture)
        } else {
            Ok(())
        }
    }
}
