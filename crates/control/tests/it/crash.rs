//! Crashes lose nothing and double nothing: the loops are cut off where they are, again and again.

use std::time::Duration;

use pointsman_control::LoopOptions;
use pointsman_domain::query::LogQuery;
use pointsman_domain::telemetry::SpanKind::{Client, Server};
use pointsman_testing::{log, logs, span, spans};

use crate::house::{House, RANGE, at};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn workers_that_are_cut_off_lose_and_double_nothing() {
    const CALLS: u64 = 200;
    let house = House::new().await;
    for n in 0..CALLS {
        let client = span("storefront").kind(Client).at(at(n));
        let server = span("checkout").kind(Server).child_of(&client);
        house.send_spans(spans([client])).await;
        house
            .send_logs(logs([log("checkout", "an order").within(&server)]))
            .await;
        house.send_spans(spans([server])).await;
    }
    for round in 0..12 {
        let options = LoopOptions {
            workers: 2,
            items_per_cycle: 20,
            ..LoopOptions::default()
        };
        // Somewhere in the middle, elsewhere each time.
        house.crash_after(Duration::from_millis(5 + round * 5), options).await;
    }
    house.work().await;
    assert_eq!(house.served("checkout").await, CALLS);
    assert_eq!(
        house.edges().await,
        [format!("service storefront -> service checkout: {CALLS}, 0")]
    );
    let found = house
        .use_cases()
        .see()
        .logs(&LogQuery {
            range: RANGE,
            limit: 1000,
            ..LogQuery::default()
        })
        .await
        .unwrap();
    assert_eq!(found.lines.len() as u64, CALLS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_compactor_that_is_cut_off_loses_and_doubles_nothing() {
    let house = House::new().await;
    for n in 0..300 {
        let client = span("storefront")
            .kind(Client)
            .at(at(n))
            .attr("server.address", "bank.example");
        house.send_spans(spans([client])).await;
    }
    house.work().await;
    let now = house.clock.now_ns();
    house.clock.set(now + 120 * 1_000_000_000);
    for round in 0..10 {
        let options = LoopOptions {
            workers: 0,
            ..LoopOptions::default()
        };
        house.crash_after(Duration::from_millis(10 + round * 8), options).await;
    }
    house.settle().await;
    assert_eq!(
        house.edges().await,
        ["service storefront -> external bank.example: 300, 0"]
    );
    assert_eq!(house.stored_spans().await, 300);
}
