//! Texts that are no UTF-8 and items that are no messages, in protobuf, over both transports: the others are kept.

use http::StatusCode;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceResponse;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, InstrumentationScope, KeyValueList, any_value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{Span, Status};
use prost::Message;

use crate::support::{PROTOBUF, attribute, logs, span, start, text, traces};

/// Stands in a message for a text that a sender can write and prost can't: of the same length.
const BAD: &str = "BAD";

/// The message with bytes that are no UTF-8 for every [`BAD`].
fn spoiled(message: &impl Message) -> Vec<u8> {
    let mut bytes = message.encode_to_vec();
    while let Some(at) = bytes.windows(BAD.len()).position(|part| part == BAD.as_bytes()) {
        bytes[at..at + BAD.len()].copy_from_slice(b"a\xffb");
    }
    bytes
}

const REPAIRED: &str = "a\u{fffd}b";

#[tokio::test]
async fn every_text_of_a_span_is_repaired_and_no_other_span_is_lost() {
    let servers = start().await;
    let map = KeyValueList {
        values: vec![text(BAD, BAD)],
    };
    let list = ArrayValue {
        values: vec![AnyValue {
            value: Some(any_value::Value::StringValue(BAD.to_owned())),
        }],
    };
    let mut sent = traces(vec![
        span(1),
        Span {
            name: BAD.to_owned(),
            trace_state: BAD.to_owned(),
            attributes: vec![
                text(BAD, BAD),
                attribute("map", any_value::Value::KvlistValue(map)),
                attribute("list", any_value::Value::ArrayValue(list)),
                attribute("bytes", any_value::Value::BytesValue(vec![0xff, 0xfe])),
            ],
            events: vec![Event {
                name: BAD.to_owned(),
                attributes: vec![text("k", BAD)],
                ..Event::default()
            }],
            links: vec![Link {
                trace_id: vec![7; 16],
                span_id: vec![8; 8],
                trace_state: BAD.to_owned(),
                attributes: vec![text("k", BAD)],
                ..Link::default()
            }],
            status: Some(Status {
                code: 2,
                message: BAD.to_owned(),
            }),
            ..span(2)
        },
        span(3),
    ]);
    let group = &mut sent.resource_spans[0];
    group.schema_url = BAD.to_owned();
    group.resource.as_mut().unwrap().attributes.push(text("host.name", BAD));
    group.scope_spans[0].schema_url = BAD.to_owned();
    group.scope_spans[0].scope = Some(InstrumentationScope {
        name: BAD.to_owned(),
        version: BAD.to_owned(),
        ..InstrumentationScope::default()
    });
    let bytes = spoiled(&sent);
    let reply = servers.post("/v1/traces", &[PROTOBUF], bytes.clone()).await;
    assert_eq!(reply.status, StatusCode::OK);
    let partial = ExportTraceServiceResponse::decode(reply.body)
        .unwrap()
        .partial_success
        .unwrap();
    assert_eq!(partial.rejected_spans, 0);
    assert_eq!(
        partial.error_message,
        "what was no valid Unicode was replaced by U+FFFD in 17 places"
    );
    let batch = servers.sink.spans();
    assert_eq!(batch.spans.len(), 3);
    let span = &batch.spans[1];
    assert_eq!((span.name.as_str(), span.trace_state.as_str()), (REPAIRED, REPAIRED));
    assert_eq!(span.attributes.str(REPAIRED), Some(REPAIRED));
    assert_eq!(
        span.attributes.get("map").unwrap().to_string(),
        format!("{{{REPAIRED}:{REPAIRED}}}")
    );
    assert_eq!(
        span.attributes.get("list").unwrap().to_string(),
        format!("[{REPAIRED}]")
    );
    assert_eq!(span.attributes.get("bytes").unwrap().to_string(), "fffe");
    assert_eq!(span.events[0].name, REPAIRED);
    assert_eq!(span.links[0].attributes.str("k"), Some(REPAIRED));
    assert_eq!(span.status_message, REPAIRED);
    assert_eq!(batch.scopes[0].name, REPAIRED);
    assert_eq!(batch.resource(span).attributes.str("host.name"), Some(REPAIRED));

    // Over gRPC the same bytes are the same request.
    let reply = servers.export("Trace", 0, &bytes).await;
    assert_eq!(reply.code, 0, "{reply:?}");
    assert_eq!(servers.metric("pointsman_ingest_spans_total{outcome=\"duplicate\"}"), 3);
}

