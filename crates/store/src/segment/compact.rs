//! The compactor's side: a settled slot is read whole, written as segments, marked in the same transaction, dropped after.

use pointsman_domain::ids::TraceId;
use pointsman_domain::segment::{LogFragment, TraceFragment};
use pointsman_domain::telemetry::UnixNanos;

use super::row::{self, LogRow, Slot, TraceRow};
use crate::codec::Decoder;
use crate::connect::Tx;
use crate::error::StoreError;
use crate::partition::{self, Scheme};

/// The slots that are settled and not yet compacted, oldest first.
pub async fn settled_slots(conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<Vec<Slot>, StoreError> {
    let slots = sqlx::query_scalar!(
        "SELECT slot FROM slot WHERE compacted_ns IS NULL AND slot <= $1 ORDER BY slot",
        Slot::newest_settled(now_ns).0
    )
    .fetch_all(conn)
    .await?;
    Ok(slots.into_iter().map(Slot).collect())
}

/// Closes the slot to writers: waits for those that are under way, and holds others off until the transaction ends. Must come first in
/// a compaction. False where the slot is compacted already.
pub async fn lock_slot(tx: &mut Tx, slot: Slot) -> Result<bool, StoreError> {
    let open = sqlx::query_scalar!(
        "SELECT slot FROM slot WHERE slot = $1 AND compacted_ns IS NULL FOR UPDATE",
        slot.0
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(open.is_some())
}

/// How many bytes of payload, compressed, are read at a time. The last trace, or the last row of logs, may exceed it.
const MAX_PAGE_BYTES: i64 = 8 << 20;

/// The fragments of a slot in order of trace id, all of a trace together: those after the trace `after`, about `rows` (at
/// least 1) of them, fewer where they are large. None left: empty.
pub async fn read_slot_traces(
    conn: &mut crate::Connection,
    slot: Slot,
    after: Option<TraceId>,
    rows: u32,
) -> Result<Vec<TraceFragment>, StoreError> {
    let after: &[u8] = after.as_ref().map_or(&[], |id| id.bytes());
    // With all rows of the last trace, however many those are: the page ends where a trace ends.
    let page = sqlx::query_as!(
        TraceRow,
        r#"SELECT trace_id AS "trace_id!", start_ns AS "start_ns!", end_ns AS "end_ns!",
            max_duration_ns AS "max_duration_ns!", errors AS "errors!", terms AS "terms!", terms_cut AS "terms_cut!",
            halves AS "halves!", payload AS "payload!"
        FROM (
            SELECT *, sum(octet_length(payload)) OVER (
                ORDER BY trace_id GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS before
            FROM (
                SELECT * FROM span_fragment WHERE slot = $1 AND trace_id > $2
                ORDER BY trace_id FETCH FIRST ($3) ROWS WITH TIES
            ) AS fragments
        ) AS page
        WHERE coalesce(before, 0) < $4 ORDER BY trace_id"#,
        slot.0,
        after,
        i64::from(rows.max(1)),
        MAX_PAGE_BYTES
    )
    .fetch_all(conn)
    .await?;
    let mut decoder = Decoder::new()?;
    page.into_iter().map(|row| row.read(&mut decoder)).collect()
}

/// Where reading a slot's log records goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogCursor {
    service: String,
    id: i64,
}

/// The log records of a slot in order of service: at most `rows` (at least 1) fragments from `after` on, fewer where they are
/// large, and where to go on; `None` when all are read.
pub async fn read_slot_logs(
    conn: &mut crate::Connection,
    slot: Slot,
    after: Option<&LogCursor>,
    rows: u32,
) -> Result<(Vec<LogFragment>, Option<LogCursor>), StoreError> {
    let page = sqlx::query_as!(
        LogRow,
        r#"SELECT id AS "id!", service AS "service!", start_ns AS "start_ns!", end_ns AS "end_ns!",
            max_severity AS "max_severity!", terms AS "terms!", terms_cut AS "terms_cut!", payload AS "payload!"
        FROM (
            SELECT *, sum(octet_length(payload)) OVER (
                ORDER BY service, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS before
            FROM (
                SELECT * FROM log_fragment WHERE slot = $1 AND (service, id) > ($2, $3) ORDER BY service, id LIMIT $4
            ) AS fragments
        ) AS page
        WHERE coalesce(before, 0) < $5 ORDER BY service, id"#,
        slot.0,
        after.map_or("", |cursor| &cursor.service),
        after.map_or(-1, |cursor| cursor.id),
        i64::from(rows.max(1)),
        MAX_PAGE_BYTES
    )
    .fetch_all(conn)
    .await?;
    let cursor = page.last().map(|row| LogCursor {
        service: row.service.clone(),
        id: row.id,
    });
    let mut decoder = Decoder::new()?;
    let fragments: Result<_, _> = page.into_iter().map(|row| row.read(&mut decoder)).collect();
    Ok((fragments?, cursor))
}

/// Writes segments, sorted by start. May be called several times in a compaction.
pub async fn write_segments(tx: &mut Tx, segments: &[TraceFragment]) -> Result<(), StoreError> {
    if segments.is_empty() {
        return Ok(());
    }
    partition::ensure(
        &tx.store,
        Scheme::SPANS,
        segments.iter().map(|segment| segment.start_ns),
    )
    .await?;
    let mut sorted: Vec<_> = segments.iter().collect();
    sorted.sort_unstable_by_key(|segment| segment.start_ns);
    let columns =
        "span_segment (trace_id, start_ns, end_ns, max_duration_ns, spans, errors, terms, terms_cut, payload)";
    let written = row::trace_rows(None, &sorted)?.copy(tx, columns).await;
    written.inspect_err(|_| tx.store.known.forget_all())
}

/// Writes log segments, sorted by start. May be called several times in a compaction.
pub async fn write_log_segments(tx: &mut Tx, segments: &[LogFragment]) -> Result<(), StoreError> {
    if segments.is_empty() {
        return Ok(());
    }
    partition::ensure(&tx.store, Scheme::LOGS, segments.iter().map(|segment| segment.start_ns)).await?;
    let mut sorted: Vec<_> = segments.iter().collect();
    sorted.sort_unstable_by_key(|segment| segment.start_ns);
    let columns = "log_segment (service, start_ns, end_ns, max_severity, records, terms, terms_cut, payload)";
    let written = row::log_rows(None, &sorted)?.copy(tx, columns).await;
    written.inspect_err(|_| tx.store.known.forget_all())
}

/// From the commit on readers leave the slot out, and find the segments instead.
pub async fn mark_compacted(tx: &mut Tx, slot: Slot, now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE slot SET compacted_ns = $2 WHERE slot = $1",
        slot.0,
        now_ns as i64
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
