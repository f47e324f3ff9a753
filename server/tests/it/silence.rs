//! A database that falls silent under the real binary, and replicas that are frozen while they hold locks.

use std::collections::BTreeSet;
use std::time::Duration;

use http::StatusCode;
use pointsman_store::segment::SLOT_NS;
use pointsman_testing::{Proxy, TestDb};
use sqlx::PgConnection;
use tokio::time::{Instant, sleep};

use crate::lifecycle::has;
use crate::otlp::{now_ns, record, span};
use crate::running::{Running, Setup};

/// Less than a statement may take, and enough for a busy machine.
const SOON: Duration = Duration::from_secs(50);

/// How many of the server's sessions wait for a table.
async fn waiting(behind: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'pointsman' AND wait_event_type = 'Lock'",
    )
    .fetch_one(behind)
    .await
    .unwrap()
}

/// The advisory locks that are held.
async fn held(behind: &mut PgConnection) -> Vec<i64> {
    sqlx::query_scalar(
        "SELECT DISTINCT objid::bigint FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE datname = current_database() AND locktype = 'advisory' AND granted ORDER BY 1",
    )
    .fetch_all(behind)
    .await
    .unwrap()
}

/// The deltas that the merger has not folded yet.
async fn unmerged(behind: &mut PgConnection) -> i64 {
    let count = sqlx::query_scalar("SELECT count(*) FROM series_delta");
    count.fetch_one(behind).await.unwrap()
}

async fn run(behind: &mut PgConnection, sql: &'static str) {
    sqlx::raw_sql(sql).execute(behind).await.unwrap();
}

