//! Requests in, exactly once, and out again.

use std::time::Duration;

use pointsman_domain::read::JournalFull;
use pointsman_domain::telemetry::Batch;
use pointsman_store::SILENCE;
use pointsman_store::bus::{Heard, JOURNAL, Listener};
use pointsman_store::journal::{
    AppendError, Appended, JournalOptions, JournalWriter, MAX_ATTEMPTS, claim, failed, lag,
};
use pointsman_testing::{Proxy, T0, TestDb, log, logs, span, spans};

use crate::proxy;

fn batch(n: usize) -> Batch {
    Batch::Spans(spans((0..n).map(|_| span("checkout"))))
}

#[tokio::test]
async fn what_is_appended_is_claimed_as_it_was() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let mut heard = Listener::connect(&store).await.unwrap();
    let journal = JournalWriter::spawn(&store, JournalOptions::default());
    let records = Batch::Logs(logs([log("cart", "added"), log("cart", "removed")]));
    assert_eq!(journal.append(1, records.clone()).await, Ok(Appended::Committed));
    assert_eq!(heard.next().await.unwrap(), Heard::Topic(JOURNAL.to_owned()));

    let mut tx = store.begin().await.unwrap();
    let claimed = claim(&mut tx, 100, u32::MAX).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].batch, records);
    assert_eq!(claimed[0].attempts, 0);
    tx.commit().await.unwrap();
    let mut conn = store.conn().await.unwrap();
    assert_eq!(lag(&mut conn).await.unwrap().rows, 0);
}

