//! What becomes of single spans and log records: kept whole, repaired, or rejected with a reason.

use http::StatusCode;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceResponse;
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTracePartialSuccess, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, any_value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{Span, Status};
use pointsman_domain::telemetry::{LogSeverity, SpanKind, StatusCode as Outcome, Value};
use prost::Message;

use crate::support::{HOUR, JSON, NOW, PROTOBUF, Servers, attribute, logs, span, start, text, traces};

async fn send(servers: &Servers, spans: Vec<Span>) -> ExportTracePartialSuccess {
    let reply = servers
        .post("/v1/traces", &[PROTOBUF], traces(spans).encode_to_vec())
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    ExportTraceServiceResponse::decode(reply.body)
        .unwrap()
        .partial_success
        .unwrap_or_default()
}

#[tokio::test]
async fn each_wrong_span_is_rejected_with_its_reason_and_the_others_are_kept() {
    let servers = start().await;
    let change = |n: u8, change: fn(&mut Span)| {
        let mut span = span(n);
        change(&mut span);
        span
    };
    let link = |trace_id: usize, span_id: usize| Link {
        trace_id: vec![1; trace_id],
        span_id: vec![1; span_id],
        ..Link::default()
    };
    let mut linked = span(12);
    linked.links = vec![link(16, 8), link(16, 7)];
    let partial = send(
        &servers,
        vec![
            span(1),
            change(2, |s| s.trace_id.clear()),
            change(3, |s| s.trace_id = vec![0; 16]),
            change(4, |s| s.trace_id = vec![0; 16]),
            change(5, |s| s.span_id = vec![0; 8]),
            change(6, |s| s.parent_span_id = vec![1; 16]),
            change(7, |s| s.start_time_unix_nano = 0),
            change(8, |s| {
                s.start_time_unix_nano = NOW - 8 * 24 * HOUR;
                s.end_time_unix_nano = NOW - 8 * 24 * HOUR + 1;
            }),
            change(9, |s| s.end_time_unix_nano = NOW + 2 * HOUR),
            linked,
            span(11),
        ],
    )
    .await;
    assert_eq!(partial.rejected_spans, 9);
    let expected = [
        "9 spans rejected: 1 with a trace id that has 0 bytes, expected 16 (first: span 2 \"GET /2\" of service cart)",
        "2 with a trace id that is all zeros (first: span 3 \"GET /3\" of service cart)",
        "1 with a span id that is all zeros (first: span 5 \"GET /5\" of service cart)",
        "1 with a parent span id that has 16 bytes, expected 8 (first: span 6 \"GET /6\" of service cart)",
        "1 without a start time (first: span 7 \"GET /7\" of service cart)",
        "1 older than the retention (first: span 8 \"GET /8\" of service cart)",
        "1 too far in the future (is the sender's clock right?) (first: span 9 \"GET /9\" of service cart)",
        "1 with a link to an id that has 7 bytes, expected 8 (first: span 10 \"GET /12\" of service cart)",
    ];
    assert_eq!(partial.error_message, expected.join(", "));
    let kept: Vec<String> = servers
        .sink
        .spans()
        .spans
        .iter()
        .map(|span| span.name.to_string())
        .collect();
    assert_eq!(kept, ["GET /1", "GET /11"]);
    assert_eq!(servers.metric("pointsman_ingest_spans_total{outcome=\"rejected\"}"), 9);
    assert_eq!(servers.metric("pointsman_ingest_spans_total{outcome=\"accepted\"}"), 2);
}

#[tokio::test]
async fn a_request_of_wrong_spans_only_is_answered_without_the_sink() {
    let servers = start().await;
    let partial = send(&servers, vec![Span::default(), Span::default()]).await;
    assert_eq!(partial.rejected_spans, 2);
    assert_eq!(
        partial.error_message,
        "2 spans rejected: 2 with a trace id that has 0 bytes, expected 16 (first: span 1 of service cart)"
    );
    assert!(servers.sink.take().is_empty());
}

