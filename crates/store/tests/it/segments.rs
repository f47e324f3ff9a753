//! Fragments, halves, slots, compaction.

use std::time::Duration;

use pointsman_domain::ids::TraceId;
use pointsman_domain::telemetry::SpanKind::Client;
use pointsman_store::segment::{self, SLOT_NS, Slot};
use pointsman_store::{Store, bus, search};
use pointsman_testing::{T0, TestDb, span, spans};
use pointsman_transform::{OperationBound, transform};

use crate::{SETTLED, compact, compact_slot, write_spans};

/// How many spans of a trace are found.
async fn spans_of(store: &Store, trace_id: TraceId) -> usize {
    search::trace(store, trace_id).await.unwrap().unwrap().batch.spans.len()
}

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
            segment::known_halves(&mut tx, T0, &[trace_id]).await.unwrap()
        })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!second.is_finished(), "it waits for the first to commit");
    first.commit().await.unwrap();
    let known = second.await.unwrap();
    assert_eq!(known.halves[&trace_id], made.traces[0].halves);

    // From a slot that is not compacted; after that they are settled.
    write_spans(&store, T0 + 2 * SLOT_NS, spans([answer])).await;
    let mut tx = store.begin().await.unwrap();
    assert_eq!(
        segment::known_halves(&mut tx, T0 + 2 * SLOT_NS, &[trace_id])
            .await
            .unwrap()
            .halves[&trace_id]
            .len(),
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
        segment::known_halves(&mut tx, T0 + 2 * SLOT_NS, &[trace_id])
            .await
            .unwrap()
            .halves[&trace_id]
            .len(),
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
    assert_eq!(spans_of(&store, trace_id).await, 6);
    let settled = Slot::newest_settled(SETTLED);
    assert!(settled > Slot::at(T0));
    compact(&store, SETTLED).await;
    assert_eq!(spans_of(&store, trace_id).await, 6);

    assert!(segment::drop_compacted(&store).await.unwrap() >= 1);
    assert_eq!(segment::drop_compacted(&store).await.unwrap(), 0);
    assert_eq!(spans_of(&store, trace_id).await, 6);
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
    let still: i64 = sqlx::query_scalar(rows).fetch_one(&mut *reader).await.unwrap();
    assert_eq!(still, seen, "the reader sees what it saw");
    drop(reader);
    // On a busy machine it may have given up meanwhile.
    let dropped = dropping.await.unwrap().unwrap() + segment::drop_compacted(&store).await.unwrap();
    assert!(dropped >= 1);
}

#[tokio::test]
async fn halves_are_looked_up_in_the_slots_near_by_however_many_are_late() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let trace = span("storefront").kind(Client);
    let id = trace.as_span().trace_id;
    for n in 0..8 {
        let call = span("storefront").kind(Client).trace_of(&trace);
        write_spans(&store, T0 + n * SLOT_NS, spans([call])).await;
    }
    let slot = |n: u64| Slot::at(T0 + n * SLOT_NS);
    // Whoever wanted to read one that is far away would wait.
    let mut behind = db.connect().await;
    for n in [0, 1, 2, 3, 4] {
        let lock = format!("LOCK TABLE ONLY span_fragment_s{} IN ACCESS EXCLUSIVE MODE", slot(n).0);
        let lock = if n == 0 { format!("BEGIN; {lock}") } else { lock };
        sqlx::raw_sql(sqlx::AssertSqlSafe(lock))
            .execute(&mut behind)
            .await
            .unwrap();
    }
    let mut tx = store.begin().await.unwrap();
    let ids = [id];
    let known = segment::known_halves(&mut tx, T0 + 7 * SLOT_NS, &ids);
    let known = tokio::time::timeout(Duration::from_secs(20), known)
        .await
        .expect("nobody waits")
        .unwrap();
    sqlx::raw_sql("ROLLBACK").execute(&mut behind).await.unwrap();
    assert_eq!(known.halves[&id].len(), 3, "its own slot and the two before");
    assert_eq!(known.not_before_ns, slot(7).0 as u64 * SLOT_NS);
    // A clock that is behind: what is written goes where the newest is, and pairs with what is near that.
    let known = segment::known_halves(&mut tx, T0 + 5 * SLOT_NS, &ids).await.unwrap();
    assert_eq!(known.halves[&id].len(), 3);
    assert_eq!(known.not_before_ns, slot(7).0 as u64 * SLOT_NS);
    // The compactor looks where those may be that were paired with what it judges.
    let elsewhere = segment::halves_elsewhere(&mut tx, &[id], slot(3)).await.unwrap();
    assert_eq!(elsewhere[&id].len(), 4, "two before and two after");
    let elsewhere = segment::halves_elsewhere(&mut tx, &[id], slot(7)).await.unwrap();
    assert_eq!(elsewhere[&id].len(), 2);
}

/// A look-up goes through indexes: what it costs goes by the traces that are asked for, not by what the slots hold.
#[tokio::test]
async fn many_traces_are_looked_up_without_reading_the_slots() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let asked: Vec<_> = (0..2000)
        .map(|n| span("storefront").kind(Client).trace(n + 1))
        .collect();
    let ids: Vec<_> = asked.iter().map(|span| span.as_span().trace_id).collect();
    write_spans(&store, T0, spans(asked)).await;
    for _ in 0..4 {
        write_spans(
            &store,
            T0 + SLOT_NS,
            spans((0..5000).map(|_| span("storefront").kind(Client))),
        )
        .await;
    }
    let mut tx = store.begin().await.unwrap();
    let scans = "SELECT coalesce(sum(pg_stat_get_xact_numscans(oid)), 0)::bigint FROM pg_class
        WHERE relkind = 'r' AND relname ~ '^span_fragment_s'";
    let known = segment::known_halves(&mut tx, T0 + SLOT_NS, &ids).await.unwrap();
    assert_eq!(known.halves.len(), 2000);
    let scans: i64 = sqlx::query_scalar(scans).fetch_one(&mut *tx).await.unwrap();
    assert_eq!(scans, 0, "no slot is read from its beginning to its end");
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