#[tokio::test]
async fn a_request_counts_once_however_often_it_is_sent() {
    let db = TestDb::new().await;
    let (store, other) = (db.store().await, db.store().await);
    // A long gathering brings repeats into one group; two writers are two replicas.
    let slow = JournalOptions {
        gather: Duration::from_millis(50),
        ..JournalOptions::default()
    };
    let (one, two) = (JournalWriter::spawn(&store, slow), JournalWriter::spawn(&other, slow));
    let request = batch(3);
    let sends = (0..20).map(|i| {
        let journal = if i % 2 == 0 { one.clone() } else { two.clone() };
        let request = request.clone();
        tokio::spawn(async move { journal.append(7, request).await })
    });
    let mut new = 0;
    for sent in sends.collect::<Vec<_>>() {
        new += usize::from(sent.await.unwrap() == Ok(Appended::Committed));
    }
    assert_eq!(new, 1);
    // Later, too, and also after a worker has taken it.
    let mut tx = store.begin().await.unwrap();
    assert_eq!(claim(&mut tx, 1000, u32::MAX).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
    assert_eq!(two.append(7, request).await, Ok(Appended::Duplicate));
    assert_eq!(two.append(8, batch(1)).await, Ok(Appended::Committed));
}

#[tokio::test]
async fn a_claim_that_is_not_committed_is_undone() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let journal = JournalWriter::spawn(&store, JournalOptions::default());
    journal.append(1, batch(2)).await.unwrap();

    let mut tx = store.begin().await.unwrap();
    assert_eq!(claim(&mut tx, 10, u32::MAX).await.unwrap().len(), 1);
    let mut other = store.begin().await.unwrap();
    assert!(
        claim(&mut other, 10, u32::MAX).await.unwrap().is_empty(),
        "others do not wait for it"
    );
    drop(tx);
    let mut again = Vec::new();
    for _ in 0..100 {
        again = claim(&mut other, 10, u32::MAX).await.unwrap();
        if !again.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(again.len(), 1);
}

#[tokio::test]
async fn a_claim_is_bounded_by_items_and_takes_the_oldest_first() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let journal = JournalWriter::spawn(&store, JournalOptions::default());
    for hash in 0..10 {
        journal.append(hash, batch(10)).await.unwrap();
    }
    let mut ids = Vec::new();
    for expected in [3, 3, 3, 1, 0] {
        let mut tx = store.begin().await.unwrap();
        let claimed = claim(&mut tx, 35, u32::MAX).await.unwrap();
        assert_eq!(claimed.len(), expected);
        ids.extend(claimed.iter().map(|row| row.id));
        tx.commit().await.unwrap();
    }
    assert!(ids.is_sorted());
    // One at least, however large.
    journal.append(99, batch(10)).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert_eq!(claim(&mut tx, 1, u32::MAX).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_claim_takes_no_more_rows_than_asked_for_whatever_the_plan() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let mut behind = db.connect().await;
    let journal = JournalWriter::spawn(&store, JournalOptions::default());
    journal.append(0, batch(1)).await.unwrap();
    // The planner believes that there is one row, and joins accordingly.
    sqlx::raw_sql("VACUUM ANALYZE journal")
        .execute(&mut behind)
        .await
        .unwrap();
    for hash in 1..=100 {
        journal.append(hash, batch(1)).await.unwrap();
    }
    let mut tx = store.begin().await.unwrap();
    assert_eq!(claim(&mut tx, 1, u32::MAX).await.unwrap().len(), 1, "by items");
    assert_eq!(claim(&mut tx, 1000, 7).await.unwrap().len(), 7, "by rows");
    assert_eq!(claim(&mut tx, 30, u32::MAX).await.unwrap().len(), 30);
    tx.commit().await.unwrap();
    let mut conn = store.conn().await.unwrap();
    assert_eq!(lag(&mut conn).await.unwrap().rows, 101 - 1 - 7 - 30);
}

/// Asks until the journal answers so; `hash` is of the first request that is sent.
async fn append_until(journal: &JournalWriter, mut hash: u128, wanted: Result<Appended, AppendError>) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    loop {
        let answer = journal.append(hash, batch(20)).await;
        if answer == wanted {
            return;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "{answer:?} instead of {wanted:?}"
        );
        hash += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn work_off(store: &pointsman_store::Store) {
    let mut tx = store.begin().await.unwrap();
    while !claim(&mut tx, u32::MAX, u32::MAX).await.unwrap().is_empty() {}
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn over_its_bound_of_bytes_it_refuses_and_takes_more_once_it_is_worked_off() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let small = JournalOptions {
        max_bytes: 20_000,
        ..JournalOptions::default()
    };
    let journal = JournalWriter::spawn(&store, small);
    append_until(&journal, 0, Err(AppendError::Full(JournalFull::Size))).await;
    let waiting = lag(&mut store.conn().await.unwrap()).await.unwrap().bytes;
    assert!((20_000..40_000).contains(&waiting), "{waiting} bytes wait");
    // Another replica learns of it by itself.
    let other = db.store().await;
    let replica = JournalWriter::spawn(&other, small);
    append_until(&replica, 1000, Err(AppendError::Full(JournalFull::Size))).await;
    work_off(&store).await;
    append_until(&journal, 2000, Ok(Appended::Committed)).await;
    append_until(&replica, 3000, Ok(Appended::Committed)).await;
}

#[tokio::test]
async fn over_its_bound_of_age_it_refuses_and_takes_more_once_it_is_worked_off() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let quick = JournalOptions {
        max_age: Duration::from_millis(500),
        ..JournalOptions::default()
    };
    let journal = JournalWriter::spawn(&store, quick);
    append_until(&journal, 0, Err(AppendError::Full(JournalFull::Age))).await;
    work_off(&store).await;
    append_until(&journal, 1000, Ok(Appended::Committed)).await;
}

#[tokio::test]
async fn a_full_disk_is_refused_as_such_and_is_tried_again() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let journal = JournalWriter::spawn(&store, JournalOptions::default());
    let mut behind = db.connect().await;
    let full = "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER no_room BEFORE INSERT ON journal EXECUTE FUNCTION no_room()";
    sqlx::raw_sql(full).execute(&mut behind).await.unwrap();
    let refused = Err(AppendError::Full(JournalFull::Disk));
    assert_eq!(journal.append(1, batch(1)).await, refused);
    assert_eq!(
        journal.append(1, batch(1)).await,
        refused,
        "without asking the database"
    );
    sqlx::raw_sql("DROP TRIGGER no_room ON journal")
        .execute(&mut behind)
        .await
        .unwrap();
    append_until(&journal, 1, Ok(Appended::Committed)).await;
}

