//! OTLP over gRPC: by a generated client, and byte by byte where that one would not go wrong.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use opentelemetry_proto::tonic::collector::logs::v1::logs_service_client::LogsServiceClient;
use opentelemetry_proto::tonic::collector::metrics::v1::{ExportMetricsPartialSuccess, ExportMetricsServiceResponse};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::metrics::v1 as metrics;
use pointsman_ingest::otlp::Limits;
use pointsman_ingest::sink::SinkError;
use prost::Message;
use tonic::codec::CompressionEncoding;

use crate::support::{Mode, gzip, logs, small_limits, span, start, start_with, traces};

#[tokio::test]
async fn a_generated_client_stores_spans_and_log_records_with_and_without_gzip() {
    let servers = start().await;
    let mut client = TraceServiceClient::connect(servers.grpc.clone()).await.unwrap();
    let response = client.export(traces(vec![span(1)])).await.unwrap();
    assert_eq!(response.into_inner(), ExportTraceServiceResponse::default());
    assert_eq!(servers.sink.spans().spans.len(), 1);

    let mut client = client.send_compressed(CompressionEncoding::Gzip);
    client.export(traces(vec![span(2), span(3)])).await.unwrap();
    assert_eq!(servers.sink.spans().spans.len(), 2);

    let mut client = LogsServiceClient::connect(servers.grpc.clone()).await.unwrap();
    client.export(logs(vec![LogRecord::default()])).await.unwrap();
    assert_eq!(servers.sink.logs().records.len(), 1);

    assert_eq!(servers.metric("pointsman_ingest_spans_total{outcome=\"accepted\"}"), 3);
    let line =
        r#"pointsman_ingest_requests_total{signal="traces",transport="grpc",encoding="protobuf",outcome="accepted"}"#;
    assert_eq!(servers.metric(line), 2);
}

#[tokio::test]
async fn the_same_message_counts_once_over_either_transport() {
    let servers = start().await;
    let bytes = traces(vec![span(1)]).encode_to_vec();
    assert_eq!(servers.export("Trace", 0, &bytes).await.code, 0);
    assert_eq!(servers.export("Trace", 1, gzip(&bytes)).await.code, 0);
    servers.post("/v1/traces", &[crate::support::PROTOBUF], bytes).await;
    assert_eq!(servers.sink.take().len(), 1);
    assert_eq!(servers.metric("pointsman_ingest_spans_total{outcome=\"duplicate\"}"), 2);
}

#[tokio::test]
async fn a_partial_success_says_what_was_rejected() {
    let servers = start().await;
    let mut bad = span(1);
    bad.trace_id.pop();
    let mut client = TraceServiceClient::connect(servers.grpc.clone()).await.unwrap();
    let response = client.export(traces(vec![bad, span(2)])).await.unwrap().into_inner();
    let partial = response.partial_success.unwrap();
    assert_eq!(partial.rejected_spans, 1);
    assert_eq!(
        partial.error_message,
        "1 span rejected: 1 with a trace id that has 15 bytes, expected 16 (first: span 1 \"GET /1\" of service cart)"
    );
    assert_eq!(servers.sink.spans().spans.len(), 1);
}

#[tokio::test]
async fn metrics_are_answered_with_how_many_points_are_not_stored() {
    let servers = start().await;
    let gauge = metrics::Gauge {
        data_points: vec![metrics::NumberDataPoint::default(); 5],
    };
    let metric = metrics::Metric {
        data: Some(metrics::metric::Data::Gauge(gauge)),
        ..Default::default()
    };
    let scope = metrics::ScopeMetrics {
        metrics: vec![metric],
        ..Default::default()
    };
    let resource = metrics::ResourceMetrics {
        scope_metrics: vec![scope],
        ..Default::default()
    };
    let request = metrics::MetricsData {
        resource_metrics: vec![resource],
    };
    let reply = servers.export("Metrics", 0, request.encode_to_vec()).await;
    assert_eq!(reply.code, 0);
    let expected = ExportMetricsPartialSuccess {
        rejected_data_points: 5,
        error_message: "metrics are not stored yet; only traces and logs are".to_owned(),
    };
    assert_eq!(
        ExportMetricsServiceResponse::decode(reply.body)
            .unwrap()
            .partial_success,
        Some(expected)
    );
}

#[tokio::test]
async fn bad_protobuf_is_an_invalid_argument() {
    let servers = start().await;
    let reply = servers.export("Trace", 0, "this is no protobuf").await;
    assert_eq!(reply.code, 3, "{reply:?}");
    assert!(
        reply
            .message
            .starts_with("the body is not the OTLP message that it should be: "),
        "{reply:?}"
    );
    assert!(servers.sink.take().is_empty());
}

#[tokio::test]
async fn truncated_gzip_and_truncated_frames_are_errors() {
    let servers = start().await;
    let whole = gzip(traces(vec![span(1)]).encode_to_vec());
    let reply = servers.export("Trace", 1, &whole[..whole.len() - 5]).await;
    assert_eq!(reply.code, 13, "{reply:?}");
    let path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    let reply = servers.call(path, false, &b"\0\0\0\0\x09hell"[..]).await;
    assert_eq!(reply.code, 13, "{reply:?}");
    let line =
        r#"pointsman_ingest_requests_total{signal="traces",transport="grpc",encoding="protobuf",outcome="invalid"}"#;
    assert_eq!(servers.metric(line), 2);
    assert!(servers.sink.take().is_empty());
}

