//! OTLP over HTTP: what is answered, in which encoding, with which status.

use http::{Method, StatusCode};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use pointsman_ingest::otlp::Limits;
use pointsman_ingest::sink::SinkError;
use prost::Message;
use serde_json::json;
use std::time::Duration;

use crate::support::{GZIP, JSON, Mode, PROTOBUF, gzip, logs, small_limits, span, start, start_with, traces};

#[tokio::test]
async fn a_trace_request_is_stored_and_answered_with_nothing_to_tell() {
    let servers = start().await;
    let reply = servers
        .post(
            "/v1/traces",
            &[PROTOBUF],
            traces(vec![span(1), span(2)]).encode_to_vec(),
        )
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.headers["content-type"], "application/x-protobuf");
    assert_eq!(
        ExportTraceServiceResponse::decode(reply.body).unwrap(),
        ExportTraceServiceResponse::default()
    );
    let batch = servers.sink.spans();
    assert_eq!(batch.spans.len(), 2);
    assert_eq!(batch.resource(&batch.spans[0]).service, "cart");
    assert_eq!(servers.metric("pointsman_ingest_spans_total{outcome=\"accepted\"}"), 2);
    assert_eq!(servers.metric("pointsman_ingest_spans_total{outcome=\"refused\"}"), 0);
    let line =
        r#"pointsman_ingest_requests_total{signal="traces",transport="http",encoding="protobuf",outcome="accepted"}"#;
    assert_eq!(servers.metric(line), 1);
    assert_eq!(
        servers.metric(r#"pointsman_ingest_acknowledge_seconds_count{signal="traces"}"#),
        1
    );
}

#[tokio::test]
async fn json_is_answered_in_json_and_a_charset_is_allowed() {
    let servers = start().await;
    for kind in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
    ] {
        let reply = servers.post("/v1/logs", &[("content-type", kind)], "{}").await;
        assert_eq!(reply.status, StatusCode::OK, "{kind}");
        assert_eq!(reply.json(), json!({}));
    }
}

#[tokio::test]
async fn an_empty_request_is_a_success() {
    let servers = start().await;
    for path in ["/v1/traces", "/v1/logs", "/v1/metrics"] {
        let reply = servers.post(path, &[PROTOBUF], "").await;
        assert_eq!((reply.status, reply.body.len()), (StatusCode::OK, 0), "{path}");
        let reply = servers.post(path, &[JSON], "{}").await;
        assert_eq!((reply.status, reply.json()), (StatusCode::OK, json!({})), "{path}");
    }
    assert!(servers.sink.take().is_empty());
}

#[tokio::test]
async fn the_same_request_counts_once_compressed_or_not() {
    let servers = start().await;
    let bytes = traces(vec![span(1)]).encode_to_vec();
    for (headers, body) in [
        (vec![PROTOBUF], bytes.clone()),
        (vec![PROTOBUF, GZIP], gzip(&bytes)),
        (vec![PROTOBUF], bytes),
    ] {
        assert_eq!(servers.post("/v1/traces", &headers, body).await.status, StatusCode::OK);
    }
    assert_eq!(servers.sink.spans().spans.len(), 1);
    assert_eq!(servers.metric("pointsman_ingest_spans_total{outcome=\"accepted\"}"), 1);
    assert_eq!(servers.metric("pointsman_ingest_spans_total{outcome=\"duplicate\"}"), 2);
}

#[tokio::test]
async fn another_method_is_not_allowed() {
    let servers = start().await;
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let reply = servers.send(method, "/v1/traces", &[], "").await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(reply.headers["allow"], "POST");
        assert_eq!(reply.text(), "OTLP requests are sent with POST\n");
    }
}

#[tokio::test]
async fn a_wrong_content_type_or_compression_is_unsupported_and_says_what_is_not() {
    let servers = start().await;
    let reply = servers
        .post("/v1/traces", &[("content-type", "text/plain")], "hello")
        .await;
    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(
        reply.text(),
        "the Content-Type is text/plain; send application/x-protobuf or application/json\n"
    );
    let reply = servers.post("/v1/traces", &[], "hello").await;
    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(reply.text().contains("is missing"));
    let reply = servers
        .post("/v1/logs", &[JSON, ("content-encoding", "br")], "hello")
        .await;
    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(reply.headers["accept-encoding"], "gzip");
    assert_eq!(reply.json()["message"], "the Content-Encoding is br; send gzip or none");
    let line =
        r#"pointsman_ingest_requests_total{signal="traces",transport="http",encoding="other",outcome="invalid"}"#;
    assert_eq!(servers.metric(line), 2);
}