#[tokio::test]
async fn all_that_a_span_says_is_kept() {
    let servers = start().await;
    let sent = Span {
        parent_span_id: vec![9; 8],
        kind: 4,
        trace_state: "a=b".to_owned(),
        attributes: vec![
            text("http.method", "GET"),
            attribute("n", any_value::Value::IntValue(-3)),
            attribute(
                "list",
                any_value::Value::ArrayValue(ArrayValue {
                    values: vec![
                        AnyValue {
                            value: Some(any_value::Value::BoolValue(true)),
                        },
                        AnyValue { value: None },
                    ],
                }),
            ),
            attribute("raw", any_value::Value::BytesValue(vec![1, 2])),
        ],
        dropped_attributes_count: 1,
        events: vec![Event {
            time_unix_nano: NOW,
            name: "exception".to_owned(),
            ..Event::default()
        }],
        dropped_events_count: 2,
        links: vec![
            Link {
                trace_id: vec![7; 16],
                span_id: vec![8; 8],
                attributes: vec![text("k", "v")],
                ..Link::default()
            },
            // To nothing: it is left out and counted, and the span is kept.
            Link {
                trace_id: vec![0; 16],
                span_id: vec![0; 8],
                ..Link::default()
            },
        ],
        dropped_links_count: 3,
        status: Some(Status {
            code: 2,
            message: "no".to_owned(),
        }),
        flags: 0x301,
        ..span(1)
    };
    assert_eq!(send(&servers, vec![sent]).await, ExportTracePartialSuccess::default());
    let batch = servers.sink.spans();
    let span = &batch.spans[0];
    assert_eq!(span.parent.unwrap().to_string(), "0909090909090909");
    assert_eq!(
        (span.kind, span.status, span.status_message.as_str()),
        (SpanKind::Producer, Outcome::Error, "no")
    );
    assert_eq!((span.trace_state.as_str(), span.dropped), ("a=b", [1, 2, 4]));
    assert_eq!(span.links.len(), 1);
    assert_eq!(span.attributes.str("http.method"), Some("GET"));
    assert_eq!(span.attributes.get("n"), Some(&Value::Int(-3)));
    assert_eq!(
        span.attributes.get("list"),
        Some(&Value::Array(vec![Value::Bool(true), Value::Empty]))
    );
    assert_eq!(span.attributes.get("raw"), Some(&Value::Bytes(vec![1, 2])));
    assert_eq!(
        (span.events[0].time_ns, span.events[0].name.as_str()),
        (NOW, "exception")
    );
    assert_eq!(span.links[0].span_id.to_string(), "0808080808080808");
    assert_eq!(span.links[0].attributes.str("k"), Some("v"));
}

#[tokio::test]
async fn a_span_that_ends_before_it_starts_lasts_no_time_and_unknown_numbers_mean_nothing() {
    let servers = start().await;
    let mut odd = span(1);
    odd.end_time_unix_nano = odd.start_time_unix_nano - 5;
    odd.kind = 99;
    odd.status = Some(Status {
        code: 77,
        message: String::new(),
    });
    let mut endless = span(2);
    endless.end_time_unix_nano = 0;
    assert_eq!(send(&servers, vec![odd, endless]).await.rejected_spans, 0);
    let batch = servers.sink.spans();
    assert!(batch.spans.iter().all(|span| span.duration_ns() == 0));
    assert_eq!(
        (batch.spans[0].kind, batch.spans[0].status),
        (SpanKind::Internal, Outcome::Unset)
    );
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let servers = start().await;
    let mut bytes = traces(vec![span(1)]).encode_to_vec();
    // Field 1000, a varint, at the top.
    bytes.extend([0xc0, 0x3e, 0x05]);
    let reply = servers.post("/v1/traces", &[PROTOBUF], bytes).await;
    assert_eq!((reply.status, reply.body.len()), (StatusCode::OK, 0));
    assert_eq!(servers.sink.spans().spans.len(), 1);
}

