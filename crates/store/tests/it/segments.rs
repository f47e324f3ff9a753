//! Fragments, halves, slots, compaction.

use std::time::Duration;

use pointsman_domain::telemetry::SpanKind::Client;
use pointsman_store::segment::{self, SLOT_NS, Slot};
use pointsman_store::{bus, search};
use pointsman_testing::{T0, TestDb, span, spans};
use pointsman_transform::{OperationBound, transform};

use crate::{SETTLED, compact, compact_slot, write_spans};

#[tokio::test]
async fn a_later_worker_sees_the_halves_of_an_earlier_one() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let call = span("storefront").kind(Client);
    let answer = span("checkout").child_of(&call);
    let trace_id = call.as_span().trace_id;
    let made = transform(
        vec![pointsman_domain::telemetry::Batch::Spans(spans([call.clone()]))],
        &OperationBound::default(),
    );

    let mut first = store.begin().await.unwrap();
    segment::lock_pairing(&mut first).await.unwrap();
    segment::write_fragments(&mut first, T0, &made.traces).await.unwrap();
    let second = {
        let store = store.clone();
        tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            segment::lock_pairing(&mut tx).await.unwrap();
            segment::known_halves(&mut tx, &[trace_id]).await.unwrap()
        })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!second.is_finished(), "it waits for the first to commit");
    first.commit().await.unwrap();
    let known = second.await.unwrap();
    assert_eq!(known.halves[&trace_id], made.traces[0].halves);

    // From any slot that is not compacted; after that they are settled.
    write_spans(&store, T0 + 2 * SLOT_NS, spans([answer])).await;
    let mut tx = store.begin().await.unwrap();
    assert_eq!(
        segment::known_halves(&mut tx, &[trace_id]).await.unwrap().halves[&trace_id].len(),
        2
    );
    let elsewhere = segment::halves_elsewhere(&mut tx, &[trace_id], Slot::at(T0))
        .await
        .unwrap();
    assert_eq!(elsewhere[&trace_id].len(), 1);
    drop(tx);
    assert_eq!(
        compact(&store, T0 + 3 * SLOT_NS).await,
        2,
        "the first slot and the one made ahead"
    );
    let mut tx = store.begin().await.unwrap();
    assert_eq!(
        segment::known_halves(&mut tx, &[trace_id]).await.unwrap().halves[&trace_id].len(),
        1
    );
}

#[tokio::test]
async fn a_compacted_slot_is_dropped_and_nothing_is_lost() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let root = span("storefront");
    let trace_id = root.as_span().trace_id;
    for n in 0..5 {
        let child = span("checkout").child_of(&root).at(T0 + n);
        write_spans(&store, T0 + n, spans([child, span("other")])).await;
    }
    write_spans(&store, T0, spans([root])).await;
    assert_eq!(
        search::trace(&store, trace_id)
            .await
            .unwrap()
            .unwrap()
            .batch
            .spans
            .len(),
        6
    );
    let settled = Slot::newest_settled(SETTLED);
    assert!(settled > Slot::at(T0));
    compact(&store, SETTLED).await;
    assert_eq!(
        search::trace(&store, trace_id)
            .await
            .unwrap()
            .unwrap()
            .batch
            .spans
            .len(),
        6
    );

    assert!(segment::drop_compacted(&store).await.unwrap() >= 1);
    assert_eq!(segment::drop_compacted(&store).await.unwrap(), 0);
    assert_eq!(
        search::trace(&store, trace_id)
            .await
            .unwrap()
            .unwrap()
            .batch
            .spans
            .len(),
        6
    );
    let mut behind = db.connect().await;
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM pg_class WHERE relname ~ '^(span|log)_fragment_s' AND relkind = 'r'")
            .fetch_one(&mut behind)
            .await
            .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn dropping_a_slot_waits_for_its_reader_and_holds_up_nobody() {
    let db = TestDb::new().await;
    let store = db.store().await;
    write_spans(&store, T0, spans([span("storefront")])).await;
    compact(&store, SETTLED).await;

    let mut reader = store.snapshot().await.unwrap();
    let rows = "SELECT count(*) FROM span_fragment";
    let seen: i64 = sqlx::query_scalar(rows).fetch_one(&mut *reader).await.unwrap();
    assert_eq!(seen, 1);
    let dropping = {
        let store = store.clone();
        tokio::spawn(async move { segment::drop_compacted(&store).await })
    };
    // While it waits, workers write and others read.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let other = span("storefront");
    let trace_id = other.as_span().trace_id;
    write_spans(&store, SETTLED, spans([other])).await;
    assert!(search::trace(&store, trace_id).await.unwrap().is_some());
    assert!(!dropping.is_finished());
    drop(reader);
    assert!(dropping.await.unwrap().unwrap() >= 1);
}

#[tokio::test]
async fn a_writer_under_way_is_waited_for_and_a_late_one_goes_elsewhere() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let (early, late) = (span("storefront"), span("storefront"));
    let ids = [early.as_span().trace_id, late.as_span().trace_id];
    let made = transform(
        vec![pointsman_domain::telemetry::Batch::Spans(spans([early]))],
        &OperationBound::default(),
    );
    let mut tx = store.begin().await.unwrap();
    segment::write_fragments(&mut tx, T0, &made.traces).await.unwrap();
    let compacting = {
        let store = store.clone();
        tokio::spawn(async move { compact_slot(&store, Slot::at(T0), SETTLED).await })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!compacting.is_finished());
    tx.commit().await.unwrap();
    compacting.await.unwrap();
    // One whose clock says that the compacted slot is still the current one.
    write_spans(&store, T0, spans([late])).await;
    segment::drop_compacted(&store).await.unwrap();
    for id in ids {
        assert_eq!(search::trace(&store, id).await.unwrap().unwrap().batch.spans.len(), 1);
    }
}

#[tokio::test]
async fn names_with_a_nul_and_very_long_ones_are_stored() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let long = "x".repeat(20_000);
    let odd = span("nul\0service").name(&long).attr("key", "nul\0value");
    let id = odd.as_span().trace_id;
    let batch = pointsman_domain::telemetry::Batch::Spans(spans([odd.fails("nul\0error")]));
    let made = transform(vec![batch], &OperationBound::default());
    let mut tx = store.begin().await.unwrap();
    segment::write_fragments(&mut tx, T0, &made.traces).await.unwrap();
    pointsman_store::rollup::append_delta(&mut tx, &made.delta)
        .await
        .unwrap();
    bus::announce(&mut tx, bus::TELEMETRY).await.unwrap();
    tx.commit().await.unwrap();
    pointsman_store::rollup::merge(&store).await.unwrap();
    compact(&store, SETTLED).await;
    let found = search::trace(&store, id).await.unwrap().unwrap();
    assert_eq!(found.batch.spans[0].name, long);
}
