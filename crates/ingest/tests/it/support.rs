//! A sink that can be told to fail, servers on free ports, a client that sends any bytes, and small requests.

use std::collections::HashSet;
use std::io::Write;
use std::sync::{Arc, Mutex};

use bytes::{BufMut, Bytes, BytesMut};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use pointsman_domain::telemetry::{Batch, LogBatch, SpanBatch};
use pointsman_ingest::gate::{Gate, Open};
use pointsman_ingest::metrics::Metrics;
use pointsman_ingest::otlp::cors::Origins;
use pointsman_ingest::otlp::wrong_port::Ports;
use pointsman_ingest::otlp::{self, Limits, Receiver};
use pointsman_ingest::sink::{Receipt, Sink, SinkError, Submission};
use prometheus_client::registry::Registry;

/// The moment at which all tests run.
pub(crate) const NOW: u64 = 1_800_000_000_000_000_000;
/// An hour in nanoseconds.
pub(crate) const HOUR: u64 = 3_600_000_000_000;

/// What the sink does with submissions.
#[derive(Debug, Clone, Default)]
pub(crate) enum Mode {
    #[default]
    Works,
    Fails(SinkError),
    Hangs,
}

/// Keeps what it is given.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    mode: Mode,
    seen: HashSet<u128>,
    kept: Vec<Batch>,
}

impl Memory {
    pub(crate) fn set(&self, mode: Mode) {
        self.0.lock().unwrap().mode = mode;
    }

    /// All that was kept so far, and forgets it.
    pub(crate) fn take(&self) -> Vec<Batch> {
        std::mem::take(&mut self.0.lock().unwrap().kept)
    }

    /// The one batch of spans that was kept.
    pub(crate) fn spans(&self) -> SpanBatch {
        match <[Batch; 1]>::try_from(self.take()) {
            Ok([Batch::Spans(batch)]) => batch,
            other => panic!("not one batch of spans: {other:?}"),
        }
    }

    /// The one batch of log records that was kept.
    pub(crate) fn logs(&self) -> LogBatch {
        match <[Batch; 1]>::try_from(self.take()) {
            Ok([Batch::Logs(batch)]) => batch,
            other => panic!("not one batch of logs: {other:?}"),
        }
    }
}

impl Sink for Memory {
    async fn append(&self, submission: Submission) -> Result<Receipt, SinkError> {
        assert!(!submission.batch.is_empty(), "a sink is never given nothing");
        let mode = self.0.lock().unwrap().mode.clone();
        match mode {
            Mode::Works => {}
            Mode::Fails(error) => return Err(error),
            Mode::Hangs => std::future::pending().await,
        }
        let mut state = self.0.lock().unwrap();
        if !state.seen.insert(submission.request_hash) {
            return Ok(Receipt::Duplicate);
        }
        state.kept.push(submission.batch);
        Ok(Receipt::Accepted)
    }
}

/// Both receivers before one sink.
pub(crate) struct Servers {
    pub(crate) sink: Memory,
    pub(crate) http: String,
    pub(crate) grpc: String,
    pub(crate) registry: Registry,
}

/// The ports that senders are told; not those of the test.
pub(crate) const PORTS: Ports = Ports { grpc: 4317, http: 4318 };

/// The one site whose pages may send.
pub(crate) const SHOP: &str = "https://shop.example";

/// Starts both with small limits, so that a test reaches them quickly.
pub(crate) async fn start() -> Servers {
    start_with(small_limits()).await
}

/// 64 KiB on the wire, 256 KiB decompressed.
pub(crate) fn small_limits() -> Limits {
    Limits {
        body_bytes: 64 << 10,
        decompressed_bytes: 256 << 10,
        ..Limits::default()
    }
}

pub(crate) async fn start_with(limits: Limits) -> Servers {
    start_behind(Open, limits).await
}

/// Both behind a gate.
pub(crate) async fn start_behind(gate: impl Gate, limits: Limits) -> Servers {
    let sink = Memory::default();
    let mut registry = Registry::default();
    let receiver = Receiver::new(sink.clone(), limits, || NOW, Metrics::register(&mut registry));
    let cors = otlp::cors::layer(Origins::These(vec![HeaderValue::from_static(SHOP)]));
    let http = otlp::http::router(receiver.clone(), gate.clone(), PORTS).layer(cors);
    let http = serve(http).await;
    let grpc = serve(otlp::grpc::router(receiver, gate, PORTS)).await;
    Servers {
        sink,
        http,
        grpc,
        registry,
    }
}

pub(crate) async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

/// What came back over HTTP.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.headers["content-type"], "application/json");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The code and message of a `google.rpc.Status` in protobuf.
    pub(crate) fn status_message(&self) -> (i32, String) {
        assert_eq!(self.headers["content-type"], "application/x-protobuf");
        let status: Status = prost::Message::decode(self.body.clone()).unwrap();
        (status.code, status.message)
    }
}

