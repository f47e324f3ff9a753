//! What the OpenTelemetry SDKs of Python and Node send is all there afterwards, as it was sent. See `end2end/senders/README.md`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pointsman_domain::ids::TraceId;
use pointsman_domain::read::{LogPage, ServiceSummary, SpanView, TraceDetail, TracePage};
use pointsman_domain::telemetry::{LogSeverity, SpanKind, StatusCode, Value};
use serde::Deserialize;
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::running::Running;

const ORDERS: usize = 20;

/// What a sender printed.
#[derive(Deserialize)]
struct Sent {
    spans: usize,
    records: usize,
    traces: Vec<TraceId>,
}

#[tokio::test]
async fn all_that_the_sdk_of_python_sends_is_stored() {
    let python = root().join("target/venv/bin/python");
    if installed(&python, "the Python packages of end2end/senders") {
        let program = [python, root().join("end2end/senders/send.py")];
        all_is_stored(&program, &["grpc", "http-protobuf"], "ValueError").await;
    }
}

#[tokio::test]
async fn all_that_the_sdk_of_node_sends_is_stored() {
    let folder = root().join("end2end/senders");
    if installed(
        &folder.join("node_modules/@opentelemetry/sdk-node"),
        "the npm packages of end2end/senders",
    ) {
        let program = ["node".into(), folder.join("send.mjs")];
        all_is_stored(&program, &["grpc", "http-protobuf", "http-json"], "RangeError").await;
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Whether the test can run. Where it has to, it fails instead.
pub(crate) fn installed(needed: &Path, what: &str) -> bool {
    let there = needed.exists();
    if !there {
        assert!(std::env::var("CI").is_err(), "{what} are not installed");
        eprintln!("skipped: {what} are not installed; `make test` installs them");
    }
    there
}

async fn all_is_stored(program: &[PathBuf; 2], transports: &[&str], exception: &str) {
    let server = Running::start().await;
    for transport in transports {
        for compression in ["gzip", "none"] {
            let service = format!("{transport}-{compression}");
            let endpoint = if *transport == "grpc" {
                &server.otlp_grpc
            } else {
                &server.otlp_http
            };
            let arguments = [
                "--transport",
                transport,
                "--compression",
                compression,
                "--endpoint",
                endpoint,
            ];
            let sent = send(program, &arguments, &service).await;
            assert_eq!(
                (sent.spans, sent.records, sent.traces.len()),
                (3 * ORDERS, ORDERS + ORDERS / 5, ORDERS)
            );
            arrives(&server, &service, &sent).await;
            let mut previous = None;
            for (number, id) in sent.traces.iter().enumerate() {
                let trace = server
                    .get::<TraceDetail>(&format!("/traces/{id}"))
                    .await
                    .expect("it was there");
                check(&trace, number, previous, exception);
                previous = Some(*id);
            }
        }
    }
    server.stop().await;
}

async fn send(program: &[PathBuf; 2], arguments: &[&str], service: &str) -> Sent {
    let mut command = Command::new(&program[0]);
    command
        .arg(&program[1])
        .args(arguments)
        .args(["--service", service, "--orders", &ORDERS.to_string()]);
    let output = command.output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{service}: {said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{service}: {error}: {said}"))
}

/// Waits until the counts of the service, its traces and its log records are what was sent.
async fn arrives(server: &Running, service: &str, sent: &Sent) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let services: Vec<ServiceSummary> = server.get("/services?range=1h").await.unwrap_or_default();
        let summary = services.iter().find(|summary| summary.name == service);
        let requests = summary.map_or((0, 0), |summary| (summary.red.requests, summary.red.errors));
        let query = format!("service={service}&range=1h");
        let traces: TracePage = server
            .get(&format!("/traces?{query}&limit=200"))
            .await
            .unwrap_or_default();
        let spans: u32 = traces.traces.iter().map(|trace| trace.spans).sum();
        let logs: LogPage = server
            .get(&format!("/logs?{query}&limit=1000"))
            .await
            .unwrap_or_default();
        let found = (requests, traces.traces.len(), spans as usize, logs.lines.len());
        // Every fifth order fails, and its server span says 500.
        let wanted = (
            (ORDERS as u64, ORDERS as u64 / 5),
            sent.traces.len(),
            sent.spans,
            sent.records,
        );
        if found == wanted {
            let versions: Vec<&str> = summary
                .into_iter()
                .flat_map(|s| &s.versions)
                .map(|v| v.version.as_str())
                .collect();
            assert_eq!(versions, ["1.2.3"]);
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{service}: ((requests, errors), traces, spans, records) are {found:?}, not {wanted:?}"
        );
        sleep(Duration::from_millis(100)).await;
    }
}

/// One order as it was sent.
fn check(trace: &TraceDetail, number: usize, previous: Option<TraceId>, exception: &str) {
    let fails = number % 5 == 4;
    let [order, charge, publish] = ["POST /orders", "charge", "orders publish"].map(|name| {
        let span = trace.spans.iter().find(|span| span.name == name);
        span.unwrap_or_else(|| panic!("order {number} has no span {name}"))
    });
    for span in &trace.spans {
        assert_eq!((span.version.as_str(), span.instance.as_str()), ("1.2.3", "shelf-1"));
        assert_eq!((span.scope.name.as_str(), span.scope.version.as_str()), ("shop", "0.1"));
    }
    check_order(order, number, fails);

    assert_eq!((charge.kind, charge.parent), (SpanKind::Client, Some(order.span_id)));
    assert_eq!(charge.attributes.str("peer.service"), Some("bank"));
    if fails {
        assert_eq!(
            (charge.status, charge.status_message.as_str()),
            (StatusCode::Error, "card declined")
        );
        let thrown = charge
            .events
            .iter()
            .find(|event| event.name == "exception")
            .expect("what was thrown");
        assert_eq!(thrown.attributes.str("exception.message"), Some("card declined"));
        assert_eq!(thrown.attributes.str("exception.type"), Some(exception));
    } else {
        assert_eq!((charge.status, charge.events.len()), (StatusCode::Unset, 0));
    }

    assert_eq!(
        (publish.kind, publish.parent),
        (SpanKind::Producer, Some(order.span_id))
    );
    let linked: Vec<TraceId> = publish.links.iter().map(|link| link.trace_id).collect();
    assert_eq!(linked, Vec::from_iter(previous));
    assert!(
        publish
            .links
            .iter()
            .all(|link| link.attributes.get("follows") == Some(&Value::Bool(true)))
    );

    let written: Vec<(LogSeverity, String, _)> = trace
        .logs
        .iter()
        .map(|line| (line.severity, line.body.to_string(), line.span_id))
        .collect();
    let mut expected = vec![(LogSeverity(9), format!("order {number} accepted"), Some(order.span_id))];
    if fails {
        expected.push((LogSeverity::ERROR, "card declined".to_owned(), Some(charge.span_id)));
    }
    assert_eq!(written, expected);
    assert_eq!(trace.logs[0].severity_text, "INFO");
    assert_eq!(
        trace.logs[0].attributes.first_int(&["order.number"]),
        Some(number as i64)
    );
}

fn check_order(order: &SpanView, number: usize, fails: bool) {
    assert_eq!(
        (order.kind, order.parent, order.status),
        (SpanKind::Server, None, StatusCode::Unset)
    );
    assert_eq!(order.error, fails, "500 is an error of a server");
    let attributes = &order.attributes;
    let text = |text: &str| Value::Str(text.into());
    for (key, value) in [
        ("http.request.method", text("POST")),
        ("http.route", text("/orders")),
        ("http.response.status_code", Value::Int(if fails { 500 } else { 201 })),
        ("order.number", Value::Int(number as i64)),
        ("order.total", Value::Double(number as f64 + 0.5)),
        ("order.express", Value::Bool(number.is_multiple_of(2))),
        ("order.items", Value::Array(vec![text("tea"), text("cup")])),
    ] {
        assert_eq!(attributes.get(key), Some(&value), "{key}");
    }
    assert_eq!(order.events.len(), 1);
    assert_eq!(order.events[0].name, "order.accepted");
    assert_eq!(
        order.events[0].attributes.get("order.number"),
        Some(&Value::Int(number as i64))
    );
}
