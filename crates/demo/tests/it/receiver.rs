//! A receiver of OTLP/gRPC that keeps all it gets.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::routing::{MethodRouter, post};
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;
use tonic::Response;
use tonic_prost::ProstCodec;

/// What came in, with the sender of each.
#[derive(Default)]
pub struct Received {
    pub spans: Vec<(Sender, Span)>,
    pub logs: Vec<(Sender, LogRecord)>,
}

/// Who sent something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    pub service: String,
    pub version: String,
    pub instance: String,
    pub environment: String,
    pub pid: i64,
}

/// Starts to listen.
pub async fn start() -> (SocketAddr, Arc<Mutex<Received>>) {
    let received = Arc::new(Mutex::new(Received::default()));
    let (of_spans, of_logs) = (received.clone(), received.clone());
    let traces = route::<ExportTraceServiceRequest, ExportTraceServiceResponse>(move |request| {
        let mut received = of_spans.lock().unwrap();
        for part in request.resource_spans {
            let sender = sender(part.resource.as_ref());
            let spans = part.scope_spans.into_iter().flat_map(|scope| scope.spans);
            received.spans.extend(spans.map(|span| (sender.clone(), span)));
        }
    });
    let logs = route::<ExportLogsServiceRequest, ExportLogsServiceResponse>(move |request| {
        let mut received = of_logs.lock().unwrap();
        for part in request.resource_logs {
            let sender = sender(part.resource.as_ref());
            let records = part.scope_logs.into_iter().flat_map(|scope| scope.log_records);
            received.logs.extend(records.map(|record| (sender.clone(), record)));
        }
    });
    let router = Router::new()
        .route("/opentelemetry.proto.collector.trace.v1.TraceService/Export", traces)
        .route("/opentelemetry.proto.collector.logs.v1.LogsService/Export", logs);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (addr, received)
}

fn route<M, R>(keep: impl Fn(M) + Clone + Send + Sync + 'static) -> MethodRouter
where
    M: prost::Message + Default + 'static,
    R: prost::Message + Default + 'static,
{
    post(move |request: Request| async move {
        let service = tower::service_fn(move |request: tonic::Request<M>| {
            keep(request.into_inner());
            async { Ok(Response::new(R::default())) }
        });
        tonic::server::Grpc::new(ProstCodec::<R, M>::default())
            .unary(service, request)
            .await
    })
}

fn sender(resource: Option<&Resource>) -> Sender {
    let attributes = resource
        .map(|resource| resource.attributes.as_slice())
        .unwrap_or_default();
    Sender {
        service: text(attributes, "service.name"),
        version: text(attributes, "service.version"),
        instance: text(attributes, "service.instance.id"),
        environment: text(attributes, "deployment.environment.name"),
        pid: int(attributes, "process.pid"),
    }
}

/// The text under a key, or nothing.
pub fn text(attributes: &[KeyValue], key: &str) -> String {
    match value(attributes, key) {
        Some(any_value::Value::StringValue(text)) => text.clone(),
        _ => String::new(),
    }
}

/// The number under a key, or 0.
pub fn int(attributes: &[KeyValue], key: &str) -> i64 {
    match value(attributes, key) {
        Some(any_value::Value::IntValue(number)) => *number,
        _ => 0,
    }
}

fn value<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a any_value::Value> {
    let found = attributes.iter().find(|attribute| attribute.key == key)?;
    found.value.as_ref()?.value.as_ref()
}
