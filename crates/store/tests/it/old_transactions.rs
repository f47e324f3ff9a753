//! A transaction that stays open, as a backup's does, keeps slots and expired data from being dropped. Nobody else notices.

use std::time::Duration;

use pointsman_domain::query::{LogQuery, TraceQuery};
use pointsman_domain::telemetry::SpanKind::Client;
use pointsman_domain::time::TimeRange;
use pointsman_store::segment::{self, SLOT_NS, Slot};
use pointsman_store::{Retention, Store, partition, search};
use pointsman_testing::{T0, TestDb, log, logs, span, spans};
use sqlx::PgExecutor;
use tokio::time::timeout;

use crate::{compact, write_logs, write_spans};

/// Slots that are compacted and not dropped.
const SLOTS: u64 = 12;
/// After all of them are settled.
const LATER: u64 = T0 + (SLOTS + 4) * SLOT_NS;
/// As long as something may take that waits for nobody, on a busy machine.
const SOON: Duration = Duration::from_secs(20);

async fn fill(store: &Store) {
    for n in 0..SLOTS {
        write_spans(store, T0 + n * SLOT_NS, spans([span("storefront").at(T0 + n)])).await;
        write_logs(store, T0 + n * SLOT_NS, logs([log("storefront", "old").at(T0 + n)])).await;
    }
    compact(store, LATER).await;
}

async fn count(conn: impl PgExecutor<'_>, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(conn).await.unwrap()
}

/// How many partitions of slots a connection has a lock of.
const LOCKED: &str = "SELECT count(*) FROM pg_locks JOIN pg_class ON oid = relation
    WHERE pid = pg_backend_pid() AND relkind = 'r' AND relname ~ '^(span|log)_fragment_s'";
const PARTITIONS: &str = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname ~ '^(span|log)_fragment_s'";

/// Reads as pages do, and works as workers and the compactor do.
async fn read_and_work(store: &Store) {
    let call = span("storefront").kind(Client).at(T0 + SLOTS);
    let id = call.as_span().trace_id;
    write_spans(store, LATER, spans([call])).await;
    write_logs(store, LATER, logs([log("storefront", "new").at(T0 + SLOTS)])).await;
    let range = TimeRange {
        from_ns: T0,
        to_ns: T0 + SLOT_NS,
    };
    let (traces, lines) = (
        TraceQuery {
            limit: 100,
            ..TraceQuery::default()
        },
        LogQuery {
            limit: 100,
            ..LogQuery::default()
        },
    );
    assert_eq!(
        search::traces(store, &traces, range).await.unwrap().traces.len() as u64,
        SLOTS + 1
    );
    assert_eq!(
        search::logs(store, &lines, range).await.unwrap().lines.len() as u64,
        SLOTS + 1
    );
    assert!(search::trace(store, id).await.unwrap().is_some());

    let mut tx = store.begin().await.unwrap();
    segment::lock_pairing(&mut tx).await.unwrap();
    let known = segment::known_halves(&mut tx, LATER, &[id]).await.unwrap();
    assert_eq!(known.halves[&id].len(), 1);
    segment::halves_elsewhere(&mut tx, &[id], Slot::at(LATER + SLOT_NS))
        .await
        .unwrap();
    let locked = count(&mut *tx, LOCKED).await;
    assert!(locked <= 4, "{locked} partitions are locked, of which two are in use");
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn slots_that_are_compacted_and_not_dropped_are_neither_read_nor_locked() {
    let db = TestDb::new().await;
    let store = db.store().await;
    fill(&store).await;
    // Whoever wanted to read one of them would wait.
    let mut behind = db.connect().await;
    let lock = "BEGIN; DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^(span|log)_fragment_s' LOOP
            EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', name);
        END LOOP; END $$";
    sqlx::raw_sql(lock).execute(&mut behind).await.unwrap();
    timeout(SOON, read_and_work(&store)).await.expect("nobody waits");
}

#[tokio::test]
async fn an_open_transaction_holds_up_nobody_and_all_is_dropped_after_it() {
    let db = TestDb::new().await;
    let store = db.store().await;
    fill(&store).await;
    // As pg_dump: one snapshot, and a lock of every table.
    let mut backup = db.connect().await;
    let begin =
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM span_fragment; SELECT count(*) FROM log_fragment;
        SELECT count(*) FROM span_segment; SELECT count(*) FROM slot";
    sqlx::raw_sql(begin).execute(&mut backup).await.unwrap();
    let mut behind = db.connect().await;
    let before = count(&mut behind, PARTITIONS).await;

    for _ in 0..3 {
        let dropping = {
            let store = store.clone();
            tokio::spawn(async move { segment::drop_compacted(&store).await })
        };
        timeout(SOON, read_and_work(&store)).await.expect("nobody waits");
        let dropped = timeout(SOON, dropping).await.expect("it gives up").unwrap();
        assert_eq!(dropped.unwrap(), 0);
        // Taken out again, so that the next round finds the same.
        sqlx::raw_sql(
            "DELETE FROM span_fragment WHERE slot = (SELECT max(slot) - 1 FROM slot);
            DELETE FROM log_fragment WHERE slot = (SELECT max(slot) - 1 FROM slot)",
        )
        .execute(&mut behind)
        .await
        .unwrap();
    }
    assert!(count(&mut behind, PARTITIONS).await >= before);

    sqlx::raw_sql("COMMIT").execute(&mut backup).await.unwrap();
    assert!(u64::from(segment::drop_compacted(&store).await.unwrap()) >= SLOTS);
    assert_eq!(
        count(&mut behind, "SELECT count(*) FROM slot WHERE compacted_ns IS NOT NULL").await,
        0
    );
    assert!(
        count(&mut behind, PARTITIONS).await <= 4,
        "those of this moment and the next"
    );
}

#[tokio::test]
async fn an_expired_partition_that_is_in_use_keeps_no_other_from_being_dropped() {
    let db = TestDb::new().await;
    let store = db.store().await;
    fill(&store).await;
    let mut backup = db.connect().await;
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM span_segment";
    sqlx::raw_sql(begin).execute(&mut backup).await.unwrap();
    let much_later = T0 + 30 * 86_400_000_000_000;
    let retention = Retention::default();
    let drop = async || partition::drop_expired(&store, much_later, &retention).await.unwrap();
    assert_eq!(timeout(SOON, drop()).await.expect("it gives up"), 1, "the logs alone");
    assert_eq!(timeout(SOON, drop()).await.expect("it gives up"), 0);
    sqlx::raw_sql("COMMIT").execute(&mut backup).await.unwrap();
    assert_eq!(drop().await, 1, "the spans");
    assert_eq!(drop().await, 0);
}
