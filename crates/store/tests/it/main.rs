//! The store against a real PostgreSQL, a database a test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod journal;
mod old_transactions;
mod proxy;
mod reach;
mod recorded;
mod rollups;
mod schema;
mod search;
mod segments;
mod silence;

use pointsman_domain::query::LogQuery;
use pointsman_domain::telemetry::{Batch, LogBatch, SpanBatch};
use pointsman_domain::time::TimeRange;
use pointsman_store::Store;
use pointsman_store::segment::{self, Slot};
use pointsman_testing::T0;
use pointsman_transform::{OperationBound, merge, transform};

/// Writes spans as a worker does, in a transaction of its own.
async fn write_spans(store: &Store, now_ns: u64, batch: SpanBatch) {
    let made = transform(vec![Batch::Spans(batch)], &OperationBound::default());
    let mut tx = store.begin().await.unwrap();
    segment::write_fragments(&mut tx, now_ns, &made.traces).await.unwrap();
    tx.commit().await.unwrap();
}

/// Writes log records as a worker does, in a transaction of its own.
async fn write_logs(store: &Store, now_ns: u64, batch: LogBatch) {
    let made = transform(vec![Batch::Logs(batch)], &OperationBound::default());
    let mut tx = store.begin().await.unwrap();
    segment::write_logs(&mut tx, now_ns, &made.logs).await.unwrap();
    tx.commit().await.unwrap();
}

/// Compacts every slot that is settled; leaves the slots' partitions where they are.
async fn compact(store: &Store, now_ns: u64) -> usize {
    let mut conn = store.conn().await.unwrap();
    let slots = segment::settled_slots(&mut conn, now_ns).await.unwrap();
    drop(conn);
    for &slot in &slots {
        compact_slot(store, slot, now_ns).await;
    }
    slots.len()
}

async fn compact_slot(store: &Store, slot: Slot, now_ns: u64) {
    let mut tx = store.begin().await.unwrap();
    assert!(segment::lock_slot(&mut tx, slot).await.unwrap());
    let mut after = None;
    loop {
        // Two rows at a time, so that pages end within traces.
        let fragments = segment::read_slot_traces(&mut tx, slot, after, 2).await.unwrap();
        let Some(last) = fragments.last() else { break };
        after = Some(last.trace_id);
        let mut segments = Vec::new();
        for trace in fragments.chunk_by(|a, b| a.trace_id == b.trace_id) {
            segments.extend(
                merge::fragments(trace.iter().cloned())
                    .into_iter()
                    .flat_map(merge::rows),
            );
        }
        segment::write_segments(&mut tx, &segments).await.unwrap();
    }
    let mut cursor = None;
    loop {
        let (fragments, next) = segment::read_slot_logs(&mut tx, slot, cursor.as_ref(), 1)
            .await
            .unwrap();
        for service in fragments.chunk_by(|a, b| a.service == b.service) {
            let segments = merge::logs(service.iter().cloned());
            segment::write_log_segments(&mut tx, &segments).await.unwrap();
        }
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    segment::mark_compacted(&mut tx, slot, now_ns).await.unwrap();
    tx.commit().await.unwrap();
}

/// The times of all log records in a range, read so many to a page.
async fn log_times(store: &Store, range: TimeRange, limit: u32) -> Vec<u64> {
    let (mut times, mut before_ns) = (Vec::new(), None);
    loop {
        let query = LogQuery {
            limit,
            before_ns,
            ..LogQuery::default()
        };
        let hits = pointsman_store::search::logs(store, &query, range).await.unwrap();
        times.extend(hits.lines.iter().map(|line| line.record.time_ns));
        before_ns = hits.next_before_ns;
        if before_ns.is_none() {
            return times;
        }
    }
}

/// So long after [`T0`] that what was written then is settled.
const SETTLED: u64 = T0 + 120_000_000_000;
