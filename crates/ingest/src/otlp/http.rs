//! OTLP over HTTP: `POST /v1/traces`, `/v1/logs` and `/v1/metrics`, protobuf or JSON, gzip or not.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::Request as HttpRequest;
use axum::response::Response;
use axum::routing::{MethodRouter, post};
use http::header::{
    ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

use super::body::{CappedBody, drain};
use super::limits::Limits;
use super::receive::{Answer, Receiver, Request};
use super::refusal::Refusal;
use super::response::{ExportResponse, as_json, error, protobuf};
use super::signal::{Encoding, Signal};
use super::wrong_port::{self, Ports, is_grpc};
use crate::gate::{Denied, Gate, Shown};
use crate::sink::Sink;

/// All paths; each takes POST only, with a slash at its end, too.
pub const PATHS: [&str; 3] = ["/v1/traces", "/v1/logs", "/v1/metrics"];

/// The three paths, behind a gate; every other is told which there are. Serve it over HTTP/1.1 or HTTP/2.
#[allow(clippy::needless_pass_by_value, reason = "as gRPC's router takes it")]
pub fn router<S: Sink, G: Gate>(receiver: Receiver<S>, gate: G, ports: Ports) -> Router {
    let signals = PATHS.into_iter().zip(Signal::ALL);
    let router = signals.fold(Router::new(), |router, (path, signal)| {
        let method = method(receiver.clone(), gate.clone(), signal, ports);
        router.route(path, method.clone()).route(&format!("{path}/"), method)
    });
    router.fallback(move |request: HttpRequest| wrong_port::at_http(request, ports))
}

fn method<S: Sink, G: Gate>(receiver: Receiver<S>, gate: G, signal: Signal, ports: Ports) -> MethodRouter {
    post(move |request: HttpRequest| async move {
        if is_grpc(request.headers()) {
            return wrong_port::at_http(request, ports).await;
        }
        answer(&receiver, &gate, signal, request).await
    })
    .fallback(async || {
        let sentence = "OTLP requests are sent with POST\n";
        (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "POST")], sentence)
    })
}

async fn answer<S: Sink, G: Gate>(receiver: &Receiver<S>, gate: &G, signal: Signal, request: HttpRequest) -> Response {
    let started = Instant::now();
    let (head, body) = request.into_parts();
    let encoding = encoding(&head.headers);
    let share = receiver.share();
    let mut body = CappedBody::new(body, receiver.limits(), 0, Arc::clone(&share));
    let result = async {
        let permit = gate.admit(Shown::of(&head.headers)).await.map_err(Refusal::Denied)?;
        let encoding = encoding.clone()?;
        let gzip = gzip(&head.headers)?;
        check_length(&head.headers, receiver.limits())?;
        let bytes = body.read().await?;
        receiver
            .receive(
                Request {
                    signal,
                    encoding,
                    gzip,
                    bytes,
                    permit,
                },
                share,
            )
            .await
    }
    .await;
    let encoding = encoding.ok();
    let outcome = result.as_ref().map_or_else(Refusal::outcome, |answer| answer.outcome);
    if result.is_err() {
        drain(body.into_inner(), receiver.limits().body_bytes).await;
    }
    receiver
        .metrics()
        .request(signal, "http", encoding, outcome, started.elapsed());
    match result {
        Ok(answer) => success(signal, encoding.unwrap_or(Encoding::Protobuf), &answer),
        Err(refusal) => failure(encoding, &refusal, receiver.limits()),
    }
}

/// Which encoding the body is in, and so the answer.
pub(super) fn encoding(headers: &HeaderMap) -> Result<Encoding, Refusal> {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/x-protobuf") {
        Ok(Encoding::Protobuf)
    } else if kind.eq_ignore_ascii_case("application/json") {
        Ok(Encoding::Json)
    } else {
        let given = if kind.is_empty() { "missing" } else { kind };
        Err(Refusal::Unsupported(format!(
            "the Content-Type is {given}; send application/x-protobuf or application/json"
        )))
    }
}

fn gzip(headers: &HeaderMap) -> Result<bool, Refusal> {
    let Some(given) = headers.get(CONTENT_ENCODING) else {
        return Ok(false);
    };
    match given.to_str().unwrap_or("not text").trim() {
        // HTTP has both names for it.
        text if text.eq_ignore_ascii_case("gzip") || text.eq_ignore_ascii_case("x-gzip") => Ok(true),
        text if text.is_empty() || text.eq_ignore_ascii_case("identity") => Ok(false),
        other => Err(Refusal::Unsupported(format!(
            "the Content-Encoding is {other}; send gzip or none"
        ))),
    }
}

/// What is announced as too large need not be read.
fn check_length(headers: &HeaderMap, limits: &Limits) -> Result<(), Refusal> {
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > limits.body_bytes as u64) {
        return Err(Refusal::over_body_cap(limits.body_bytes));
    }
    Ok(())
}

fn success(signal: Signal, encoding: Encoding, answer: &Answer) -> Response {
    match encoding {
        Encoding::Protobuf => protobuf(StatusCode::OK, &ExportResponse::from(answer)),
        Encoding::Json => {
            // 64-bit numbers are text in protobuf's JSON mapping.
            let body = match answer.message.as_str() {
                "" => json!({}),
                message => json!({ "partialSuccess": {
                    signal.rejected_field(): answer.rejected.to_string(), "errorMessage": message } }),
            };
            as_json(StatusCode::OK, &body)
        }
    }
}

fn failure(encoding: Option<Encoding>, refusal: &Refusal, limits: &Limits) -> Response {
    let (status, code) = match refusal {
        Refusal::Denied(Denied::Unauthenticated(_)) => (StatusCode::UNAUTHORIZED, tonic::Code::Unauthenticated),
        Refusal::Denied(Denied::Forbidden(_)) => (StatusCode::FORBIDDEN, tonic::Code::PermissionDenied),
        Refusal::Malformed(_) => (StatusCode::BAD_REQUEST, tonic::Code::InvalidArgument),
        Refusal::Unsupported(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, tonic::Code::InvalidArgument),
        Refusal::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, tonic::Code::ResourceExhausted),
        // 408 would say it better, but is none of those that OTLP lets senders repeat.
        Refusal::TooSlow(_) | Refusal::Unavailable | Refusal::Denied(Denied::Unavailable) => {
            (StatusCode::SERVICE_UNAVAILABLE, tonic::Code::Unavailable)
        }
        Refusal::Overloaded | Refusal::Full(_) => (StatusCode::TOO_MANY_REQUESTS, tonic::Code::ResourceExhausted),
        Refusal::Internal => (StatusCode::INTERNAL_SERVER_ERROR, tonic::Code::Internal),
    };
    let mut response = error(encoding, status, code, refusal.to_string());
    let mut header = |name: HeaderName, value: HeaderValue| response.headers_mut().insert(name, value);
    if refusal.is_retryable() {
        header(RETRY_AFTER, limits.retry_after.as_secs().max(1).into());
    }
    if matches!(refusal, Refusal::Denied(Denied::Unauthenticated(_))) {
        header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if matches!(refusal, Refusal::Unsupported(_)) {
        header(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}
