//! The worker's side: fragments of the current slot, and the halves that lie in it and in those shortly before.

use std::collections::HashMap;

use pointsman_domain::ids::TraceId;
use pointsman_domain::segment::{Half, LogFragment, TraceFragment};
use pointsman_domain::telemetry::UnixNanos;

use super::row::{self, SLOT_NS, Slot};
use super::slot;
use crate::connect::Tx;
use crate::error::StoreError;
use crate::lock::{self, LoopName};

/// Waits until no other worker is between reading halves and its commit, and holds the others off until the transaction ends. So
/// of two halves of a call that are written at once, the later sees the earlier.
pub async fn lock_pairing(tx: &mut Tx) -> Result<(), StoreError> {
    lock::within(tx, LoopName::Pairing).await
}

/// How many bytes of a trace's halves are read, the newest: some ten thousand halves. What is before that in an endless trace finds no
/// partner, and is not known again where it is repeated.
const MAX_HALF_BYTES: i64 = 1 << 20;

/// What the slots hold of some traces.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KnownHalves {
    /// The halves by trace.
    pub halves: HashMap<TraceId, Vec<Half>>,
    /// The start of the slot that what is paired with them must be written into ([`write_fragments`]), whatever the clock says: it is
    /// open until the transaction ends, and whichever of the two settles first finds the other.
    pub not_before_ns: UnixNanos,
}

/// The halves of these traces that lie near enough to the slot of this moment to be paired with what is written into it: in that slot and the two
/// before it, and in later ones, which clocks that differ make. How long this takes goes by the number of traces, not by what the slots hold.
pub async fn known_halves(tx: &mut Tx, now_ns: UnixNanos, traces: &[TraceId]) -> Result<KnownHalves, StoreError> {
    let wanted = slot::open(tx, Slot::at(now_ns)).await?;
    let live = slot::live(tx).await?;
    let near: Vec<Slot> = live
        .into_iter()
        .filter(|slot| slot >= wanted.partners().start())
        .collect();
    let rows = halves(tx, traces, &near).await?;
    let newest = rows
        .iter()
        .map(|row| row.slot)
        .max()
        .map_or(wanted, |newest| newest.max(wanted));
    let slot = if newest > wanted {
        slot::open(tx, newest).await?
    } else {
        wanted
    };
    Ok(KnownHalves {
        halves: by_trace(rows.into_iter().filter(|row| slot.partners().contains(&row.slot))),
        not_before_ns: slot.0 as u64 * SLOT_NS,
    })
}

/// The halves that *other* slots, not yet compacted, hold of these traces and that may have been paired with those in this slot: for settling
/// what is unpaired in it.
pub async fn halves_elsewhere(
    conn: &mut crate::Connection,
    traces: &[TraceId],
    slot: Slot,
) -> Result<HashMap<TraceId, Vec<Half>>, StoreError> {
    let live = slot::live(conn).await?;
    let partners = slot.partners();
    let near: Vec<Slot> = live
        .into_iter()
        .filter(|other| *other != slot && partners.contains(other))
        .collect();
    Ok(by_trace(halves(conn, traces, &near).await?))
}

struct Known {
    trace_id: TraceId,
    slot: Slot,
    halves: Vec<Half>,
}

fn by_trace(rows: impl IntoIterator<Item = Known>) -> HashMap<TraceId, Vec<Half>> {
    let mut traces: HashMap<TraceId, Vec<Half>> = HashMap::new();
    for row in rows {
        traces.entry(row.trace_id).or_default().extend(row.halves);
    }
    traces
}

/// The halves of traces in these slots. Each trace is looked up by itself, in the index of each slot: a join would be planned as a reading
/// of whole slots where the traces are many.
async fn halves(conn: &mut crate::Connection, traces: &[TraceId], slots: &[Slot]) -> Result<Vec<Known>, StoreError> {
    if slots.is_empty() {
        return Ok(Vec::new());
    }
    // In the order of the indexes, so that neighbours are looked up one after the other.
    let mut ids: Vec<Vec<u8>> = traces.iter().map(|id| id.bytes().to_vec()).collect();
    ids.sort_unstable();
    ids.dedup();
    let slots: Vec<i64> = slots.iter().map(|slot| slot.0).collect();
    let rows = sqlx::query!(
        r#"SELECT wanted.trace_id AS "trace_id!", found.slot AS "slot!", found.halves AS "halves!"
        FROM unnest($1::bytea[]) AS wanted (trace_id)
        CROSS JOIN LATERAL (
            SELECT slot, halves, sum(octet_length(halves)) OVER (
                ORDER BY slot DESC, start_ns DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS newer
            FROM span_fragment AS fragment
            WHERE fragment.trace_id = wanted.trace_id AND slot = ANY ($2)
        ) AS found
        WHERE coalesce(found.newer, 0) < $3"#,
        &ids,
        &slots,
        MAX_HALF_BYTES
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Known {
                trace_id: row::trace_id(&row.trace_id)?,
                slot: Slot(row.slot),
                halves: row::read_halves(&row.halves)?,
            })
        })
        .collect()
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
