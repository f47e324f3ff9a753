//! The compactor's side: a settled slot is read whole, written as segments, marked in the same transaction, dropped after.

use std::collections::HashMap;

use pointsman_domain::ids::TraceId;
use pointsman_domain::segment::{Half, LogFragment, TraceFragment};
use pointsman_domain::telemetry::UnixNanos;

use crate::connect::{Store, Tx};
use crate::error::StoreError;
use crate::segment::row::Slot;

/// The slots that are settled and not yet compacted, oldest first.
pub async fn settled_slots(conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<Vec<Slot>, StoreError> {
    let _ = (conn, now_ns);
    Ok(Vec::new())
}

/// Closes the slot to writers: waits for those that are under way, until the transaction ends. Must be the first of a
/// compaction. False where the slot is compacted already.
pub async fn lock_slot(tx: &mut Tx, slot: Slot) -> Result<bool, StoreError> {
    let _ = (tx, slot);
    Ok(false)
}

/// The fragments of a slot in order of trace id, all of a trace together: those after the trace `after`, about `rows` of
/// them. None left: empty.
pub async fn read_slot_traces(
    conn: &mut crate::Connection,
    slot: Slot,
    after: Option<TraceId>,
    rows: u32,
) -> Result<Vec<TraceFragment>, StoreError> {
    let _ = (conn, slot, after, rows);
    Ok(Vec::new())
}

/// Where reading a slot's log records goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogCursor {
    service: String,
    id: i64,
}

/// The log records of a slot in order of service: at most `rows` fragments from `after` on, and where to go on; `None`
/// when all are read.
pub async fn read_slot_logs(
    conn: &mut crate::Connection,
    slot: Slot,
    after: Option<&LogCursor>,
    rows: u32,
) -> Result<(Vec<LogFragment>, Option<LogCursor>), StoreError> {
    let _ = (conn, slot, after, rows);
    Ok((Vec::new(), None))
}

/// The halves that *other* slots, not yet compacted, hold of these traces: for settling what is unpaired in this one.
pub async fn halves_elsewhere(
    conn: &mut crate::Connection,
    traces: &[TraceId],
    slot: Slot,
) -> Result<HashMap<TraceId, Vec<Half>>, StoreError> {
    let _ = (conn, traces, slot);
    Ok(HashMap::new())
}

/// Writes segments, sorted by start. May be called several times in a compaction.
pub async fn write_segments(tx: &mut Tx, segments: &[TraceFragment]) -> Result<(), StoreError> {
    let _ = (tx, segments);
    Ok(())
}

/// Writes log segments, sorted by start. May be called several times in a compaction.
pub async fn write_log_segments(tx: &mut Tx, segments: &[LogFragment]) -> Result<(), StoreError> {
    let _ = (tx, segments);
    Ok(())
}

/// From the commit on readers leave the slot out.
pub async fn mark_compacted(tx: &mut Tx, slot: Slot, now_ns: UnixNanos) -> Result<(), StoreError> {
    let _ = (tx, slot, now_ns);
    Ok(())
}

/// Drops the partitions of compacted slots; what cannot be dropped now is dropped at the next call. Answers how many.
pub async fn drop_compacted(store: &Store) -> Result<u32, StoreError> {
    let _ = store;
    Ok(0)
}