#[tokio::test]
async fn equal_resources_are_kept_once() {
    let servers = start().await;
    let mut request = traces(vec![span(1)]);
    request.resource_spans.extend(traces(vec![span(2)]).resource_spans);
    servers.post("/v1/traces", &[PROTOBUF], request.encode_to_vec()).await;
    let batch = servers.sink.spans();
    assert_eq!(
        (batch.resources.len(), batch.scopes.len(), batch.spans.len()),
        (1, 1, 2)
    );
}

/// A list in a list in a list.
pub(crate) fn nested(depth: usize) -> any_value::Value {
    let inside = if depth == 1 {
        vec![]
    } else {
        vec![AnyValue {
            value: Some(nested(depth - 1)),
        }]
    };
    any_value::Value::ArrayValue(ArrayValue { values: inside })
}

#[tokio::test]
async fn values_nested_too_deeply_are_rejected_with_their_span() {
    let servers = start().await;
    let deep = |n, depth| Span {
        attributes: vec![attribute("deep", nested(depth))],
        ..span(n)
    };
    let partial = send(&servers, vec![deep(1, 20), deep(2, 21)]).await;
    assert_eq!(
        partial.error_message,
        "1 span rejected: 1 with values nested deeper than 20 (first: span 2 \"GET /2\" of service cart)"
    );
    assert_eq!(servers.sink.spans().spans.len(), 1);
    // Deeper than the decoder goes.
    let partial = send(&servers, vec![span(1), deep(2, 200), span(3)]).await;
    assert_eq!(
        partial.error_message,
        "1 span rejected: 1 that can't be read (first: span 2 of service cart: it is no message, or is nested too deeply)"
    );
    assert_eq!(servers.sink.spans().spans.len(), 2);
}

#[tokio::test]
async fn a_parent_of_zeros_is_no_parent() {
    let servers = start().await;
    let mut root = span(1);
    root.parent_span_id = vec![0; 8];
    assert_eq!(
        send(&servers, vec![root.clone()]).await,
        ExportTracePartialSuccess::default()
    );
    assert_eq!(servers.sink.spans().spans[0].parent, None);

    root.span_id = vec![2; 8];
    let reply = servers.export("Trace", 0, traces(vec![root]).encode_to_vec()).await;
    assert_eq!((reply.code, reply.body.len()), (0, 0));
    assert_eq!(servers.sink.spans().spans[0].parent, None);

    let json = serde_json::json!({"resourceSpans": [{"scopeSpans": [{"spans": [
        {"traceId": "01".repeat(16), "spanId": "03".repeat(8), "parentSpanId": "0000000000000000",
         "startTimeUnixNano": NOW.to_string()},
        {"traceId": "01".repeat(16), "spanId": "04".repeat(8), "parentSpanId": "",
         "startTimeUnixNano": NOW.to_string()}]}]}]});
    let reply = servers.post("/v1/traces", &[JSON], json.to_string()).await;
    assert_eq!(reply.text(), "{}");
    assert!(servers.sink.spans().spans.iter().all(|span| span.parent.is_none()));
}

#[tokio::test]
async fn a_job_that_ends_within_the_retention_is_taken_however_long_it_took() {
    let servers = start().await;
    let mut job = span(1);
    job.start_time_unix_nano = NOW - 8 * 24 * HOUR;
    job.end_time_unix_nano = NOW;
    assert_eq!(
        send(&servers, vec![job.clone()]).await,
        ExportTracePartialSuccess::default()
    );
    assert_eq!(servers.sink.spans().spans[0].duration_ns(), 8 * 24 * HOUR);
    // A device that began before it knew the time.
    job.start_time_unix_nano = HOUR;
    let partial = send(&servers, vec![job]).await;
    assert_eq!(
        partial.error_message,
        "1 span rejected: 1 that took longer than a year (was the sender's clock set in between?) \
         (first: span 1 \"GET /1\" of service cart)"
    );
}

