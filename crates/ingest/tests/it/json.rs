//! OTLP's JSON means the same as its protobuf, in all the forms that the mapping allows.

use http::StatusCode;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValueList, any_value};
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{Span, Status};
use pointsman_domain::telemetry::{Severity, SpanBatch, SpanKind, StatusCode as Outcome, Value};
use prost::Message;
use serde_json::{Value as Json, json};

use crate::items::nested;
use crate::support::{JSON, NOW, PROTOBUF, Servers, attribute, logs, span, start, text, traces};

async fn accept(servers: &Servers, body: &Json) -> SpanBatch {
    let reply = servers.post("/v1/traces", &[JSON], body.to_string()).await;
    assert_eq!((reply.status, reply.text()), (StatusCode::OK, "{}"));
    servers.sink.spans()
}

async fn error(servers: &Servers, body: &str) -> String {
    let reply = servers.post("/v1/traces", &[JSON], body.to_owned()).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.text());
    reply.json()["message"].as_str().unwrap().to_owned()
}

/// The least that a span has to have, and `more`.
fn spans(more: &Json) -> Json {
    let mut span = json!({"traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "eee19b7ec3c1b174",
        "startTimeUnixNano": (NOW - 10).to_string()});
    span.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]})
}

#[tokio::test]
async fn the_same_spans_in_json_and_in_protobuf_are_the_same_batch() {
    let servers = start().await;
    let list = |values| any_value::Value::ArrayValue(ArrayValue { values });
    let sent = traces(vec![Span {
        parent_span_id: vec![0xab; 8],
        trace_state: "a=b".to_owned(),
        attributes: vec![
            text("text", "naïve \"quotes\""),
            attribute("int", any_value::Value::IntValue(i64::MIN)),
            attribute("double", any_value::Value::DoubleValue(0.1)),
            attribute("bool", any_value::Value::BoolValue(false)),
            attribute("bytes", any_value::Value::BytesValue(vec![0xfb, 0xff])),
            attribute("empty list", list(vec![])),
            attribute(
                "list",
                list(vec![AnyValue {
                    value: Some(any_value::Value::IntValue(1)),
                }]),
            ),
            attribute(
                "map",
                any_value::Value::KvlistValue(KeyValueList {
                    values: vec![text("k", "v")],
                }),
            ),
            attribute("deep", nested(20)),
        ],
        events: vec![Event {
            time_unix_nano: NOW,
            name: "e".to_owned(),
            attributes: vec![text("k", "v")],
            ..Event::default()
        }],
        links: vec![Link {
            trace_id: vec![7; 16],
            span_id: vec![8; 8],
            ..Link::default()
        }],
        dropped_attributes_count: 1,
        dropped_events_count: 2,
        dropped_links_count: 3,
        status: Some(Status {
            code: 2,
            message: "no".to_owned(),
        }),
        ..span(1)
    }]);
    servers.post("/v1/traces", &[PROTOBUF], sent.encode_to_vec()).await;
    let by_protobuf = servers.sink.spans();
    let by_json = accept(&servers, &serde_json::to_value(&sent).unwrap()).await;
    assert_eq!(by_json, by_protobuf);
}

#[tokio::test]
async fn the_same_log_records_in_json_and_in_protobuf_are_the_same_batch() {
    let servers = start().await;
    let sent = logs(vec![opentelemetry_proto::tonic::logs::v1::LogRecord {
        time_unix_nano: NOW - 1,
        observed_time_unix_nano: NOW,
        severity_number: 13,
        severity_text: "warning".to_owned(),
        body: Some(AnyValue {
            value: Some(any_value::Value::StringValue("careful".to_owned())),
        }),
        attributes: vec![text("k", "v")],
        trace_id: vec![1; 16],
        span_id: vec![2; 8],
        event_name: "device.app.lifecycle".to_owned(),
        ..Default::default()
    }]);
    servers.post("/v1/logs", &[PROTOBUF], sent.encode_to_vec()).await;
    let by_protobuf = servers.sink.logs();
    servers
        .post("/v1/logs", &[JSON], serde_json::to_string(&sent).unwrap())
        .await;
    assert_eq!(servers.sink.logs(), by_protobuf);
    assert_eq!(by_protobuf.records[0].severity, Severity::WARN);
    assert_eq!(by_protobuf.records[0].event_name, "device.app.lifecycle");
}

#[tokio::test]
async fn a_trace_as_the_specification_writes_one() {
    let servers = start().await;
    let start_ns = NOW - 1_000_000;
    let batch = accept(
        &servers,
        &json!({"resourceSpans": [{
            "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "my.service"}}]},
            "scopeSpans": [{
                "scope": {"name": "my.library", "version": "1.0.0",
                          "attributes": [{"key": "my.scope.attribute", "value": {"stringValue": "some scope attribute"}}]},
                "spans": [{
                    "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
                    "parentSpanId": "EEE19B7EC3C1B173", "name": "I'm a server span",
                    "startTimeUnixNano": start_ns.to_string(), "endTimeUnixNano": (start_ns + 1000).to_string(),
                    "kind": 2,
                    "attributes": [{"key": "my.span.attr", "value": {"stringValue": "some value"}}]
                }]
            }]
        }]}),
    )
    .await;
    let span = &batch.spans[0];
    assert_eq!(span.trace_id.to_string(), "5b8efff798038103d269b633813fc60c");
    assert_eq!(span.parent.unwrap().to_string(), "eee19b7ec3c1b173");
    assert_eq!((span.kind, span.duration_ns()), (SpanKind::Server, 1000));
    assert_eq!(batch.resource(span).service, "my.service");
    assert_eq!(
        batch.scopes[0].attributes.str("my.scope.attribute"),
        Some("some scope attribute")
    );
}

