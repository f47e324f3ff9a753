//! OTLP's JSON means the same as its protobuf, in all the forms that the mapping allows.

use http::StatusCode;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValueList, any_value};
use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
use opentelemetry_proto::tonic::trace::v1::{Span, Status};
use pointsman_domain::telemetry::{LogSeverity, SpanBatch, SpanKind, StatusCode as Outcome, Value};
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
    assert_eq!(by_protobuf.records[0].severity, LogSeverity::WARN);
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
async fn what_is_wrong_in_a_span_is_named_with_its_place_and_costs_no_other() {
    let servers = start().await;
    let wrong = [
        // Base64, as protobuf's own mapping has it, is what OTLP says not to send.
        (
            r#""traceId":"W47/95gDgQPSabYzgT/GDA==""#,
            "invalid value: string \"W47/95gDgQPSabYzgT/GDA==\", \
             expected an id as hexadecimal digits, two for each byte (not base64) at line 2 column 37",
        ),
        (
            r#""traceId":"abc""#,
            "two for each byte (not base64) at line 2 column 16",
        ),
        (r#""kind":"SPAN_KIND_SERVER""#, "expected a whole number"),
        (r#""startTimeUnixNano":-1"#, "within the field's range"),
        (
            r#""startTimeUnixNano":"18446744073709551616""#,
            "within the field's range",
        ),
        (r#""name":7"#, "invalid type: integer `7`, expected a string"),
        (r#""attributes":{"a":1}"#, "invalid type: map, expected a sequence"),
        (
            r#""attributes":[{"key":"a","value":{"intValue":"1.5"}}]"#,
            "expected a whole number",
        ),
        (
            r#""attributes":[{"key":"a","value":{"intValue":"NaN"}}]"#,
            "expected a whole number",
        ),
        (
            r#""attributes":[{"key":"a","value":{"doubleValue":"fast"}}]"#,
            "expected a number",
        ),
        (
            r#""attributes":[{"key":"a","value":{"doubleValue":1e999}}]"#,
            "number out of range",
        ),
        (
            r#""attributes":[{"key":"a","value":{"boolValue":"true"}}]"#,
            "expected a boolean",
        ),
        (
            r#""attributes":[{"key":"a","value":{"bytesValue":"%"}}]"#,
            "expected bytes as base64",
        ),
        (r#""events":[{"timeUnixNano":true}]"#, "expected a whole number"),
        (r#""links":[{"traceId":1}]"#, "expected an id"),
        (r#""status":2"#, "invalid type: integer `2`"),
    ];
    for (tried, (field, says)) in wrong.into_iter().enumerate() {
        // The same bytes again would be a repeat.
        let good = |n: u8| {
            let (trace, span) = (format!("{n:02x}").repeat(16), format!("{n:02x}").repeat(8));
            format!(r#"{{"traceId":"{trace}","spanId":"{span}","name":"{tried}","startTimeUnixNano":"{NOW}"}}"#)
        };
        let body = format!(
            "{{\"resourceSpans\":[{{\"scopeSpans\":[{{\"spans\":[{},\n{{{field}}},{}]}}]}}]}}",
            good(1),
            good(2)
        );
        let reply = servers.post("/v1/traces", &[JSON], body).await;
        assert_eq!(reply.status, StatusCode::OK, "{field}: {}", reply.text());
        let partial = reply.json()["partialSuccess"].clone();
        assert_eq!(partial["rejectedSpans"], "1", "{field}");
        let told = partial["errorMessage"].as_str().unwrap();
        let place = "1 span rejected: 1 that can't be read (first: span 2 of service unknown_service: ";
        assert!(told.starts_with(place) && told.contains(says), "{field}: {told}");
        assert_eq!(servers.sink.spans().spans.len(), 2, "{field}");
    }
}

#[tokio::test]
async fn what_is_wrong_in_a_log_record_costs_no_other() {
    let servers = start().await;
    let body = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[
        {"severityNumber":"high"},{"body":{"stringValue":"good"}},{"body":{"intValue":"1e99"}},{"traceId":7},
        {"traceId":"xyz","spanId":"0"}]}]}]}"#;
    let reply = servers.post("/v1/logs", &[JSON], body).await;
    let partial = reply.json()["partialSuccess"].clone();
    assert_eq!(partial["rejectedLogRecords"], "3");
    let told = partial["errorMessage"].as_str().unwrap();
    assert!(
        told.starts_with(
            "3 log records rejected: 3 that can't be read (first: log record 1 of service unknown_service: "
        ) && told.ends_with("at line 2 column 32)"),
        "{told}"
    );
    // A record is whole without its trace, as in protobuf.
    let records = servers.sink.logs().records;
    assert_eq!(records.iter().filter(|record| record.trace_id.is_none()).count(), 2);
}

#[tokio::test]
async fn what_is_wrong_in_a_resource_costs_its_own_items_only() {
    let servers = start().await;
    let good = spans(&json!({}))["resourceSpans"][0].clone();
    let mut bad = good.clone();
    bad["resource"] = json!({"attributes": [{"key": "process.pid", "value": {"intValue": "1.5"}}]});
    let mut bad_scope = good.clone();
    bad_scope["scopeSpans"][0]["scope"] = json!({"name": 1});
    let body = json!({"resourceSpans": [bad, good, bad_scope]});
    let reply = servers.post("/v1/traces", &[JSON], body.to_string()).await;
    let partial = reply.json()["partialSuccess"].clone();
    assert_eq!(partial["rejectedSpans"], "2");
    let told = partial["errorMessage"].as_str().unwrap();
    assert!(
        told.contains(
            "first: span 1 of service unknown_service: of its resource or scope, invalid value: string \"1.5\""
        ),
        "{told}"
    );
    assert_eq!(servers.sink.spans().spans.len(), 1);
}

#[tokio::test]
async fn whole_numbers_may_be_written_with_exponents_quoted_or_not() {
    let servers = start().await;
    for written in ["1e3", "\"1e3\"", "\"1.0e3\"", "1000.0", "\"1000.0\""] {
        let body = spans(&json!({"attributes": [{"key": "n", "value": {"intValue": "HERE"}}]})).to_string();
        let reply = servers
            .post("/v1/traces", &[JSON], body.replace("\"HERE\"", written))
            .await;
        assert_eq!(reply.text(), "{}", "{written}");
        let batch = servers.sink.spans();
        assert_eq!(batch.spans[0].attributes.get("n"), Some(&Value::Int(1000)), "{written}");
    }
}

#[tokio::test]
async fn a_text_that_is_no_unicode_is_repaired_and_costs_nothing() {
    let servers = start().await;
    let body = spans(&json!({"name": "HERE", "attributes": [{"key": "KEY", "value": {"stringValue": "HERE"}}]}));
    let text = body.to_string();
    let told = "what was no valid Unicode was replaced by U+FFFD in 3 places";
    for (name, key) in [(r"thumbs up \ud83d", r"\udc00"), (r"thumbs up \uD83D", r"\uDFFF")] {
        let sent = text.replace("HERE", name).replace("KEY", key);
        let reply = servers.post("/v1/traces", &[JSON], sent).await;
        assert_eq!(
            reply.json(),
            json!({"partialSuccess": {"rejectedSpans": "0", "errorMessage": told}})
        );
        let batch = servers.sink.spans();
        assert_eq!(batch.spans[0].name, "thumbs up \u{fffd}");
        assert_eq!(batch.spans[0].attributes.str("\u{fffd}"), Some("thumbs up \u{fffd}"));
    }
    // Bytes that are no UTF-8.
    let sent = [
        b"{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"a ",
        &b"\xff\xfe"[..],
        b" b\"}},{}]}]}]}",
    ]
    .concat();
    let reply = servers.post("/v1/logs", &[JSON], sent).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let records = servers.sink.logs().records;
    assert_eq!(
        (records.len(), records[0].body.to_string().as_str()),
        (2, "a \u{fffd}\u{fffd} b")
    );
    // Nor does it keep metrics from being counted.
    let sent =
        r#"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"\ud83d","gauge":{"dataPoints":[{}]}}]}]}]}"#;
    let reply = servers.post("/v1/metrics", &[JSON], sent).await;
    assert_eq!(reply.json()["partialSuccess"]["rejectedDataPoints"], "1");
}

#[tokio::test]
async fn what_is_wrong_around_the_items_is_named_with_its_place() {
    let servers = start().await;
    for (body, says) in [
        (r#"{"resourceSpans":7}"#, "expected a sequence"),
        ("[]", "at line 1"),
        (r#"{"resource_spans":[]}"#, "lowerCamelCase"),
        (
            r#"{"resourceSpans":[{"scopeSpans":[{"spans":7}]}]}"#,
            "expected a list of objects",
        ),
        (
            r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{},7]}]}]}"#,
            "expected a list of objects",
        ),
    ] {
        let message = error(&servers, body).await;
        assert!(message.contains(says), "{body}: {message}");
    }
}

#[tokio::test]
async fn nesting_without_end_is_refused() {
    let servers = start().await;
    let mut request = traces(vec![span(1), span(2)]);
    request.resource_spans[0].scope_spans[0].spans[0].attributes = vec![attribute("deep", nested(60))];
    let reply = servers
        .post("/v1/traces", &[JSON], serde_json::to_string(&request).unwrap())
        .await;
    let told = reply.json()["partialSuccess"]["errorMessage"].clone();
    assert!(told.as_str().unwrap().contains("recursion limit exceeded"), "{told}");
    assert_eq!(servers.sink.spans().spans.len(), 1);
    // What is unknown is skipped without recursion.
    let open = "[".repeat(20_000);
    assert!(
        error(&servers, &format!("{{\"unknown\": {open}"))
            .await
            .contains("EOF while parsing")
    );
}
