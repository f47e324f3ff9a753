//! The worker's side: fragments of the current slot, and the halves that lie in all slots.

use std::collections::HashMap;

use pointsman_domain::ids::TraceId;
use pointsman_domain::segment::{Half, LogFragment, TraceFragment};
use pointsman_domain::telemetry::UnixNanos;

use super::row::{self, Slot};
use super::slot;
use crate::codec;
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
    halves(tx, traces, None).await
}

/// The halves that *other* slots, not yet compacted, hold of these traces: for settling what is unpaired in this one.
pub async fn halves_elsewhere(
    conn: &mut crate::Connection,
    traces: &[TraceId],
    slot: Slot,
) -> Result<HashMap<TraceId, Vec<Half>>, StoreError> {
    halves(conn, traces, Some(slot)).await
}

async fn halves(
    conn: &mut crate::Connection,
    traces: &[TraceId],
    except: Option<Slot>,
) -> Result<HashMap<TraceId, Vec<Half>>, StoreError> {
    let ids: Vec<Vec<u8>> = traces.iter().map(|id| id.bytes().to_vec()).collect();
    let rows = sqlx::query!(
        "SELECT trace_id, halves FROM span_fragment
        WHERE trace_id = ANY($1) AND slot IN (SELECT slot FROM slot WHERE compacted_ns IS NULL)
            AND ($2::bigint IS NULL OR slot <> $2)",
        &ids,
        except.map(|slot| slot.0)
    )
    .fetch_all(conn)
    .await?;
    let mut known: HashMap<TraceId, Vec<Half>> = HashMap::new();
    for row in rows {
        let halves: Vec<Half> = codec::from_plain(&row.halves)?;
        known.entry(row::trace_id(&row.trace_id)?).or_default().extend(halves);
    }
    Ok(known)
}

/// Writes fragments into the slot of this moment.
pub async fn write_fragments(tx: &mut Tx, now_ns: UnixNanos, fragments: &[TraceFragment]) -> Result<(), StoreError> {
    if fragments.is_empty() {
        return Ok(());
    }
    let slot = slot::open(tx, Slot::at(now_ns)).await?;
    let rows = row::trace_rows(Some(slot), &fragments.iter().collect::<Vec<_>>())?;
    let columns = "span_fragment (trace_id, start_ns, end_ns, max_duration_ns, spans, errors, terms, terms_cut, payload, \
                   halves, slot)";
    rows.copy(tx, columns).await
}

/// Writes log records into the slot of this moment.
pub async fn write_logs(tx: &mut Tx, now_ns: UnixNanos, fragments: &[LogFragment]) -> Result<(), StoreError> {
    if fragments.is_empty() {
        return Ok(());
    }
    let slot = slot::open(tx, Slot::at(now_ns)).await?;
    let rows = row::log_rows(Some(slot), &fragments.iter().collect::<Vec<_>>())?;
    let columns = "log_fragment (service, start_ns, end_ns, max_severity, records, terms, terms_cut, payload, slot)";
    rows.copy(tx, columns).await
}