#[tokio::test]
async fn what_is_ahead_of_the_clock_is_taken_and_told() {
    let servers = start().await;
    let ahead = |n, minutes: u64| {
        let mut span = span(n);
        span.end_time_unix_nano = NOW + minutes * HOUR / 60;
        span
    };
    let partial = send(&servers, vec![ahead(1, 1), ahead(2, 20), ahead(3, 2)]).await;
    assert_eq!(
        (partial.rejected_spans, partial.error_message.as_str()),
        (
            0,
            "2 spans are up to 20.0 min ahead of this server's clock, and counted in figures when that time has come \
             (is the sender's clock right?)"
        )
    );
    assert_eq!(servers.sink.spans().spans.len(), 3);
}

#[tokio::test]
async fn a_resource_that_is_wrong_takes_its_spans_with_it() {
    let servers = start().await;
    let mut request = traces(vec![span(1), span(2)]);
    request.resource_spans[0]
        .resource
        .as_mut()
        .unwrap()
        .attributes
        .push(attribute("deep", nested(21)));
    request.resource_spans.extend(traces(vec![span(3)]).resource_spans);
    let reply = servers.post("/v1/traces", &[PROTOBUF], request.encode_to_vec()).await;
    let partial = ExportTraceServiceResponse::decode(reply.body)
        .unwrap()
        .partial_success
        .unwrap();
    assert_eq!(
        partial.error_message,
        "2 spans rejected: 2 with values nested deeper than 20 (first: all of a resource, from span 1 on)"
    );
    let batch = servers.sink.spans();
    assert_eq!(
        (batch.spans.len(), batch.resource(&batch.spans[0]).service.as_str()),
        (1, "cart")
    );
}

#[tokio::test]
async fn log_records_without_a_time_take_the_next_best_one_and_bad_ids_are_none() {
    let servers = start().await;
    let records = vec![
        LogRecord {
            time_unix_nano: NOW - 5,
            observed_time_unix_nano: NOW - 4,
            ..LogRecord::default()
        },
        LogRecord {
            observed_time_unix_nano: NOW - 4,
            severity_number: 17,
            ..LogRecord::default()
        },
        LogRecord {
            trace_id: vec![1; 16],
            span_id: vec![1; 8],
            severity_number: 25,
            ..LogRecord::default()
        },
        LogRecord {
            trace_id: vec![0; 16],
            span_id: vec![1; 9],
            severity_number: -1,
            ..LogRecord::default()
        },
        LogRecord {
            time_unix_nano: 1,
            ..LogRecord::default()
        },
    ];
    let reply = servers
        .post("/v1/logs", &[PROTOBUF], logs(records).encode_to_vec())
        .await;
    let partial = ExportLogsServiceResponse::decode(reply.body)
        .unwrap()
        .partial_success
        .unwrap();
    assert_eq!(partial.rejected_log_records, 1);
    assert_eq!(
        partial.error_message,
        "1 log record rejected: 1 older than the retention (first: log record 5 of service cart)"
    );
    let records = servers.sink.logs().records;
    let times: Vec<u64> = records.iter().map(|record| record.time_ns).collect();
    assert_eq!(times, [NOW - 5, NOW - 4, NOW, NOW]);
    let severities: Vec<LogSeverity> = records.iter().map(|record| record.severity).collect();
    assert_eq!(severities, [0, 17, 0, 0].map(LogSeverity));
    assert!(records[2].trace_id.is_some() && records[2].span_id.is_some());
    assert!(records[3].trace_id.is_none() && records[3].span_id.is_none());
    assert_eq!(
        servers.metric("pointsman_ingest_log_records_total{outcome=\"rejected\"}"),
        1
    );
}