#[tokio::test]
async fn a_row_that_fails_again_and_again_is_set_aside() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let journal = JournalWriter::spawn(&store, JournalOptions::default());
    journal.append(1, batch(4)).await.unwrap();
    for attempt in 0..MAX_ATTEMPTS {
        let mut tx = store.begin().await.unwrap();
        let claimed = claim(&mut tx, 10, u32::MAX).await.unwrap();
        assert_eq!(claimed[0].attempts, attempt);
        tx.rollback().await.unwrap();
        let mut conn = store.conn().await.unwrap();
        let moved = failed(&mut conn, &[claimed[0].id], "no such thing").await.unwrap();
        assert_eq!(moved, u64::from(attempt + 1 == MAX_ATTEMPTS));
    }
    let mut conn = store.conn().await.unwrap();
    let lag = lag(&mut conn).await.unwrap();
    assert_eq!((lag.rows, lag.dead), (0, 1));
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_set_aside_and_stops_nobody() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let journal = JournalWriter::spawn(&store, JournalOptions::default());
    let mut behind = db.connect().await;
    sqlx::query("INSERT INTO journal (received_ns, signal, items, body) VALUES (extract(epoch FROM now()) * 1e9, 1, 1, 'damaged')")
        .execute(&mut behind)
        .await
        .unwrap();
    journal.append(1, batch(1)).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert_eq!(claim(&mut tx, 100, u32::MAX).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
    let mut conn = store.conn().await.unwrap();
    assert_eq!(lag(&mut conn).await.unwrap().dead, 1);
}

#[tokio::test]
async fn the_lag_counts_rows_and_items() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let journal = JournalWriter::spawn(&store, JournalOptions::default());
    journal.append(1, batch(4)).await.unwrap();
    journal
        .append(2, Batch::Logs(logs([log("cart", "x").at(T0)])))
        .await
        .unwrap();
    let mut conn = store.conn().await.unwrap();
    let lag = lag(&mut conn).await.unwrap();
    assert_eq!((lag.rows, lag.items, lag.dead), (2, 5, 0));
    assert!(lag.bytes > 0 && lag.file_bytes > lag.bytes);
    assert!(
        lag.age > Duration::ZERO && lag.age < Duration::from_secs(60),
        "by the database's clock"
    );
}

#[tokio::test]
async fn over_the_bound_it_refuses_at_once() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let tight = JournalOptions {
        max_bytes_in_flight: 4096,
        gather: Duration::from_millis(200),
        ..JournalOptions::default()
    };
    let journal = JournalWriter::spawn(&store, tight);
    // The first is larger than the bound, so it goes through alone; the second comes while it waits.
    let sends = tokio::join!(journal.append(1, batch(200)), journal.append(2, batch(200)));
    assert_eq!(sends, (Ok(Appended::Committed), Err(AppendError::Overloaded)));
    assert_eq!(journal.append(2, batch(200)).await, Ok(Appended::Committed));
}

#[tokio::test]
async fn without_a_database_it_refuses_soon_and_goes_on_after() {
    let db = TestDb::new().await;
    let mut proxy = Proxy::to(db.url()).await;
    let store = proxy::store(&proxy, SILENCE).await;
    let journal = JournalWriter::spawn(&store, JournalOptions::default());
    let mut listener = Listener::connect(&store).await.unwrap();
    journal.append(1, batch(1)).await.unwrap();
    assert_eq!(listener.next().await.unwrap(), Heard::Topic(JOURNAL.to_owned()));

    proxy.cut().await;
    let sends = (2..10).map(|hash| {
        let journal = journal.clone();
        tokio::spawn(async move { journal.append(hash, batch(1)).await })
    });
    for sent in sends.collect::<Vec<_>>() {
        let answer = tokio::time::timeout(Duration::from_secs(8), sent)
            .await
            .expect("answers soon");
        assert_eq!(answer.unwrap(), Err(AppendError::Unavailable));
    }
    assert!(listener.next().await.unwrap_err().is_unavailable());

    proxy.mend().await;
    assert_eq!(journal.append(2, batch(1)).await, Ok(Appended::Committed));
    assert_eq!(
        listener.next().await.unwrap(),
        Heard::Gap,
        "it may have missed something"
    );
}
