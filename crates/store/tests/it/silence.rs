//! A database that falls silent, and locks whose holder is gone without a word.

use std::time::Duration;

use pointsman_store::bus::{self, Heard, Listener};
use pointsman_store::lock::{LoopName, try_advisory};
use pointsman_store::{Connection, Store, StoreError};
use pointsman_testing::{Proxy, TestDb};
use tokio::time::{Instant, sleep, timeout};

use crate::proxy::{self, HURRY};

/// Less than the limit of a statement by far, and enough for a busy machine.
const SOON: Duration = Duration::from_secs(20);

async fn one(conn: &mut Connection) -> Result<i32, StoreError> {
    Ok(sqlx::query_scalar("SELECT 1").fetch_one(conn).await?)
}

async fn until_one(store: &Store) {
    let deadline = Instant::now() + SOON;
    loop {
        let asked = async { one(&mut *store.conn().await?).await };
        match asked.await {
            Ok(_) => return,
            Err(error) => assert!(error.is_unavailable() && Instant::now() < deadline, "{error}"),
        }
    }
}

#[tokio::test]
async fn whatever_is_waited_for_on_a_silent_connection_ends() {
    let db = TestDb::new().await;
    let proxy = Proxy::to(db.url()).await;
    let store = proxy::store(&proxy, HURRY).await;
    // One of each kind, and one that lies idle.
    let (mut conn, commit, rollback, dropped) = (
        store.conn().await.unwrap(),
        store.begin().await.unwrap(),
        store.begin().await.unwrap(),
        store.snapshot().await.unwrap(),
    );
    until_one(&store).await;
    proxy.fall_silent();
    drop(dropped);
    let waiting = tokio::spawn(async move { one(&mut conn).await });
    // Nothing can be found out while the server can't be asked either.
    assert!(store.ping().await.is_err());
    assert!(store.snapshot().await.unwrap_err().is_unavailable());
    proxy.speak();
    timeout(SOON, until_one(&store)).await.unwrap();
    let all = async { (waiting.await.unwrap(), commit.commit().await, rollback.rollback().await) };
    let (waited, committed, rolled_back) = timeout(SOON, all).await.unwrap();
    assert!(waited.unwrap_err().is_unavailable());
    assert!(committed.unwrap_err().is_unavailable());
    assert!(rolled_back.unwrap_err().is_unavailable());
    // None of them has kept its place in the pool.
    let mut held = Vec::new();
    for _ in 0..6 {
        held.push(timeout(SOON, store.conn()).await.unwrap().unwrap());
    }
    drop(held);
    timeout(SOON, store.close()).await.unwrap();
}