#[derive(Clone, PartialEq, prost::Message)]
struct Status {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
}

/// What came back over gRPC.
#[derive(Debug)]
pub(crate) struct GrpcReply {
    pub(crate) code: i32,
    pub(crate) message: String,
    /// `grpc-status-details-bin`, decoded.
    pub(crate) details: Vec<u8>,
    /// The message without its frame.
    pub(crate) body: Bytes,
}

pub(crate) const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");
pub(crate) const GZIP: (&str, &str) = ("content-encoding", "gzip");

impl Servers {
    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Reply {
        self.send(Method::POST, path, headers, body).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.http));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
        let response = client
            .request(request.body(Full::new(body.into())).unwrap())
            .await
            .unwrap();
        let (head, body) = response.into_parts();
        Reply {
            status: head.status,
            headers: head.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    /// Calls `Export` with one frame of these bytes.
    pub(crate) async fn export(&self, service: &str, flag: u8, message: impl AsRef<[u8]>) -> GrpcReply {
        let message = message.as_ref();
        let mut frame = BytesMut::new();
        frame.put_u8(flag);
        frame.put_u32(message.len() as u32);
        frame.put_slice(message);
        let lower = service.to_lowercase();
        self.call(
            &format!("/opentelemetry.proto.collector.{lower}.v1.{service}Service/Export"),
            flag == 1,
            frame,
        )
        .await
    }

    /// Calls a method with one frame and an `authorization`.
    pub(crate) async fn export_with(&self, path: &str, authorization: &str, message: &[u8]) -> GrpcReply {
        let mut frame = BytesMut::new();
        frame.put_u8(0);
        frame.put_u32(message.len() as u32);
        frame.put_slice(message);
        self.call_with(path, &[("authorization", authorization)], frame).await
    }

    pub(crate) async fn call(&self, path: &str, gzip: bool, body: impl Into<Bytes>) -> GrpcReply {
        let encoding = [("grpc-encoding", "gzip")];
        self.call_with(path, if gzip { &encoding } else { &[] }, body).await
    }

    async fn call_with(&self, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> GrpcReply {
        let mut request = Request::post(format!("{}{path}", self.grpc))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
        let response = client
            .request(request.body(Full::new(body.into())).unwrap())
            .await
            .unwrap();
        let (head, body) = response.into_parts();
        assert_eq!(head.status, StatusCode::OK, "gRPC tells errors in its own header");
        let body = body.collect().await.unwrap();
        let mut ends = body.trailers().cloned().unwrap_or_default();
        ends.extend(head.headers);
        let status = tonic::Status::from_header_map(&ends).unwrap();
        let mut body = body.to_bytes();
        GrpcReply {
            code: status.code() as i32,
            message: status.message().to_owned(),
            details: status.details().to_vec(),
            body: if body.is_empty() { body } else { body.split_off(5) },
        }
    }

    /// The value of one line of `/metrics`.
    pub(crate) fn metric(&self, line: &str) -> u64 {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).unwrap();
        let found = text
            .lines()
            .find_map(|known| known.strip_prefix(line)?.trim().parse().ok());
        found.unwrap_or_else(|| panic!("no line {line} in\n{text}"))
    }
}

pub(crate) fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn attribute(key: &str, value: any_value::Value) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..KeyValue::default()
    }
}

pub(crate) fn text(key: &str, value: &str) -> KeyValue {
    attribute(key, any_value::Value::StringValue(value.to_owned()))
}

pub(crate) fn service(name: &str) -> Resource {
    Resource {
        attributes: vec![text("service.name", name)],
        ..Resource::default()
    }
}

/// A valid span; `n` makes its ids.
pub(crate) fn span(n: u8) -> Span {
    Span {
        trace_id: vec![n; 16],
        span_id: vec![n; 8],
        name: format!("GET /{n}"),
        kind: 2,
        start_time_unix_nano: NOW - 2_000_000_000,
        end_time_unix_nano: NOW - 1_000_000_000,
        ..Span::default()
    }
}

/// Spans of a service called cart.
pub(crate) fn traces(spans: Vec<Span>) -> ExportTraceServiceRequest {
    let scope_spans = vec![ScopeSpans {
        spans,
        ..ScopeSpans::default()
    }];
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(service("cart")),
            scope_spans,
            ..ResourceSpans::default()
        }],
    }
}

/// Records of a service called cart.
pub(crate) fn logs(log_records: Vec<LogRecord>) -> ExportLogsServiceRequest {
    let scope_logs = vec![ScopeLogs {
        log_records,
        ..ScopeLogs::default()
    }];
    ExportLogsServiceRequest {
        resource_logs: vec![ResourceLogs {
            resource: Some(service("cart")),
            scope_logs,
            ..ResourceLogs::default()
        }],
    }
}
