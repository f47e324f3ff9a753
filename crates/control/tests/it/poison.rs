//! Rows that can't be transformed neither block the others nor are lost.

use std::time::Duration;

use pointsman_control::LoopOptions;
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::telemetry::Batch;
use pointsman_store::{Retention, partition, segment};
use pointsman_testing::{span, spans};

use crate::house::{House, at, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_fails_is_set_aside_and_the_others_go_on() {
    let house = House::new().await;
    for n in 0..20 {
        let mut batch = spans([span("checkout").at(at(n))]);
        if n == 7 {
            // No receiver lets this in: a span of a resource that is not there.
            batch.spans[0].resource = 99;
        }
        house.send(Batch::Spans(batch)).await;
    }
    house.work().await;
    assert_eq!(house.served("checkout").await, 19);
    let status = house.use_cases().see().status().await.unwrap();
    assert_eq!((status.journal_dead, status.journal_rows), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_the_database_does_not_take_is_set_aside_while_others_go_on() {
    let house = House::new().await;
    house
        .behind(
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.service = 'poison' THEN RAISE EXCEPTION 'no such value' USING ERRCODE = '22023'; END IF;
                RETURN NEW; END $$;
            CREATE TRIGGER poison BEFORE INSERT ON series_delta FOR EACH ROW EXECUTE FUNCTION poison()",
        )
        .await;
    house.send_spans(spans([span("checkout").at(at(0))])).await;
    // The planner believes that there is one row, and joins accordingly.
    house.behind("VACUUM ANALYZE journal").await;
    for n in 1..41 {
        let service = if n == 20 { "poison" } else { "checkout" };
        house.send_spans(spans([span(service).at(at(n))])).await;
    }
    let loops = house.start(2);
    let mut sent = 0;
    loop {
        house.send_spans(spans([span("steady").at(at(sent % 1000))])).await;
        sent += 1;
        let status = house.use_cases().see().status().await.unwrap();
        if status.journal_dead == 1 && house.served("checkout").await == 40 {
            break;
        }
        assert!(sent < 2000, "{status:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    house.transformed().await;
    loops.stop().await;
    assert_eq!(house.served("steady").await, sent);
    assert_eq!(house.served("poison").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_is_set_aside_even_alone() {
    let house = House::new().await;
    house.send_spans(spans([span("checkout").at(at(0))])).await;
    house.spoil_journal().await;
    house.work().await;
    let status = house.use_cases().see().status().await.unwrap();
    assert_eq!((status.journal_dead, status.journal_rows), (1, 0));
    assert!(status.any_data);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_database_sets_nothing_aside() {
    let house = House::new().await;
    house.behind("ALTER TABLE series_delta RENAME TO elsewhere").await;
    house.send_spans(spans([span("checkout").at(at(0))])).await;
    house.send_spans(spans([span("checkout").at(at(1))])).await;
    // Long enough for many more tries than a row has.
    let quick = LoopOptions {
        items_per_cycle: 1,
        ..LoopOptions::default()
    };
    house.crash_after(Duration::from_secs(2), quick).await;
    let status = house.use_cases().see().status().await.unwrap();
    assert_eq!((status.journal_dead, status.journal_rows), (0, 2));
    house.behind("ALTER TABLE elsewhere RENAME TO series_delta").await;
    house.work().await;
    assert_eq!(house.served("checkout").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_cannot_be_compacted_holds_up_no_other_and_expires() {
    let house = House::new().await;
    house.send_spans(spans([span("checkout").at(at(0))])).await;
    house.work().await;
    house.behind("UPDATE span_fragment SET payload = '\\xff00'").await;
    house.clock.set(house.clock.now_ns() + 90 * SECOND_NS);
    house.send_spans(spans([span("checkout").at(at(1))])).await;
    house.work().await;
    house.clock.set(house.clock.now_ns() + 120 * SECOND_NS);
    let loops = house.start(0);
    until("the sound slot is compacted", async || house.stored_spans().await == 1).await;
    loops.stop().await;
    assert_eq!(house.fragments().await, 1, "the other is still there");

    let later = house.clock.now_ns() + 9 * 86_400 * SECOND_NS;
    partition::drop_expired(&house.store, later, &Retention::default())
        .await
        .unwrap();
    assert_eq!(house.fragments().await, 0);
    segment::drop_compacted(&house.store).await.unwrap();
    let open = segment::settled_slots(&mut house.store.conn().await.unwrap(), later)
        .await
        .unwrap();
    assert_eq!(open, []);
}