#[tokio::test]
async fn oversized_messages_and_zip_bombs_are_refused_for_good() {
    let servers = start().await;
    let reply = servers.export("Trace", 0, vec![0; (64 << 10) + 1]).await;
    assert_eq!(reply.code, 8, "{reply:?}");
    assert_eq!(
        reply.message,
        "the body is larger than 65536 bytes, the most that is taken; send smaller batches"
    );
    assert!(reply.details.is_empty(), "without RetryInfo it is not sent again");

    // Over both caps.
    let reply = servers.export("Trace", 0, vec![0; (256 << 10) + 1]).await;
    assert_eq!((reply.code, reply.details.len()), (8, 0), "{reply:?}");

    let reply = servers.export("Logs", 1, gzip(vec![0; 40 << 20])).await;
    assert_eq!(reply.code, 8, "{reply:?}");
    assert!(reply.message.contains("262144 bytes"), "{reply:?}");
    assert!(reply.details.is_empty());
    let line =
        r#"pointsman_ingest_requests_total{signal="logs",transport="grpc",encoding="protobuf",outcome="too_large"}"#;
    assert_eq!(servers.metric(line), 1);
}

#[tokio::test]
async fn while_the_database_is_gone_or_behind_a_sender_is_told_to_try_again() {
    let servers = start().await;
    let full = SinkError::Full("the disk is full");
    for (error, code) in [(SinkError::Unavailable, 14), (SinkError::Overloaded, 8), (full, 8)] {
        servers.sink.set(Mode::Fails(error.clone()));
        let reply = servers.export("Trace", 0, traces(vec![span(1)]).encode_to_vec()).await;
        assert_eq!((reply.code, reply.message), (code, error.to_string()));
        let type_url = b"type.googleapis.com/google.rpc.RetryInfo";
        assert!(
            reply.details.windows(type_url.len()).any(|part| part == type_url),
            "{error:?} has no RetryInfo"
        );
    }
    let line =
        r#"pointsman_ingest_requests_total{signal="traces",transport="grpc",encoding="protobuf",outcome="refused"}"#;
    assert_eq!(servers.metric(line), 3);
}

#[tokio::test]
async fn a_budget_that_is_used_up_is_retryable() {
    let servers = start_with(Limits {
        bytes_in_flight: 10,
        ..small_limits()
    })
    .await;
    let reply = servers.export("Trace", 0, traces(vec![span(1)]).encode_to_vec()).await;
    assert_eq!(reply.code, 8, "{reply:?}");
    assert!(!reply.details.is_empty(), "with RetryInfo");
}

#[tokio::test]
async fn a_hanging_database_is_unavailable() {
    let servers = start_with(Limits {
        acknowledge_timeout: Duration::from_millis(50),
        ..small_limits()
    })
    .await;
    servers.sink.set(Mode::Hangs);
    assert_eq!(
        servers
            .export("Trace", 0, traces(vec![span(1)]).encode_to_vec())
            .await
            .code,
        14
    );
}

#[tokio::test]
async fn unknown_methods_are_unimplemented() {
    let servers = start().await;
    let reply = servers
        .call(
            "/opentelemetry.proto.collector.profiles.v1.ProfilesService/Export",
            false,
            "",
        )
        .await;
    assert_eq!(reply.code, 12, "{reply:?}");
    assert!(
        reply
            .message
            .contains("there is Export of the trace, logs and metrics services")
    );
}

/// A frame's beginning, and nothing more.
struct Slow(Option<Bytes>);

impl Body for Slow {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::convert::Infallible>>> {
        self.0
            .take()
            .map_or(Poll::Pending, |bytes| Poll::Ready(Some(Ok(Frame::data(bytes)))))
    }
}

#[tokio::test]
async fn a_message_that_does_not_arrive_is_given_up_and_may_be_sent_again() {
    let servers = start_with(Limits {
        body_timeout: Duration::from_millis(50),
        ..small_limits()
    })
    .await;
    let path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    let request = http::Request::post(format!("{}{path}", servers.grpc))
        .header("content-type", "application/grpc")
        .body(Slow(Some(Bytes::from_static(b"\0\0\0\0\x09hell"))))
        .unwrap();
    let client: Client<_, Slow> = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    let response = client.request(request).await.unwrap();
    let (head, body) = response.into_parts();
    let mut ends = body.collect().await.unwrap().trailers().cloned().unwrap_or_default();
    ends.extend(head.headers);
    let status = tonic::Status::from_header_map(&ends).unwrap();
    assert_eq!(status.code(), tonic::Code::Unavailable, "{status:?}");
    assert!(!status.details().is_empty(), "with RetryInfo");
    let line =
        r#"pointsman_ingest_requests_total{signal="traces",transport="grpc",encoding="protobuf",outcome="refused"}"#;
    assert_eq!(servers.metric(line), 1);
}