#[tokio::test]
async fn a_statement_that_takes_long_is_waited_for() {
    let db = TestDb::new().await;
    let proxy = Proxy::to(db.url()).await;
    let store = proxy::store(&proxy, HURRY).await;
    let mut conn = store.conn().await.unwrap();
    let slow = sqlx::query("SELECT pg_sleep(3)").execute(&mut *conn).await;
    slow.unwrap();
    one(&mut conn).await.unwrap();
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_any_more_ends() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let mut conn = store.conn().await.unwrap();
    let slow = sqlx::query("SELECT pg_sleep(50)").execute(&mut *conn);
    assert!(timeout(Duration::from_millis(200), slow).await.is_err());
    assert!(
        one(&mut conn).await.unwrap_err().is_unavailable(),
        "it is of no more use"
    );
    drop(conn);
    let deadline = Instant::now() + SOON;
    let running = async || -> i64 {
        sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep(50)%'",
        )
        .fetch_one(&mut db.connect().await)
        .await
        .unwrap()
    };
    while running().await > 0 {
        assert!(Instant::now() < deadline, "it still runs");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_listener_notices_that_nothing_can_be_heard() {
    let db = TestDb::new().await;
    let proxy = Proxy::to(db.url()).await;
    let (near, far) = (db.store().await, proxy::store(&proxy, HURRY).await);
    let mut listener = Listener::connect(&far).await.unwrap();
    let announce = async |topic: &str| {
        let mut conn = near.conn().await.unwrap();
        bus::announce(&mut conn, topic).await.unwrap();
    };
    announce("one").await;
    assert_eq!(listener.next().await.unwrap(), Heard::Topic("one".to_owned()));
    proxy.fall_silent();
    let lost = timeout(SOON, listener.next()).await.unwrap();
    assert!(lost.unwrap_err().is_unavailable());
    proxy.speak();
    let again = timeout(SOON, async {
        loop {
            if let Ok(heard) = listener.next().await {
                return heard;
            }
        }
    });
    assert_eq!(again.await.unwrap(), Heard::Gap);
    // Several times as long as it takes to notice, so that it has been asked in between.
    sleep(Duration::from_secs(2)).await;
    announce("two").await;
    assert_eq!(
        timeout(SOON, listener.next()).await.unwrap().unwrap(),
        Heard::Topic("two".to_owned())
    );
}

/// Takes the lock as soon as it is free.
async fn take(store: &Store, name: LoopName) -> pointsman_store::lock::Guard {
    let deadline = Instant::now() + SOON;
    loop {
        if let Some(guard) = try_advisory(store, name).await.unwrap() {
            return guard;
        }
        assert!(Instant::now() < deadline, "the lock is still held");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_lock_is_kept_while_its_holder_is_there_and_lost_with_it() {
    let db = TestDb::new().await;
    let proxy = Proxy::to(db.url()).await;
    let (near, far) = (db.store().await, proxy::store(&proxy, HURRY).await);
    let guard = try_advisory(&far, LoopName::Evaluator).await.unwrap().unwrap();
    // Several times as long as a session that says nothing keeps it.
    sleep(Duration::from_secs(4)).await;
    assert!(try_advisory(&near, LoopName::Evaluator).await.unwrap().is_none());
    let mut tx = far.begin().await.unwrap();
    guard.fence(&mut tx).await.unwrap();
    tx.commit().await.unwrap();

    proxy.fall_silent();
    let next = take(&near, LoopName::Evaluator).await;
    proxy.speak();
    until_one(&far).await;
    let mut late = far.begin().await.unwrap();
    assert!(matches!(guard.fence(&mut late).await, Err(StoreError::LostLock)));
    let mut tx = near.begin().await.unwrap();
    next.fence(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    next.release().await.unwrap();
    let deadline = Instant::now() + SOON;
    while !guard.is_lost() {
        assert!(Instant::now() < deadline, "the holder does not know");
        sleep(Duration::from_millis(50)).await;
    }
    guard.release().await.unwrap();
}

#[tokio::test]
async fn nobody_takes_a_lock_while_something_is_written_under_it() {
    let db = TestDb::new().await;
    let (one, two) = (db.store().await, db.store().await);
    let guard = try_advisory(&one, LoopName::Evaluator).await.unwrap().unwrap();
    let mut tx = one.begin().await.unwrap();
    guard.fence(&mut tx).await.unwrap();
    drop(guard);
    let taking = tokio::spawn(async move { take(&two, LoopName::Evaluator).await });
    sleep(Duration::from_millis(500)).await;
    assert!(!taking.is_finished());
    tx.commit().await.unwrap();
    taking.await.unwrap().release().await.unwrap();
}

#[tokio::test]
async fn a_transaction_of_a_client_that_says_nothing_ends() {
    let db = TestDb::new().await;
    let proxy = Proxy::to(db.url()).await;
    let (near, far) = (db.store().await, proxy::store(&proxy, HURRY).await);
    let mut frozen = far.begin().await.unwrap();
    sqlx::query("LOCK TABLE slot").execute(&mut *frozen).await.unwrap();
    let mut tx = near.begin().await.unwrap();
    // The transaction itself does nothing, as if its process were stopped.
    timeout(SOON, sqlx::query("LOCK TABLE slot").execute(&mut *tx))
        .await
        .unwrap()
        .unwrap();
    assert!(one(&mut frozen).await.unwrap_err().is_unavailable());
}
