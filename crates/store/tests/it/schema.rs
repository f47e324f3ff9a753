//! Migrations, partitions, retention.

use std::time::Duration;

use pointsman_domain::query::TraceQuery;
use pointsman_domain::time::TimeRange;
use pointsman_store::lock::{LoopName, try_advisory};
use pointsman_store::{Retention, SILENCE, Store, StoreOptions, bus, partition, search};
use pointsman_testing::{Proxy, T0, TestDb, log, logs, span, spans};

use crate::proxy;
use crate::{SETTLED, compact, write_logs, write_spans};

const HOUR: u64 = 3600 * 1_000_000_000;

#[tokio::test]
async fn replicas_that_start_at_once_on_an_empty_database_all_succeed() {
    let db = TestDb::empty().await;
    let mut starts = Vec::new();
    for n in 0..4 {
        let store = db.store().await;
        starts.push(tokio::spawn(async move {
            store.migrate().await.unwrap();
            // And make the same partitions at once.
            write_spans(&store, T0, spans([span("storefront").at(T0 + n)])).await;
        }));
    }
    for start in starts {
        start.await.unwrap();
    }
    let store = db.store().await;
    store.migrate().await.unwrap();
    let range = TimeRange {
        from_ns: T0,
        to_ns: T0 + HOUR,
    };
    let query = TraceQuery {
        limit: 10,
        ..TraceQuery::default()
    };
    assert_eq!(search::traces(&store, &query, range).await.unwrap().traces.len(), 4);
}

#[tokio::test]
async fn retention_drops_what_has_expired_and_only_that() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let (old, new) = (span("storefront"), span("storefront").at(T0 + 20 * HOUR));
    let ids = [old.as_span().trace_id, new.as_span().trace_id];
    write_spans(&store, T0, spans([old, new])).await;
    write_logs(
        &store,
        T0,
        logs([log("storefront", "old"), log("storefront", "new").at(T0 + 20 * HOUR)]),
    )
    .await;
    compact(&store, SETTLED).await;
    let retention = Retention {
        telemetry: Duration::from_secs(24 * 3600),
        ..Retention::default()
    };
    assert_eq!(
        partition::drop_expired(&store, T0 + 25 * HOUR, &retention)
            .await
            .unwrap(),
        0
    );
    assert!(search::trace(&store, ids[0]).await.unwrap().is_some());
    // A row of spans and one of logs, each in the partition of its hour. (Logs of one service and time are one row.)
    assert_eq!(
        partition::drop_expired(&store, T0 + 26 * HOUR, &retention)
            .await
            .unwrap(),
        2
    );
    assert!(search::trace(&store, ids[0]).await.unwrap().is_none());
    assert!(search::trace(&store, ids[1]).await.unwrap().is_some());
    // What comes late for an hour that was dropped is stored again, until the next time.
    write_spans(&store, SETTLED, spans([span("storefront")])).await;
    compact(&store, SETTLED + 120_000_000_000).await;
    partition::clean_pending_lists(&store).await.unwrap();
}

#[tokio::test]
async fn a_lock_is_held_by_one_and_given_back() {
    let db = TestDb::new().await;
    let (one, two) = (db.store().await, db.store().await);
    let guard = try_advisory(&one, LoopName::Merger).await.unwrap().expect("free");
    assert!(try_advisory(&two, LoopName::Merger).await.unwrap().is_none());
    assert!(try_advisory(&two, LoopName::Keeper).await.unwrap().is_some());
    guard.release().await.unwrap();
    let dropped = try_advisory(&two, LoopName::Merger).await.unwrap().expect("free again");
    drop(dropped);
    for _ in 0..100 {
        if try_advisory(&one, LoopName::Merger).await.unwrap().is_some() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a dropped lock is not given back");
}

#[tokio::test]
async fn without_a_database_a_search_says_so() {
    let db = TestDb::new().await;
    let mut proxy = Proxy::to(db.url()).await;
    let store = proxy::store(&proxy, SILENCE).await;
    store.ping().await.unwrap();
    let range = TimeRange {
        from_ns: T0,
        to_ns: T0 + HOUR,
    };
    search::traces(&store, &TraceQuery::default(), range).await.unwrap();
    proxy.cut().await;
    let error = search::traces(&store, &TraceQuery::default(), range).await.unwrap_err();
    assert!(error.is_unavailable(), "{error}");
    assert!(store.ping().await.is_err());
    proxy.mend().await;
    search::traces(&store, &TraceQuery::default(), range).await.unwrap();
}

#[tokio::test]
async fn the_password_of_the_database_is_in_no_debug() {
    let db = TestDb::new().await;
    let before = if db.url().contains('?') { '&' } else { '?' };
    let options = StoreOptions {
        url: format!("{}{before}password=hush-hush", db.url()),
        max_connections: 8,
        retention: Retention::default(),
        silence: SILENCE,
    };
    let store = Store::connect(&options).await.unwrap();
    let listener = bus::Listener::connect(&store).await.unwrap();
    let tx = store.begin().await.unwrap();
    let conn = store.conn().await.unwrap();
    let shown = format!("{options:?} {store:?} {listener:?} {tx:?} {conn:?}");
    assert!(!shown.contains("hush"), "{shown}");
    assert!(shown.contains("Store"), "{shown}");
}
