//! HTTP for the shop: a layer that puts each request served into a span, and a client that does it for each call, after
//! the HTTP conventions.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Json;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::{Instrument, Span, error, info_span, warn};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::{propagation, telemetry};

/// A caller waits no longer for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// No answer in the shop is longer than this, in bytes.
const MAX_ANSWER: usize = 1 << 20;

/// Why a request could not be served: the answer's status, and what is recorded as the exception.
#[derive(Debug, Clone)]
pub struct ShopFailure {
    /// The answer's status.
    pub status: StatusCode,
    /// The exception's type.
    pub kind: &'static str,
    /// What happened.
    pub message: String,
}

impl ShopFailure {
    /// A failure with its answer's status.
    pub fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
        }
    }
}

impl From<sqlx::Error> for ShopFailure {
    fn from(error: sqlx::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "DatabaseError", error.to_string())
    }
}

impl IntoResponse for ShopFailure {
    fn into_response(self) -> Response {
        let body = Json(serde_json::json!({ "error": self.message }));
        let mut response = (self.status, body).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The layer: one server span a request.
pub async fn traced(request: Request, next: Next) -> Response {
    let span = server_span(&request);
    propagation::accept(&span, request.headers());
    let response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    if let Some(failure) = response.extensions().get::<ShopFailure>() {
        telemetry::exception(&span, failure.kind, &failure.message);
        let ShopFailure { kind, message, .. } = failure;
        let code = i64::from(status.as_u16());
        span.in_scope(|| {
            if status.is_server_error() {
                error!("exception.type" = kind, http.response.status_code = code, "{message}");
            } else {
                warn!("exception.type" = kind, http.response.status_code = code, "{message}");
            }
        });
    }
    if status.is_server_error() {
        let message = response
            .extensions()
            .get::<ShopFailure>()
            .map_or("", |failure| &failure.message);
        telemetry::failed(&span, status.as_str(), message);
    }
    response
}

/// The span of a request that is served.
fn server_span(request: &Request) -> Span {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| request.uri().path().to_owned(), |path| path.as_str().to_owned());
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let host = header(HOST).unwrap_or_default();
    let (address, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    info_span!(
        "http server",
        otel.name = format!("{} {route}", request.method()),
        otel.kind = "server",
        http.request.method = request.method().as_str(),
        http.route = route,
        url.scheme = "http",
        url.path = request.uri().path(),
        server.address = address,
        server.port = port.parse().unwrap_or(80i64),
        user_agent.original = header(USER_AGENT),
    )
}

/// Why a call brought no answer that one can use.
#[derive(Debug)]
pub enum CallError {
    /// Nobody answered in time.
    Unreachable(String),
    /// The answer was not a success.
    Refused(StatusCode, String),
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable(what) => f.write_str(what),
            Self::Refused(status, what) => write!(f, "HTTP {}: {what}", status.as_u16()),
        }
    }
}

impl CallError {
    /// The failure of a service that can't answer without this one: a caller's mistake stays one, the rest is a bad gateway.
    pub fn of(self, callee: &str) -> ShopFailure {
        match self {
            Self::Refused(status, what) if status.is_client_error() => ShopFailure::new(status, "Refused", what),
            Self::Refused(StatusCode::SERVICE_UNAVAILABLE, what) => ShopFailure::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "UpstreamUnavailable",
                format!("{callee}: {what}"),
            ),
            other => ShopFailure::new(StatusCode::BAD_GATEWAY, "UpstreamFailed", format!("{callee}: {other}")),
        }
    }
}

/// Calls one service.
#[derive(Clone)]
pub struct Client {
    base: SocketAddr,
    peer: Option<&'static str>,
    pool: Pool<HttpConnector, Full<Bytes>>,
}

impl Client {
    /// For the service at `base`.
    pub fn new(base: SocketAddr) -> Self {
        let pool = Pool::builder(TokioExecutor::new()).build_http();
        Self { base, peer: None, pool }
    }

    /// For a service that is not traced itself, so that its callers name it (`service.peer.name`).
    pub fn untraced(base: SocketAddr, peer: &'static str) -> Self {
        Self {
            peer: Some(peer),
            ..Self::new(base)
        }
    }

    /// GETs JSON. `template` is the path with `{}` in place of what differs, which `path` has.
    pub async fn get<T: DeserializeOwned>(&self, template: &str, path: &str) -> Result<T, CallError> {
        self.call(Method::GET, template, path, Bytes::new()).await
    }

    /// POSTs JSON and reads JSON.
    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, CallError> {
        let body = serde_json::to_vec(body).map_err(|error| CallError::Unreachable(error.to_string()))?;
        self.call(Method::POST, path, path, body.into()).await
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        template: &str,
        path: &str,
        body: Bytes,
    ) -> Result<T, CallError> {
        let url = format!("http://{}{path}", self.base);
        let span = info_span!(
            "http client",
            otel.name = format!("{method} {template}"),
            otel.kind = "client",
            http.request.method = method.as_str(),
            url.full = url,
            url.template = template,
            server.address = %self.base.ip(),
            server.port = i64::from(self.base.port()),
            service.peer.name = self.peer,
        );
        let mut headers = HeaderMap::new();
        propagation::send(&span, &mut headers);
        let answer = send(&self.pool, method, &url, headers, body)
            .instrument(span.clone())
            .await;
        let answer = answer.and_then(|(status, body)| {
            span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
            if !status.is_success() {
                return Err(CallError::Refused(status, reason(&body)));
            }
            serde_json::from_slice(&body).map_err(|error| CallError::Unreachable(format!("an odd answer: {error}")))
        });
        if let Err(error) = &answer {
            conclude_failed(&span, error);
        }
        answer
    }
}

fn conclude_failed(span: &Span, error: &CallError) {
    match error {
        CallError::Refused(status, _) => telemetry::failed(span, status.as_str(), &error.to_string()),
        CallError::Unreachable(_) => telemetry::failed(span, "unreachable", &error.to_string()),
    }
}

/// The `error` of a JSON body, or nothing.
fn reason(body: &[u8]) -> String {
    serde_json::from_slice::<serde_json::Value>(body)
        .ok()
        .and_then(|body| Some(body.get("error")?.as_str()?.to_owned()))
        .unwrap_or_default()
}

/// One HTTP exchange with a bound on time and length.
pub async fn send(
    pool: &Pool<HttpConnector, Full<Bytes>>,
    method: Method,
    url: &str,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Bytes), CallError> {
    let unreachable = |what: String| CallError::Unreachable(format!("{url}: {what}"));
    let mut request = http::Request::builder().method(method).uri(url);
    if !body.is_empty() {
        request = request.header(CONTENT_TYPE, "application/json");
    }
    let mut request = request
        .body(Full::new(body))
        .map_err(|error| unreachable(error.to_string()))?;
    request.headers_mut().extend(headers);
    let exchange = async {
        let response = pool
            .request(request)
            .await
            .map_err(|error| unreachable(chain(&error)))?;
        let status = response.status();
        let body = Limited::new(response.into_body(), MAX_ANSWER).collect().await;
        let body = body.map_err(|error| unreachable(error.to_string()))?.to_bytes();
        Ok((status, body))
    };
    match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(answer) => answer,
        Err(_) => Err(unreachable(format!("no answer within {} s", PATIENCE.as_secs()))),
    }
}

/// An error with what it came from.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
