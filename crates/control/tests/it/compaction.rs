//! Compaction and merge change nothing that a reader sees.

use pointsman_domain::query::{LogQuery, TraceQuery};
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::telemetry::LogSeverity;
use pointsman_domain::telemetry::SpanKind::{Client, Server};
use pointsman_testing::{log, logs, span, spans};

use crate::house::{House, RANGE, at};

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_the_same_before_and_after() {
    let house = House::new().await;
    let mut example = None;
    for n in 0..60 {
        let client = span("storefront").name("POST /orders").kind(Client).at(at(n * 20));
        let server = span("checkout")
            .name("POST /orders")
            .kind(Server)
            .child_of(&client)
            .version("2.0");
        let server = if n % 5 == 0 {
            server.fails("out of stock")
        } else {
            server
        };
        let line = log("checkout", "an order came in").within(&server).at(at(n * 20));
        example = Some(server.as_span().trace_id);
        // The sides of a call arrive apart, so that a trace has several fragments.
        house.send_spans(spans([client])).await;
        house
            .send_logs(logs([line.severity(LogSeverity(if n % 5 == 0 { 17 } else { 9 }))]))
            .await;
        house.send_spans(spans([server])).await;
        if n % 20 == 19 {
            house.work().await;
        }
    }
    let example = example.unwrap();
    let read = async || {
        let traces = TraceQuery {
            range: RANGE,
            service: Some("checkout".into()),
            errors_only: true,
            limit: 200,
            ..TraceQuery::default()
        };
        let lines = LogQuery {
            range: RANGE,
            words: vec!["order".into()],
            limit: 1000,
            ..LogQuery::default()
        };
        let mut trace = house.use_cases().see().trace(example).await.unwrap().unwrap();
        trace.logs.sort_by_key(|line| line.time_ns);
        (
            house.overview().await,
            house.topology().await,
            house
                .use_cases()
                .see()
                .service("checkout", RANGE)
                .await
                .unwrap()
                .unwrap(),
            house.use_cases().see().traces(&traces).await.unwrap(),
            house.use_cases().see().logs(&lines).await.unwrap(),
            trace,
        )
    };
    let before = read().await;
    assert_eq!(before.0.services.len(), 2);
    assert_eq!(before.3.traces.len(), 12);
    assert_eq!(before.4.lines.len(), 60);
    assert_eq!((before.5.spans.len(), before.5.logs.len()), (2, 1));
    house.settle().await;
    let after = read().await;
    assert_eq!(before.0, after.0, "overview");
    assert_eq!(before.1, after.1, "topology");
    assert_eq!(before.2, after.2, "service");
    assert_eq!(before.3, after.3, "traces");
    assert_eq!(before.4, after.4, "logs");
    assert_eq!(before.5, after.5, "trace");
    assert_eq!(house.fragments().await, 0);

    let end_ns = after.5.summary.start_ns + after.5.summary.duration_ns;
    assert!(house.use_cases().see().is_settled(&after.5.summary));
    house.clock.set(end_ns + 60 * SECOND_NS);
    assert!(
        !house.use_cases().see().is_settled(&after.5.summary),
        "its services may still send"
    );
}
