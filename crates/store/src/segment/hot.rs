//! The worker's side: fragments of the current slot, and the halves that lie in all slots.

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
    /// The start of the newest slot that any of them is in. What is paired with them must not be written into an older one
    /// ([`write_fragments`]), whatever the clock says: the slot that settles first finds the other still there.
    pub not_before_ns: UnixNanos,
}

/// The halves that slots not yet compacted hold of these traces.
pub async fn known_halves(tx: &mut Tx, traces: &[TraceId]) -> Result<KnownHalves, StoreError> {
    halves(tx, traces, None).await
}

/// The halves that *other* slots, not yet compacted, hold of these traces: for settling what is unpaired in this one.
pub async fn halves_elsewhere(
    conn: &mut crate::Connection,
    traces: &[TraceId],
    slot: Slot,
) -> Result<HashMap<TraceId, Vec<Half>>, StoreError> {
    Ok(halves(conn, traces, Some(slot)).await?.halves)
}

async fn halves(
    conn: &mut crate::Connection,
    traces: &[TraceId],
    except: Option<Slot>,
) -> Result<KnownHalves, StoreError> {
    let ids: Vec<Vec<u8>> = traces.iter().map(|id| id.bytes().to_vec()).collect();
    let rows = sqlx::query!(
        r#"SELECT trace_id AS "trace_id!", slot AS "slot!", halves AS "halves!" FROM (
            SELECT trace_id, slot, halves, sum(octet_length(halves)) OVER (
                PARTITION BY trace_id ORDER BY slot DESC, start_ns DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS newer
            FROM span_fragment
            WHERE trace_id = ANY($1) AND slot IN (SELECT slot FROM slot WHERE compacted_ns IS NULL)
                AND ($2::bigint IS NULL OR slot <> $2)
        ) AS fragments
        WHERE coalesce(newer, 0) < $3"#,
        &ids,
        except.map(|slot| slot.0),
        MAX_HALF_BYTES
    )
    .fetch_all(conn)
    .await?;
    let mut known = KnownHalves::default();
    for row in rows {
        let of_trace = known.halves.entry(row::trace_id(&row.trace_id)?).or_default();
        of_trace.extend(row::read_halves(&row.halves)?);
        known.not_before_ns = known.not_before_ns.max(row.slot as u64 * SLOT_NS);
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
