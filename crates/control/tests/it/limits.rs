//! What keeps one reader, or one sender, from taking everything.

use pointsman_control::Problem;
use pointsman_store::StoreError;
use pointsman_testing::{span, spans};

use crate::house::{House, RANGE, at};

#[tokio::test]
async fn a_reader_that_asks_for_too_much_is_told_so() {
    let house = House::new().await;
    let mut reader = house.store.reader().await.unwrap();
    let limit: String = sqlx::query_scalar("SHOW statement_timeout")
        .fetch_one(&mut *reader)
        .await
        .unwrap();
    assert_eq!(limit, "20s");
    sqlx::query("SET LOCAL statement_timeout = '50ms'")
        .execute(&mut *reader)
        .await
        .unwrap();
    let slow = sqlx::query("SELECT pg_sleep(10)")
        .execute(&mut *reader)
        .await
        .unwrap_err();
    let problem = Problem::from(StoreError::from(slow));
    assert!(
        matches!(&problem, Problem::Field(error) if error.field == "range"),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_admits_no_names_anew() {
    let house = House::new().await;
    let names = |from: usize, to: usize| {
        spans((from..to).map(|n| span("checkout").name(&format!("GET /orders/{n}")).at(at(1))))
    };
    house.send_spans(names(0, pointsman_transform::MAX_OPERATIONS)).await;
    house.work().await;
    pointsman_store::rollup::merge(&house.store).await.unwrap();
    // Other loops, as after a restart.
    house.send_spans(names(1000, 1003)).await;
    house.work().await;
    let service = house.desk().service("checkout", RANGE).await.unwrap().unwrap();
    assert_eq!(service.operations.len(), pointsman_transform::MAX_OPERATIONS + 1);
    let other = service
        .operations
        .iter()
        .find(|row| row.name == pointsman_transform::OTHER_OPERATIONS);
    assert_eq!(other.map(|row| row.red.requests), Some(3));
}
