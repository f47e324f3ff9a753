//! One slot: its fragments are read by trace, merged, written as segments; then what is unpaired is judged and the
//! slot is marked, all in one transaction, so that a reader sees either the slot or its segments.
//!
//! Memory is bounded by a chunk of fragments, by rows and by bytes (a trace is never cut), and what must be remembered of traces with
//! an unpaired side to the end.

use std::collections::HashSet;

use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::rollup::Delta;
use pointsman_domain::segment::{LogFragment, TraceFragment};
use pointsman_domain::telemetry::SpanBatch;
use pointsman_store::segment::Slot;
use pointsman_store::{StoreError, Tx, bus, rollup, segment};
use pointsman_transform::{merge, pairing};

use super::Context;
use crate::Metrics;
use crate::metrics::SideLabel;

/// How many fragments are read at a time.
const CHUNK_ROWS: u32 = 5000;
/// How many traces are asked for at a time when unpaired sides are judged.
const CHUNK_TRACES: usize = 2000;

/// Compacts a slot. Nothing is changed where it fails.
pub(crate) async fn compact(context: &Context, slot: Slot) -> Result<(), StoreError> {
    context.bounds.seed(context).await?;
    let mut tx = context.store.begin().await?;
    if !segment::lock_slot(&mut tx, slot).await? {
        return tx.rollback().await;
    }
    let mut delta = Delta::default();
    let (segments, open) = write_traces(&mut tx, slot, &mut delta).await?;
    let log_segments = write_logs(&mut tx, slot).await?;
    settle(&mut tx, slot, &open, &mut delta).await?;
    context.bounds.targets.bound(&mut delta);
    rollup::append_delta(&mut tx, &delta).await?;
    segment::mark_compacted(&mut tx, slot, context.clock.now_ns()).await?;
    bus::announce(&mut tx, bus::TELEMETRY).await?;
    tx.commit().await?;

    let metrics = &context.metrics;
    metrics.slots_compacted.inc();
    Metrics::count(&metrics.segments, segments, log_segments);
    for (side, count) in [("client", delta.unpaired_clients), ("server", delta.unpaired_servers)] {
        metrics.unpaired.get_or_create(&SideLabel { side }).inc_by(count);
    }
    Ok(())
}

/// Writes the segments of a slot's traces; answers how many, and what is left of the traces with an unpaired side.
async fn write_traces(tx: &mut Tx, slot: Slot, delta: &mut Delta) -> Result<(u64, Vec<TraceFragment>), StoreError> {
    let (mut written, mut open, mut after) = (0, Vec::new(), None);
    loop {
        let fragments = segment::read_slot_traces(tx, slot, after, CHUNK_ROWS).await?;
        let Some(last) = fragments.last() else {
            return Ok((written, open));
        };
        after = Some(last.trace_id);
        let segments = merged(fragments).await;
        for trace in &segments {
            if pairing::needs_elsewhere(trace) {
                open.push(remember(trace));
            } else {
                pairing::settle(trace, &[], delta);
            }
        }
        let segments: Vec<_> = segments.into_iter().flat_map(merge::rows).collect();
        segment::write_segments(tx, &segments).await?;
        written += segments.len() as u64;
    }
}

/// Merges the fragments of each trace, on a thread for computing.
async fn merged(fragments: Vec<TraceFragment>) -> Vec<TraceFragment> {
    blocking(move || {
        let mut segments = Vec::new();
        let mut fragments = fragments.into_iter().peekable();
        while let Some(first) = fragments.next() {
            let id = first.trace_id;
            let rest = std::iter::from_fn(|| fragments.next_if(|next| next.trace_id == id));
            segments.extend(merge::fragments(std::iter::once(first).chain(rest)));
        }
        segments
    })
    .await
}

/// Writes the segments of a slot's log records; answers how many.
async fn write_logs(tx: &mut Tx, slot: Slot) -> Result<u64, StoreError> {
    let (mut written, mut cursor) = (0, None);
    loop {
        let (fragments, next) = segment::read_slot_logs(tx, slot, cursor.as_ref(), CHUNK_ROWS).await?;
        let segments: Vec<LogFragment> = blocking(move || {
            let mut segments = Vec::new();
            let mut fragments = fragments.into_iter().peekable();
            while let Some(first) = fragments.next() {
                let service = first.service.clone();
                let rest = std::iter::from_fn(|| fragments.next_if(|next| next.service == service));
                segments.extend(merge::logs(std::iter::once(first).chain(rest)));
            }
            segments
        })
        .await;
        segment::write_log_segments(tx, &segments).await?;
        written += segments.len() as u64;
        cursor = next;
        if cursor.is_none() {
            return Ok(written);
        }
    }
}

/// Runs on a thread for computing; a panic there goes on here.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// What judging needs of a trace: its halves, and of its spans only those that a called side names as its parent.
fn remember(trace: &TraceFragment) -> TraceFragment {
    let parents: HashSet<SpanId> = trace.halves.iter().filter_map(|half| half.parent).collect();
    let spans = trace
        .batch
        .spans
        .iter()
        .filter(|span| parents.contains(&span.span_id))
        .cloned();
    let batch = SpanBatch {
        spans: spans.collect(),
        resources: trace.batch.resources.clone(),
        scopes: Vec::new(),
    };
    TraceFragment {
        batch,
        halves: trace.halves.clone(),
        terms: Vec::new(),
        ..*trace
    }
}

/// Judges what is unpaired within the slot, against the other slots. (A half whose partner lies in a slot that is gone was the second of
/// the two, and is marked as paired.) From here to the commit no worker completes a pair, so that none is both paired and judged
/// unpaired.
async fn settle(tx: &mut Tx, slot: Slot, open: &[TraceFragment], delta: &mut Delta) -> Result<(), StoreError> {
    segment::lock_pairing(tx).await?;
    for chunk in open.chunks(CHUNK_TRACES) {
        let ids: Vec<TraceId> = chunk.iter().map(|trace| trace.trace_id).collect();
        let mut elsewhere = segment::halves_elsewhere(tx, &ids, slot).await?;
        for trace in chunk {
            let halves = elsewhere.remove(&trace.trace_id).unwrap_or_default();
            pairing::settle(trace, &halves, delta);
        }
    }
    Ok(())
}