#[tokio::test]
async fn numbers_may_be_numbers_or_text() {
    let servers = start().await;
    let batch = accept(
        &servers,
        &spans(
            &json!({"endTimeUnixNano": NOW, "kind": "3", "droppedLinksCount": "4", "status": {"code": 1},
            "attributes": [
                {"key": "a", "value": {"intValue": "-7"}}, {"key": "b", "value": {"intValue": 7}},
                {"key": "c", "value": {"intValue": 7.0}}, {"key": "d", "value": {"doubleValue": "NaN"}},
                {"key": "e", "value": {"doubleValue": "-Infinity"}}, {"key": "f", "value": {"doubleValue": 2}},
                {"key": "g", "value": {"doubleValue": "1.5"}}]}),
        ),
    )
    .await;
    let span = &batch.spans[0];
    assert_eq!(
        (span.end_ns, span.kind, span.dropped, span.status),
        (NOW, SpanKind::Client, [0, 0, 4], Outcome::Ok)
    );
    let values: Vec<String> = span.attributes.iter().map(|(_, value)| value.to_string()).collect();
    assert_eq!(values, ["-7", "7", "7", "NaN", "-inf", "2", "1.5"]);
}

#[tokio::test]
async fn null_missing_and_unknown_fields_are_nothing() {
    let servers = start().await;
    let batch = accept(
        &servers,
        &spans(&json!({"name": null, "kind": null, "endTimeUnixNano": null, "parentSpanId": "", "attributes": [
                {"key": "a", "value": null}, {"key": "b"}, {"key": "c", "value": {}}, {"key": "d", "value": {"newValue": 1}},
                {"value": {"stringValue": "no key"}}, {"key": "e", "value": {"arrayValue": {}}},
                {"key": "f", "value": {"kvlistValue": {"values": null}}}, {"key": "g", "value": {"stringValue": null}}],
            "events": null, "links": [], "status": null, "flags": 257, "someNewField": {"deep": [1, 2]}, "span_id": "snake"})),
    )
    .await;
    let span = &batch.spans[0];
    assert_eq!(
        (span.name.as_str(), span.kind, span.parent),
        ("", SpanKind::Internal, None)
    );
    let values: Vec<&Value> = span.attributes.iter().map(|(_, value)| value).collect();
    let empty = Value::Empty;
    assert_eq!(values[..4], [&empty; 4]);
    assert_eq!(values[4..6], [&Value::Str("no key".into()), &Value::Array(vec![])]);
    assert_eq!(values[7], &empty);
}

#[tokio::test]
async fn bytes_are_base64_of_either_alphabet_padded_or_not() {
    let servers = start().await;
    for text in ["+/8=", "-_8=", "-_8", "+/8"] {
        let batch = accept(
            &servers,
            &spans(&json!({"name": text, "attributes": [{"key": "b", "value": {"bytesValue": text}}]})),
        )
        .await;
        assert_eq!(
            batch.spans[0].attributes.get("b"),
            Some(&Value::Bytes(vec![0xfb, 0xff])),
            "{text}"
        );
    }
}

#[tokio::test]
async fn what_is_wrong_is_named_with_its_place() {
    let servers = start().await;
    // Base64, as protobuf's own mapping has it, is what OTLP says not to send.
    let message = error(
        &servers,
        r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"W47/95gDgQPSabYzgT/GDA=="}]}]}]}"#,
    )
    .await;
    assert_eq!(
        message,
        "the body is not valid OTLP JSON: invalid value: string \"W47/95gDgQPSabYzgT/GDA==\", \
         expected an id as hexadecimal digits, two for each byte (not base64) at line 1 column 80"
    );
    for (body, says) in [
        (r#"{"resourceSpans":7}"#, "expected a sequence"),
        ("[]", "at line 1"),
        (
            r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":"SPAN_KIND_SERVER"}]}]}]}"#,
            "expected a whole number",
        ),
        (
            r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":-1}]}]}]}"#,
            "within the field's range",
        ),
        (
            r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"abc"}]}]}]}"#,
            "two for each byte",
        ),
        (r#"{"resource_spans":[]}"#, "lowerCamelCase"),
    ] {
        let message = error(&servers, body).await;
        assert!(message.contains(says), "{body}: {message}");
    }
}

#[tokio::test]
async fn nesting_without_end_is_refused() {
    let servers = start().await;
    let mut request = traces(vec![span(1)]);
    request.resource_spans[0].scope_spans[0].spans[0].attributes = vec![attribute("deep", nested(60))];
    let message = error(&servers, &serde_json::to_string(&request).unwrap()).await;
    assert!(message.contains("recursion limit exceeded"), "{message}");
    // What is unknown is skipped without recursion.
    let open = "[".repeat(20_000);
    assert!(
        error(&servers, &format!("{{\"unknown\": {open}"))
            .await
            .contains("EOF while parsing")
    );
}