#[tokio::test]
async fn every_text_of_a_log_record_is_repaired() {
    let servers = start().await;
    let sent = logs(vec![
        LogRecord {
            body: Some(AnyValue {
                value: Some(any_value::Value::StringValue(BAD.to_owned())),
            }),
            severity_text: BAD.to_owned(),
            event_name: BAD.to_owned(),
            attributes: vec![text(BAD, "v")],
            ..LogRecord::default()
        },
        LogRecord::default(),
    ]);
    let reply = servers.export("Logs", 0, spoiled(&sent)).await;
    let partial = ExportLogsServiceResponse::decode(reply.body)
        .unwrap()
        .partial_success
        .unwrap();
    assert_eq!(
        (partial.rejected_log_records, partial.error_message.as_str()),
        (0, "what was no valid Unicode was replaced by U+FFFD in 4 places")
    );
    let records = servers.sink.logs().records;
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].body.to_string(), REPAIRED);
    assert_eq!(
        (records[0].severity_text.as_str(), records[0].event_name.as_str()),
        (REPAIRED, REPAIRED)
    );
}

#[tokio::test]
async fn an_item_that_is_no_message_costs_no_other() {
    let servers = start().await;
    // A span whose start time is a text: the wrong wire type.
    let odd = [0x3a, 1, b'x'];
    let list = |items: &[&[u8]]| {
        let mut scope = Vec::new();
        for item in items {
            scope.extend([0x12, item.len() as u8]);
            scope.extend_from_slice(item);
        }
        let scope = [&[0x12, scope.len() as u8][..], &scope].concat();
        [&[0x0a, scope.len() as u8][..], &scope].concat()
    };
    let good = Span {
        name: "x".to_owned(),
        ..span(1)
    }
    .encode_to_vec();
    let reply = servers.post("/v1/traces", &[PROTOBUF], list(&[&odd, &good])).await;
    assert_eq!(reply.status, StatusCode::OK);
    let partial = ExportTraceServiceResponse::decode(reply.body)
        .unwrap()
        .partial_success
        .unwrap();
    assert_eq!(partial.rejected_spans, 1);
    assert!(
        partial
            .error_message
            .starts_with("1 span rejected: 1 that can't be read (first: span 1 of service unknown_service: "),
        "{}",
        partial.error_message
    );
    assert_eq!(servers.sink.spans().spans.len(), 1);
}

#[tokio::test]
async fn a_bad_text_in_metrics_does_not_keep_them_from_being_counted() {
    use opentelemetry_proto::tonic::metrics::v1 as metrics;
    let servers = start().await;
    let gauge = metrics::Gauge {
        data_points: vec![metrics::NumberDataPoint::default(); 5],
    };
    let metric = metrics::Metric {
        name: BAD.to_owned(),
        data: Some(metrics::metric::Data::Gauge(gauge)),
        ..Default::default()
    };
    let scope = metrics::ScopeMetrics {
        metrics: vec![metric],
        ..Default::default()
    };
    let request = metrics::MetricsData {
        resource_metrics: vec![metrics::ResourceMetrics {
            scope_metrics: vec![scope],
            ..Default::default()
        }],
    };
    let reply = servers.export("Metrics", 0, spoiled(&request)).await;
    assert_eq!((reply.code, reply.body.is_empty()), (0, false));
}