#[tokio::test]
async fn bad_protobuf_is_a_bad_request_in_protobuf() {
    let servers = start().await;
    let reply = servers.post("/v1/traces", &[PROTOBUF], "this is no protobuf").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let (code, message) = reply.status_message();
    assert_eq!(code, 3);
    assert!(
        message.starts_with("the body is not the OTLP message that it should be: "),
        "{message}"
    );

    let whole = traces(vec![span(1)]).encode_to_vec();
    let reply = servers
        .post("/v1/traces", &[PROTOBUF], whole[..whole.len() - 3].to_vec())
        .await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert!(servers.sink.take().is_empty());
}

#[tokio::test]
async fn bad_json_is_a_bad_request_in_json_that_says_where() {
    let servers = start().await;
    let reply = servers.post("/v1/traces", &[JSON], "{\n \"resourceSpans\": [{]}").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let body = reply.json();
    assert_eq!(body["code"], 3);
    assert_eq!(
        body["message"],
        "the body is not valid OTLP JSON: key must be a string at line 2 column 21"
    );
    let reply = servers.post("/v1/logs", &[JSON], "").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn while_the_database_is_gone_a_sender_is_told_to_try_again() {
    let servers = start().await;
    servers.sink.set(Mode::Fails(SinkError::Unavailable));
    let bytes = traces(vec![span(1), span(2)]).encode_to_vec();
    let reply = servers.post("/v1/traces", &[PROTOBUF], bytes.clone()).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(reply.headers["retry-after"], "2");
    let (code, message) = reply.status_message();
    assert_eq!(
        (code, message.as_str()),
        (14, "the database is not available; nothing was stored, send it again")
    );
    assert_eq!(servers.metric("pointsman_ingest_spans_total{outcome=\"refused\"}"), 2);

    servers.sink.set(Mode::Works);
    assert_eq!(
        servers.post("/v1/traces", &[PROTOBUF], bytes).await.status,
        StatusCode::OK
    );
    assert_eq!(servers.sink.spans().spans.len(), 2);
}

#[tokio::test]
async fn under_overload_a_sender_is_told_to_try_again() {
    let servers = start().await;
    let body = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"hello"}}]}]}]}"#;
    for error in [SinkError::Overloaded, SinkError::Full("the disk is full")] {
        servers.sink.set(Mode::Fails(error.clone()));
        let reply = servers.post("/v1/logs", &[JSON], body).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(reply.headers["retry-after"], "2");
        assert_eq!(reply.json()["code"], 8);
        assert_eq!(reply.json()["message"], error.to_string());
    }
    assert_eq!(
        servers.metric("pointsman_ingest_log_records_total{outcome=\"refused\"}"),
        2
    );
}

#[tokio::test]
async fn a_database_that_hangs_is_as_good_as_gone() {
    let servers = start_with(Limits {
        acknowledge_timeout: Duration::from_millis(50),
        ..small_limits()
    })
    .await;
    servers.sink.set(Mode::Hangs);
    let reply = servers
        .post(
            "/v1/logs",
            &[PROTOBUF],
            logs(vec![LogRecord::default()]).encode_to_vec(),
        )
        .await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(reply.headers["retry-after"], "2");
}

#[tokio::test]
async fn metrics_are_answered_with_how_many_points_are_not_stored() {
    let servers = start().await;
    let body = json!({"resourceMetrics": [{"scopeMetrics": [{"metrics": [
        {"name": "a", "gauge": {"dataPoints": [{"asInt": "1"}, {"asInt": "2"}]}},
        {"name": "b", "histogram": {"dataPoints": [{"count": "1"}]}},
        {"name": "c", "sum": {}}, {"name": "d"}]}]}]});
    let reply = servers.post("/v1/metrics", &[JSON], body.to_string()).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(
        reply.json(),
        json!({"partialSuccess": {"rejectedDataPoints": "3",
               "errorMessage": "metrics are not stored yet; only traces and logs are"}})
    );
}
