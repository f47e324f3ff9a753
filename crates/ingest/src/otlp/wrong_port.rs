//! Senders that came to the wrong port or path are told the right one, in their own language, and never with a success: exporters take
//! every 2xx for one.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode, Version};
use tonic::{Code, Status};

use super::body::drain;
use super::{grpc, http as otlp_http, response};

/// Where the receivers listen, as senders are told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// The port that takes OTLP over gRPC.
    pub grpc: u16,
    /// The port that takes OTLP over HTTP.
    pub http: u16,
}

/// All paths of OTLP, for a port that is for something else: each is told where it belongs, and nothing of it is stored.
pub fn router(ports: Ports) -> Router {
    let slashed = otlp_http::PATHS.map(|path| format!("{path}/"));
    let paths = otlp_http::PATHS.into_iter().chain(grpc::METHODS);
    let paths = paths.chain(slashed.iter().map(String::as_str));
    paths.fold(Router::new(), |router, path| {
        router.route(path, any(move |request: Request| elsewhere(request, ports)))
    })
}

async fn elsewhere(request: Request, ports: Ports) -> Response {
    let Ports { grpc, http } = ports;
    let sentence =
        format!("OTLP is not taken at this port; OTLP over HTTP is at port {http}, OTLP over gRPC at port {grpc}");
    tell(request, StatusCode::NOT_FOUND, sentence).await
}

/// Whatever else came to the port of OTLP over HTTP.
pub(super) async fn at_http(request: Request, ports: Ports) -> Response {
    let path = shown_path(&request);
    let sentence = if is_grpc(request.headers()) {
        format!(
            "this port speaks OTLP over HTTP; OTLP over gRPC is at port {}",
            ports.grpc
        )
    } else {
        let [traces, logs, metrics] = otlp_http::PATHS;
        let hint = if otlp_http::PATHS.iter().any(|known| path.contains(known)) {
            "; exporters append the path to OTEL_EXPORTER_OTLP_ENDPOINT themselves: give it without a path, and without a slash at its end"
        } else {
            ""
        };
        format!("there is nothing at {path}; OTLP over HTTP is sent with POST to {traces}, {logs} and {metrics}{hint}")
    };
    tell(request, StatusCode::NOT_FOUND, sentence).await
}

/// Whatever came to the port of OTLP over gRPC that is no call of a method that is there.
pub(super) async fn at_grpc(request: Request, ports: Ports) -> Response {
    let path = shown_path(&request);
    let http = ports.http;
    let (status, sentence) = if is_grpc(request.headers()) && request.version() < Version::HTTP_2 {
        (StatusCode::HTTP_VERSION_NOT_SUPPORTED, "gRPC needs HTTP/2".to_owned())
    } else if is_grpc(request.headers()) {
        let sentence =
            format!("there is no method {path}; there is Export of the trace, logs and metrics services of OTLP 1");
        (StatusCode::NOT_FOUND, sentence)
    } else {
        let sentence = format!("this port speaks OTLP over gRPC; OTLP over HTTP is at port {http}");
        let is_method = grpc::METHODS.contains(&request.uri().path());
        // gRPC's own status for a content type that is not its own.
        let status = if is_method {
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        } else {
            StatusCode::NOT_FOUND
        };
        (status, sentence)
    };
    tell(request, status, sentence).await
}

/// The path, as far as a sentence has room for it.
fn shown_path(request: &Request) -> String {
    request.uri().path().chars().take(100).collect()
}

/// Whether the sender speaks gRPC. (gRPC-Web is another language.)
pub(super) fn is_grpc(headers: &HeaderMap) -> bool {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    given
        .strip_prefix("application/grpc")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', ';']))
}

/// How much of a body is read so that its sender gets to read the answer.
const DRAINED: usize = 16 << 20;

/// Answers once the body is read: UNIMPLEMENTED over gRPC, else the status, in the sender's encoding.
async fn tell(request: Request, status: StatusCode, sentence: String) -> Response {
    let (head, body) = request.into_parts();
    drain(body, DRAINED).await;
    if is_grpc(&head.headers) && head.version >= Version::HTTP_2 {
        return Status::unimplemented(sentence).into_http::<Body>().into_response();
    }
    response::error(
        otlp_http::encoding(&head.headers).ok(),
        status,
        Code::Unimplemented,
        sentence,
    )
}
