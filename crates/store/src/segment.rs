//! Spans by trace and log records by service: fresh ones as fragments in hot slots, settled ones as segments.
//!
//! A slot takes in what arrives within [`SLOT_NS`]. Writers open it with a shared lock of its row, the compactor closes it with an
//! exclusive one, so nothing can come into a slot that was read for compaction.

mod compact;
mod hot;
mod row;
mod slot;

pub use compact::{
    LogCursor, lock_slot, mark_compacted, read_slot_logs, read_slot_traces, settled_slots, write_log_segments,
    write_segments,
};
pub use hot::{KnownHalves, halves_elsewhere, known_halves, lock_pairing, write_fragments, write_logs};
pub use row::{SLOT_NS, SLOT_SETTLE_NS, Slot};
pub use slot::drop_compacted;

pub(crate) use row::trace_id;
pub(crate) use slot::live;
