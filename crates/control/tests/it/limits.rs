//! What keeps one reader, or one sender, from taking everything.

use pointsman_control::Problem;
use pointsman_domain::slo::ObjectiveDraft;
use pointsman_store::StoreError;
use pointsman_testing::{span, spans};

use crate::house::{House, RANGE, at, until};

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
    let service = house
        .use_cases()
        .see()
        .service("checkout", RANGE)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(service.operations.len(), pointsman_transform::MAX_OPERATIONS + 1);
    let other = service
        .operations
        .iter()
        .find(|row| row.name == pointsman_transform::OTHER_OPERATIONS);
    assert_eq!(other.map(|row| row.red.requests), Some(3));
}

/// An operation that an objective names is counted apart, whatever else there is: after a restart, and when the objective is made while loops run.
#[tokio::test(flavor = "multi_thread")]
async fn an_operation_that_an_objective_names_is_counted_apart() {
    let house = House::new().await;
    let promise = async |name: &str, operation: &str| {
        let json = format!(
            r#"{{"name":"{name}","service":"checkout","operation":"{operation}","target":0.99,"indicator":{{"kind":"availability"}}}}"#
        );
        let objective: ObjectiveDraft = serde_json::from_str(&json).unwrap();
        house
            .use_cases()
            .promise()
            .create_slo(objective, "because the test says so")
            .await
            .unwrap();
    };
    promise("weekly", "weekly-job").await;
    let names = spans(
        (0..pointsman_transform::MAX_OPERATIONS + 20)
            .map(|n| span("checkout").name(&format!("GET /orders/{n}")).at(at(1))),
    );
    house.send_spans(names).await;
    house.work().await;
    house
        .send_spans(spans([span("checkout").name("weekly-job").at(at(2))]))
        .await;
    house.work().await;
    let requests = async |name: &str| {
        let service = house
            .use_cases()
            .see()
            .service("checkout", RANGE)
            .await
            .unwrap()
            .unwrap();
        let found = service.operations.iter().find(|row| row.name == name);
        found.map_or(0, |row| row.red.requests)
    };
    assert_eq!(requests("weekly-job").await, 1);
    // Two replicas run when the next one is made.
    let other = house.db.store().await;
    let replica = pointsman_control::Control::new(
        other,
        pointsman_control::ControlSettings::default(),
        house.clock.clone(),
    );
    let quick = pointsman_control::LoopOptions::default();
    let metrics = pointsman_control::Metrics::register(&mut prometheus_client::registry::Registry::default());
    let (one, two) = (
        house.start(1),
        pointsman_control::Loops::spawn(&replica, quick, metrics),
    );
    house
        .send_spans(spans([span("checkout").name("monthly-job").at(at(3))]))
        .await;
    house.transformed().await;
    assert_eq!(requests("monthly-job").await, 0, "nobody named it yet");
    promise("monthly", "monthly-job").await;
    until("it is counted apart", async || {
        house
            .send_spans(spans([span("checkout").name("monthly-job").at(at(4))]))
            .await;
        house.transformed().await;
        requests("monthly-job").await > 0
    })
    .await;
    one.stop().await;
    two.stop().await;
}
