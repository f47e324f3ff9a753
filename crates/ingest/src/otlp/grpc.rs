//! OTLP over gRPC: `Export` of the three services, gzip or not.
//!
//! The message is taken as bytes and decoded by the same core as HTTP's: what is wrong with it is then INVALID_ARGUMENT, which a
//! sender does not repeat, and the hash is over the bytes that were sent.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Request as HttpRequest;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::{Buf, Bytes};
use http::Version;
use http_body_util::BodyExt;
use prost::Message;
use tonic::codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::Grpc;
use tonic::{Code, Status};

use super::body::CappedBody;
use super::google;
use super::receive::{Receiver, Request};
use super::refusal::Refusal;
use super::response::ExportResponse;
use super::signal::{Encoding, Signal};
use super::wrong_port::{self, Ports, is_grpc};
use crate::gate::{Denied, Gate, Shown};
use crate::metrics::RequestOutcome;
use crate::sink::Sink;

/// Before each message: a flag and the length.
const FRAMING: usize = 5;

/// The paths of all methods.
pub const METHODS: [&str; 3] = [
    "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
];

/// The three services, behind a gate; UNIMPLEMENTED for every other path, and an error for what is no gRPC. Serve it over HTTP/2, and
/// over HTTP/1.1 for those who are wrong here.
#[allow(clippy::needless_pass_by_value, reason = "as HTTP's router takes it")]
pub fn router<S: Sink, G: Gate>(receiver: Receiver<S>, gate: G, ports: Ports) -> Router {
    let wrong = move |request: HttpRequest| wrong_port::at_grpc(request, ports);
    let service = |signal: Signal| {
        let (receiver, gate) = (receiver.clone(), gate.clone());
        post(move |request: HttpRequest| async move {
            if !is_grpc(request.headers()) || request.version() < Version::HTTP_2 {
                return wrong_port::at_grpc(request, ports).await;
            }
            answer(&receiver, &gate, signal, request).await
        })
        .fallback(wrong)
    };
    let signals = METHODS.into_iter().zip(Signal::ALL);
    signals
        .fold(Router::new(), |router, (path, signal)| {
            router.route(path, service(signal))
        })
        .fallback(wrong)
}

async fn answer<S: Sink, G: Gate>(receiver: &Receiver<S>, gate: &G, signal: Signal, request: HttpRequest) -> Response {
    let started = Instant::now();
    let limits = receiver.limits();
    let retry_after = limits.retry_after;
    let count = |outcome| {
        let encoding = Some(Encoding::Protobuf);
        receiver
            .metrics()
            .request(signal, "grpc", encoding, outcome, started.elapsed());
    };
    let permit = match gate.admit(Shown::of(request.headers())).await {
        Ok(permit) => permit,
        Err(denied) => {
            let refusal = Refusal::Denied(denied);
            count(refusal.outcome());
            return status(&refusal, retry_after).into_http::<axum::body::Body>();
        }
    };
    let share = receiver.share();
    let request = request.map(|body| {
        let body = CappedBody::new(body, limits, FRAMING, Arc::clone(&share));
        body.map_err(move |refusal| status(&refusal, retry_after))
    });
    // Stays empty where the message can't be read and so never gets as far as the service.
    let outcome = OnceLock::new();
    let told = &outcome;
    let service = tower::service_fn(move |message: tonic::Request<Bytes>| {
        let share = Arc::clone(&share);
        let request = Request {
            signal,
            encoding: Encoding::Protobuf,
            gzip: false,
            bytes: message.into_inner(),
            permit: permit.clone(),
        };
        async move {
            let result = receiver.receive(request, share).await;
            told.get_or_init(|| result.as_ref().map_or_else(Refusal::outcome, |answer| answer.outcome));
            let answer = result.map_err(|refusal| status(&refusal, retry_after))?;
            Ok(tonic::Response::new(ExportResponse::from(&answer)))
        }
    });
    let mut grpc = Grpc::new(Raw)
        .accept_compressed(CompressionEncoding::Gzip)
        .max_decoding_message_size(limits.decompressed_bytes);
    let response = not_retried(grpc.unary(service, request).await);
    let outcome = outcome.into_inner().unwrap_or_else(|| unread(&response));
    count(outcome);
    response.into_response()
}

/// tonic says OUT_OF_RANGE of a message that is too large, which senders repeat by OTLP's table; it never becomes smaller.
fn not_retried(response: http::Response<tonic::body::Body>) -> http::Response<tonic::body::Body> {
    match response.extensions().get::<Status>() {
        Some(status) if status.code() == Code::OutOfRange => {
            Status::resource_exhausted(format!("{}; send smaller batches", status.message())).into_http()
        }
        _ => response,
    }
}

/// How a request is counted whose message could not be read.
fn unread(response: &http::Response<tonic::body::Body>) -> RequestOutcome {
    let status = response.extensions().get::<Status>();
    match status.map(Status::code) {
        Some(Code::ResourceExhausted) if status.is_some_and(|status| !status.details().is_empty()) => {
            RequestOutcome::Refused
        }
        Some(Code::ResourceExhausted) => RequestOutcome::TooLarge,
        Some(Code::Unavailable) => RequestOutcome::Refused,
        _ => RequestOutcome::Invalid,
    }
}

/// A retryable RESOURCE_EXHAUSTED is told from a final one by its `RetryInfo`, as OTLP says.
fn status(refusal: &Refusal, retry_after: Duration) -> Status {
    let code = match refusal {
        Refusal::Denied(Denied::Unauthenticated(_)) => Code::Unauthenticated,
        Refusal::Denied(Denied::Forbidden(_)) => Code::PermissionDenied,
        Refusal::Malformed(_) | Refusal::Unsupported(_) => Code::InvalidArgument,
        Refusal::TooLarge(_) | Refusal::Overloaded | Refusal::Full(_) => Code::ResourceExhausted,
        Refusal::TooSlow(_) | Refusal::Unavailable | Refusal::Denied(Denied::Unavailable) => Code::Unavailable,
        Refusal::Internal => Code::Internal,
    };
    let message = refusal.to_string();
    if !refusal.is_retryable() {
        return Status::new(code, message);
    }
    let details = vec![google::retry_after(retry_after)];
    let details = google::Status {
        code: code as i32,
        message: message.clone(),
        details,
    };
    Status::with_details(code, message, details.encode_to_vec().into())
}

/// Bytes in, an answer out.
struct Raw;

impl Codec for Raw {
    type Encode = ExportResponse;
    type Decode = Bytes;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(source.copy_to_bytes(source.remaining())))
    }
}

impl Encoder for Raw {
    type Item = ExportResponse;
    type Error = Status;

    fn encode(&mut self, item: ExportResponse, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        item.encode(into).map_err(|error| Status::internal(error.to_string()))
    }
}
