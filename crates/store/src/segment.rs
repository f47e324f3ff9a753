//! Spans by trace and log records by service: fresh ones as fragments in hot slots, settled ones as segments.

mod compact;
mod hot;
mod row;

pub use compact::{
    LogCursor, drop_compacted, halves_elsewhere, lock_slot, mark_compacted, read_slot_logs, read_slot_traces,
    settled_slots, write_log_segments, write_segments,
};
pub use hot::{known_halves, lock_pairing, write_fragments, write_logs};
pub use row::{SLOT_NS, SLOT_SETTLE_NS, Slot};
