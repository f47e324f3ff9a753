//! What pages get: an empty house, live events, choices, status.

use std::time::Duration;

use pointsman_control::{Control, ControlSettings, LoopOptions, Problem};
use pointsman_domain::health::{Health, Thresholds};
use pointsman_testing::{span, spans};

use crate::house::{House, at};

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_house_has_empty_pages() {
    let house = House::new().await;
    let overview = house.overview().await;
    assert!(overview.services.is_empty() && !overview.status.any_data);
    assert!(house.topology().await.nodes.is_empty());
    assert_eq!(
        house
            .use_cases()
            .see()
            .service("nobody", crate::house::RANGE)
            .await
            .unwrap(),
        None
    );
    house.send_spans(spans([span("checkout").at(at(0))])).await;
    let status = house.use_cases().see().status().await.unwrap();
    assert!(status.any_data, "what waits was received");
    assert_eq!((status.journal_rows, status.journal_items), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_told_that_something_is_new_well_within_two_seconds() {
    let house = House::new().await;
    let mut live = house.use_cases().live().unwrap();
    let loops = house.start_with(LoopOptions::default());
    let first = live.recv().await.unwrap();
    assert_eq!(first.topic, "telemetry");
    let sent = tokio::time::Instant::now();
    house.send_spans(spans([span("checkout").at(at(0))])).await;
    let mut last = first.revision;
    while house.served("checkout").await == 0 {
        let event = tokio::time::timeout(Duration::from_secs(5), live.recv())
            .await
            .unwrap()
            .unwrap();
        assert!(event.revision > last);
        last = event.revision;
    }
    assert!(sent.elapsed() < Duration::from_secs(2), "took {:?}", sent.elapsed());
    loops.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn choices_are_the_services_and_the_operations_of_the_chosen_one() {
    let house = House::new().await;
    let now = house.clock.now_ns();
    let recent = |service: &str, name: &str| span(service).name(name).at(now - 60_000_000_000);
    house
        .send_spans(spans([
            recent("checkout", "POST /orders"),
            recent("cart", "GET /cart").fails("odd"),
        ]))
        .await;
    house.work().await;
    let all = house.use_cases().see().choices(None).await.unwrap();
    assert_eq!(
        all.services,
        [("cart".into(), Health::Healthy), ("checkout".into(), Health::Healthy)]
    );
    assert_eq!(all.operations, ["GET /cart", "POST /orders"]);
    assert_eq!(
        house.use_cases().see().choices(Some("cart")).await.unwrap().operations,
        ["GET /cart"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn thresholds_can_be_set() {
    let house = House::new().await;
    let spans = spans((0..100).map(|n| {
        if n == 0 {
            span("checkout").fails("odd")
        } else {
            span("checkout")
        }
    }));
    house.send_spans(spans).await;
    house.work().await;
    assert_eq!(house.overview().await.services[0].verdict.health, Health::Healthy);
    let thresholds = Thresholds {
        min_errors: 1,
        failing_error_ratio: 0.005,
        ..Thresholds::default()
    };
    let settings = ControlSettings {
        thresholds,
        ..ControlSettings::default()
    };
    let strict = Control::new(house.store.clone(), settings, house.clock.clone());
    let strict = strict.use_cases(house.use_cases().caller().clone());
    let overview = strict.see().overview(crate::house::RANGE).await.unwrap();
    assert_eq!(overview.services[0].verdict.health, Health::Failing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_is_said_to_be_so() {
    let house = House::new().await;
    house.store.close().await;
    assert_eq!(
        house.use_cases().see().overview(crate::house::RANGE).await,
        Err(Problem::Unavailable)
    );
}
