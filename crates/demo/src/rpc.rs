//! gRPC for the shop: unary methods, served and called with tonic, each in a span after the RPC conventions.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::routing::{MethodRouter, post};
use http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tonic_prost::ProstCodec;
use tracing::{Instrument, Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::{propagation, telemetry};

/// A caller waits no longer for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A unary method: where it is and what goes through it.
pub trait Method: Send + Sync + 'static {
    /// `/package.Service/Method`.
    const PATH: &'static str;
    /// What the caller sends.
    type Request: prost::Message + Default + 'static;
    /// What it gets.
    type Reply: prost::Message + Default + 'static;
}

/// The route that serves `M` with `handler`.
pub fn serve<M, F, Fut>(handler: F) -> MethodRouter
where
    M: Method,
    F: Fn(M::Request) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<M::Reply, Status>> + Send + 'static,
{
    post(move |request: Request| async move {
        let method = M::PATH.trim_start_matches('/');
        let span = info_span!(
            "grpc server",
            otel.name = method,
            otel.kind = "server",
            rpc.system.name = "grpc",
            rpc.method = method,
        );
        propagation::accept(&span, request.headers());
        let service = tower::service_fn(move |request: tonic::Request<M::Request>| {
            let span = span.clone();
            let work = handler(request.into_inner()).instrument(span.clone());
            async move {
                let answer = work.await;
                conclude(&span, answer.as_ref().err(), is_servers_fault);
                answer.map(tonic::Response::new)
            }
        });
        let mut grpc = tonic::server::Grpc::new(ProstCodec::<M::Reply, M::Request>::default());
        grpc.unary(service, request).await
    })
}

/// Calls a service's instances in turn.
#[derive(Clone)]
pub struct Client {
    nodes: Arc<[(SocketAddr, Channel)]>,
    next: Arc<AtomicUsize>,
}

impl Client {
    /// Connects when first called.
    pub fn new(nodes: &[SocketAddr]) -> anyhow::Result<Self> {
        anyhow::ensure!(!nodes.is_empty(), "a client needs an address");
        let nodes = nodes
            .iter()
            .map(|addr| {
                let endpoint = Endpoint::from_shared(format!("http://{addr}"))?.timeout(PATIENCE);
                Ok((*addr, endpoint.connect_lazy()))
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            nodes,
            next: Arc::default(),
        })
    }

    /// Calls `M` on the next instance.
    pub async fn call<M: Method>(&self, message: M::Request) -> Result<M::Reply, Status> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.nodes.len();
        let (addr, channel) = &self.nodes[turn];
        let method = M::PATH.trim_start_matches('/');
        let span = info_span!(
            "grpc client",
            otel.name = method,
            otel.kind = "client",
            rpc.system.name = "grpc",
            rpc.method = method,
            server.address = %addr.ip(),
            server.port = i64::from(addr.port()),
        );
        let mut request = tonic::Request::new(message);
        let mut headers = http::HeaderMap::new();
        propagation::send(&span, &mut headers);
        *request.metadata_mut() = tonic::metadata::MetadataMap::from_headers(headers);
        let call = async {
            let mut grpc = tonic::client::Grpc::new(channel.clone());
            grpc.ready()
                .await
                .map_err(|error| Status::unavailable(format!("{addr} cannot be reached: {error}")))?;
            grpc.unary(
                request,
                PathAndQuery::from_static(M::PATH),
                ProstCodec::<M::Request, M::Reply>::default(),
            )
            .await
        };
        let answer = call.instrument(span.clone()).await;
        conclude(&span, answer.as_ref().err(), |_| true);
        answer.map(tonic::Response::into_inner)
    }
}

/// Writes the outcome of a call to its span; `is_error` says which codes count as errors at this end.
fn conclude(span: &Span, error: Option<&Status>, is_error: impl Fn(Code) -> bool) {
    let code = error.map_or(Code::Ok, Status::code);
    span.set_attribute("rpc.response.status_code", code_name(code));
    if let Some(status) = error.filter(|status| is_error(status.code())) {
        telemetry::failed(span, code_name(code), status.message());
    }
}

/// For a server, these codes are its own errors; the rest are its callers'.
fn is_servers_fault(code: Code) -> bool {
    matches!(
        code,
        Code::Unknown
            | Code::DeadlineExceeded
            | Code::Unimplemented
            | Code::Internal
            | Code::Unavailable
            | Code::DataLoss
    )
}

/// A code's name as in the gRPC documents.
fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
