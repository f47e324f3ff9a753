//! The worker's side: fragments of the current slot.

use std::collections::HashMap;

use pointsman_domain::ids::TraceId;
use pointsman_domain::segment::{Half, LogFragment, TraceFragment};
use pointsman_domain::telemetry::UnixNanos;

use crate::connect::Tx;
use crate::error::StoreError;
use crate::lock::{self, LoopName};

/// Waits until no other worker is between reading halves and its commit, and holds the others off until the transaction ends. So
/// of two halves of a call that are written at once, the later sees the earlier.
pub async fn lock_pairing(tx: &mut Tx) -> Result<(), StoreError> {
    lock::within(tx, LoopName::Pairing).await
}

/// The halves that slots not yet compacted hold of these traces.
pub async fn known_halves(tx: &mut Tx, traces: &[TraceId]) -> Result<HashMap<TraceId, Vec<Half>>, StoreError> {
    let _ = (tx, traces);
    Ok(HashMap::new())
}

/// Writes fragments into the slot of this moment.
pub async fn write_fragments(tx: &mut Tx, now_ns: UnixNanos, fragments: &[TraceFragment]) -> Result<(), StoreError> {
    let _ = (tx, now_ns, fragments);
    Ok(())
}

/// Writes log records into the slot of this moment.
pub async fn write_logs(tx: &mut Tx, now_ns: UnixNanos, fragments: &[LogFragment]) -> Result<(), StoreError> {
    let _ = (tx, now_ns, fragments);
    Ok(())
}
