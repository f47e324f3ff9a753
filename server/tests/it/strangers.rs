//! What senders do that were made for other receivers: the wrong port, pages in browsers, shared span ids, clocks that are ahead, long jobs.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use pointsman_domain::read::{ServiceSummary, Topology, TraceDetail, TracePage};
use pointsman_domain::telemetry::SpanKind;
use pointsman_testing::TestDb;
use serde_json::{Value, json};

use crate::otlp::{now_ns, trace_id};
use crate::running::{Answer, Running, Setup, send};

const SECOND: u64 = 1_000_000_000;
const DAY: u64 = 86_400 * SECOND;

/// Spans of one service in one request.
fn request(service: &str, spans: &[Value]) -> String {
    let attributes = json!([{"key": "service.name", "value": {"stringValue": service}}]);
    json!({"resourceSpans": [{"resource": {"attributes": attributes}, "scopeSpans": [{"spans": spans}]}]}).to_string()
}

/// A span of a trace, `parent` 0 for none, from and to so many milliseconds after `at`.
fn span(trace: u64, id: u64, parent: u64, kind: u8, at: u64, (from, to): (u64, u64)) -> Value {
    let parent = if parent == 0 {
        "0".repeat(16)
    } else {
        format!("{parent:016x}")
    };
    json!({"traceId": trace_id(trace), "spanId": format!("{id:016x}"), "parentSpanId": parent, "name": format!("work {id}"),
        "kind": kind, "startTimeUnixNano": (at + from * 1_000_000).to_string(),
        "endTimeUnixNano": (at + to * 1_000_000).to_string(),
        "attributes": [{"key": "order", "value": {"intValue": "9007199254740993"}}]})
}

async fn sent(server: &Running, service: &str, spans: &[Value]) {
    let answer = server.post("traces", request(service, spans)).await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::OK, "{}"));
}

#[tokio::test]
async fn both_sides_of_a_call_that_share_an_id_are_shown_and_counted() {
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).start().await;
    let at = now_ns() - SECOND;
    // The called side first, each in a request of its own.
    sent(
        &server,
        "zip-b",
        &[span(1, 2, 1, 2, at, (10, 90)), span(1, 3, 2, 1, at, (20, 80))],
    )
    .await;
    server.transformed().await;
    sent(&server, "zip-a", &[span(1, 1, 0, 2, at, (0, 100))]).await;
    server.transformed().await;
    sent(&server, "zip-a", &[span(1, 2, 1, 3, at, (5, 95))]).await;
    server.transformed().await;

    let trace: TraceDetail = server
        .get(&format!("/traces/{}", trace_id(1)))
        .await
        .expect("it is there");
    let rows: Vec<_> = trace
        .spans
        .iter()
        .map(|span| (span.service.as_str(), span.kind, span.depth))
        .collect();
    assert_eq!(
        rows,
        [
            ("zip-a", SpanKind::Server, 0),
            ("zip-a", SpanKind::Client, 1),
            ("zip-b", SpanKind::Server, 2),
            ("zip-b", SpanKind::Internal, 3),
        ]
    );
    let found: TracePage = server.get("/traces?range=15m&service=zip-b").await.expect("a page");
    assert_eq!(found.traces.len(), 1);
    let topology: Topology = server.get("/topology?range=15m").await.expect("a picture");
    let edges: Vec<_> = topology
        .edges
        .iter()
        .map(|edge| (edge.source.name.as_str(), edge.target.name.as_str(), edge.red.requests))
        .collect();
    assert_eq!(edges, [("zip-a", "zip-b", 1)]);

    // Each has a row of its own that can be chosen.
    let id = "0000000000000002";
    let page = server
        .console(&format!("/traces/{}?span={id}.server", trace_id(1)))
        .await
        .text();
    for kind in ["client", "server"] {
        assert!(page.contains(&format!("id=\"span-{id}.{kind}\"")), "{kind}");
    }
    assert_eq!(page.matches(" chosen\"").count(), 1, "one row is chosen");

    // As OTLP has it: JavaScript would read the number as another one.
    let text = server.console(&format!("/api/v1/traces/{}", trace_id(1))).await.text();
    assert!(text.contains(r#"{"Int":"9007199254740993"}"#), "{text}");
}

#[tokio::test]
async fn what_is_ahead_of_the_clock_and_what_took_long_is_found() {
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).start().await;
    let (now, ahead) = (now_ns(), now_ns() + 1200 * SECOND);
    let answer = server
        .post("traces", request("ahead", &[span(1, 1, 0, 2, ahead, (0, 1))]))
        .await;
    let partial = answer.json()["partialSuccess"].clone();
    assert_eq!(partial["rejectedSpans"], "0");
    let told = partial["errorMessage"].as_str().unwrap();
    assert!(told.contains("ahead of this server's clock"), "{told}");
    sent(&server, "job", &[span(2, 1, 0, 1, now - 8 * DAY, (0, 8 * 86_400_000))]).await;
    server.transformed().await;
    for (service, range) in [("ahead", "15m"), ("job", "6h")] {
        let found: TracePage = server
            .get(&format!("/traces?range={range}&service={service}"))
            .await
            .expect("a page");
        assert_eq!(found.traces.len(), 1, "{service}");
    }
    let trace: TraceDetail = server
        .get(&format!("/traces/{}", trace_id(2)))
        .await
        .expect("it is there");
    assert_eq!(
        (trace.summary.start_ns, trace.summary.duration_ns),
        (now - 8 * DAY, 8 * DAY)
    );
    // Figures are counted when a span ends: those of the job by now, those that are ahead when their time has come.
    let services: Vec<ServiceSummary> = server.get("/services?range=15m").await.expect("a list");
    let names: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!(names, ["job"]);
}

async fn options(server: &Running, origin: &str) -> Answer {
    let request = Request::builder()
        .method(Method::OPTIONS)
        .uri(format!("{}/v1/traces", server.otlp_http))
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn pages_of_other_sites_send_only_where_the_settings_say_so() {
    let db = TestDb::new().await;
    let closed = Setup::on(db.url()).start().await;
    let answer = options(&closed, "https://shop.example").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("access-control-allow-origin"), "");
    closed.stop().await;

    let origins = ["--otlp-cors-origin", "https://shop.example,https://app.example"];
    let server = Setup::on(db.url()).with(&origins).start().await;
    for (origin, allowed) in [
        ("https://shop.example", "https://shop.example"),
        ("https://app.example", "https://app.example"),
        ("https://other.example", ""),
        ("null", ""),
    ] {
        let answer = options(&server, origin).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed, "{origin}");
    }
    // The console is none of it.
    let request = Request::get(format!("{}/api/v1/overview", server.console)).header("origin", "https://shop.example");
    let answer = send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn telemetry_for_the_consoles_port_is_told_where_it_belongs() {
    let db = TestDb::new().await;
    // Nobody may read, and still it is no redirect to the sign-in, which an exporter would follow.
    let server = Setup::on(db.url()).with(&["--anonymous", "none"]).start().await;
    let port = |address: &str| address.rsplit_once(':').unwrap().1.to_owned();
    let says = format!(
        "OTLP is not taken at this port; OTLP over HTTP is at port {}, OTLP over gRPC at port {}",
        port(&server.otlp_http),
        port(&server.otlp_grpc)
    );
    let large = request("shop", &vec![span(1, 1, 0, 2, now_ns(), (0, 1)); 1000]);
    assert!(large.len() > 128 << 10);
    for body in ["{}".to_owned(), large] {
        let request = Request::post(format!("{}/v1/traces", server.console)).header("content-type", "application/json");
        let answer = send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.json()["message"], says.as_str());
    }
}