/// Begins a transaction that holds loops up until it ends, and returns when so many of them are in the middle of a statement.
async fn hold_loops(behind: &mut PgConnection, wanted: i64) {
    run(behind, "BEGIN; LOCK TABLE journal, slot, objective").await;
    let deadline = Instant::now() + SOON;
    loop {
        let waiting = waiting(behind).await;
        if waiting >= wanted {
            return;
        }
        assert!(Instant::now() < deadline, "{waiting} loops wait, not {wanted}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// The loops of which a log says this.
fn named(log: &str, what: &str) -> BTreeSet<String> {
    let lines = log.lines().filter(|line| line.contains(what));
    let name = |line: &str| Some(line.split_once("name")?.1.split('"').nth(1)?.to_owned());
    lines.filter_map(name).collect()
}

/// Sends a span until it is taken.
async fn taken(server: &Running, number: u64) {
    server
        .until("telemetry is taken", async || {
            let answer = server.post("traces", span(number, now_ns()).to_string()).await;
            (answer.status == StatusCode::OK).then_some(())
        })
        .await;
}

#[tokio::test]
async fn a_database_that_falls_silent_stops_no_loop_for_good() {
    let db = TestDb::new().await;
    let mut behind = db.connect().await;
    let proxy = Proxy::to(db.url()).await;
    let setup = Setup::on(&proxy.url()).with(&["--database-silence", "1s"]);
    let server = setup.start().await;
    taken(&server, 1).await;
    has(&server, 1).await;
    hold_loops(&mut behind, 4).await;
    proxy.fall_silent();
    run(&mut behind, "ROLLBACK").await;
    let refused = server.post("traces", span(2, now_ns()).to_string()).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    proxy.speak();
    let since = Instant::now();
    taken(&server, 3).await;
    has(&server, 3).await;
    // Which loops were in the middle of something is chance, but for a worker and the bus; each that was goes on.
    server
        .until("all that were lost work again", async || {
            let lost = named(&setup.log(), "the database is gone");
            let back = named(&setup.log(), "a loop works again");
            (lost.contains("worker") && lost.contains("bus") && lost.is_subset(&back)).then_some(())
        })
        .await;
    assert!(since.elapsed() < SOON, "{:?}\n{}", since.elapsed(), setup.log());
    server.transformed().await;
    server.stop().await;
}

#[tokio::test]
async fn a_replica_whose_loops_hang_ends_when_it_is_asked_to() {
    let db = TestDb::new().await;
    let mut behind = db.connect().await;
    let proxy = Proxy::to(db.url()).await;
    let setup = Setup::on(&proxy.url()).with(&["--drain", "2s"]);
    let mut server = setup.start().await;
    hold_loops(&mut behind, 1).await;
    proxy.fall_silent();
    let since = Instant::now();
    server.terminate();
    let ended = server.ended().await;
    assert!(ended.success(), "{ended}\n{}", setup.log());
    assert!(since.elapsed() < Duration::from_secs(20), "{:?}", since.elapsed());
    assert!(setup.log().contains("cut off"), "it says so:\n{}", setup.log());
}

#[tokio::test]
async fn what_a_frozen_replica_holds_another_takes_over() {
    let db = TestDb::new().await;
    let mut behind = db.connect().await;
    let quick = ["--database-silence", "1s", "--keep-every", "1s"];
    // So many that who holds a lock does not wait for a connection that others have, and all are held in one moment.
    let many = ["--database-connections", "32"];
    let frozen = Setup::on(db.url()).with(&quick).with(&many).start().await;
    taken(&frozen, 1).await;
    has(&frozen, 1).await;
    let deadline = Instant::now() + SOON;
    // So that the merger has its partitions.
    while unmerged(&mut behind).await > 0 {
        assert!(Instant::now() < deadline, "nothing is merged");
        sleep(Duration::from_millis(50)).await;
    }
    // Whoever takes a lock gets no further than to one of these tables: the merger with what the second span was counted by, the others after it.
    run(&mut behind, "BEGIN; LOCK TABLE series").await;
    taken(&frozen, 2).await;
    has(&frozen, 2).await;
    run(&mut behind, "LOCK TABLE span_fragment, slot, failure").await;
    // The next slot has no partitions yet.
    let next = now_ns() / SLOT_NS + 1;
    frozen
        .until("the next slot begins", async || {
            (now_ns() / SLOT_NS >= next).then_some(())
        })
        .await;
    let log = frozen.post("logs", record("tick", now_ns()).to_string()).await;
    assert_eq!(log.status, StatusCode::OK, "{}", log.text());
    // A worker makes the slot's partitions for it. The other one is to take the span.
    let behind = tokio::sync::Mutex::new(behind);
    let hold = async |locks: &[i64]| {
        let held = held(&mut *behind.lock().await).await;
        locks.iter().all(|lock| held.contains(lock)).then_some(())
    };
    frozen
        .until("partitions are being made", async || hold(&[1]).await)
        .await;
    taken(&frozen, 3).await;
    frozen
        .until("all locks are held", async || hold(&[1, 2, 3, 4, 5, 6, 7]).await)
        .await;
    frozen.freeze();
    let mut behind = behind.into_inner();
    let tokens = async |behind: &mut PgConnection| -> Vec<(i32, i64)> {
        sqlx::query_as("SELECT name, token FROM lock_token ORDER BY name")
            .fetch_all(behind)
            .await
            .unwrap()
    };
    let before = tokens(&mut behind).await;
    assert_eq!(before.len(), 4, "{before:?}");
    run(&mut behind, "ROLLBACK").await;
    let since = Instant::now();

    let setup = Setup::on(db.url()).with(&quick);
    let server = setup.start().await;
    taken(&server, 4).await;
    has(&server, 4).await;
    // What the other one was at, too.
    has(&server, 3).await;
    server.transformed().await;
    let behind = tokio::sync::Mutex::new(behind);
    server
        .until("each lock has another holder, and all is merged", async || {
            let behind = &mut *behind.lock().await;
            let now = tokens(behind).await;
            let taken = before.iter().zip(&now).all(|(before, now)| now.1 > before.1);
            (taken && unmerged(behind).await == 0).then_some(())
        })
        .await;
    assert!(since.elapsed() < SOON, "{:?}\n{}", since.elapsed(), setup.log());

    frozen.thaw();
    taken(&frozen, 5).await;
    has(&frozen, 5).await;
    frozen.stop().await;
    server.stop().await;
}
