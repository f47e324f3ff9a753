//! Slots, and fragments as rows.

use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::telemetry::UnixNanos;

/// How long a slot takes in fragments: 30 s.
pub const SLOT_NS: u64 = 30 * SECOND_NS;

/// How long after its end a slot is settled: 30 s.
pub const SLOT_SETTLE_NS: u64 = 30 * SECOND_NS;

/// A small partition of what arrived within [`SLOT_NS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub i64);

impl Slot {
    /// The slot of this moment.
    pub fn at(now_ns: UnixNanos) -> Self {
        Self((now_ns / SLOT_NS) as i64)
    }

    /// Whether nothing is expected to come into it any more.
    pub fn is_settled(self, now_ns: UnixNanos) -> bool {
        (self.0 as u64 + 1) * SLOT_NS + SLOT_SETTLE_NS <= now_ns
    }
}
