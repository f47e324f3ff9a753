//! Around every answer of the console: a panic becomes a 500, a failure gets an id that the log has too, and the browser
//! is told what it must not do.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderValue, StatusCode};
use pointsman_control::Problem;

use super::api::failure::{ApiFailure, is_api};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// See the module.
pub async fn guard(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let ran = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let panicked = ran.is_err();
    // What it said is logged by the panic hook.
    let mut response = ran.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    let status = response.status();
    let milliseconds = started.elapsed().as_millis() as u64;
    if status.is_server_error() {
        let id = format!("{:016x}", rand::random::<u64>());
        if status == StatusCode::SERVICE_UNAVAILABLE {
            // The probe or the store's own message says why.
            tracing::warn!(request.id = %id, http.request.method = %method, url.path = %path, "not available");
        } else {
            tracing::error!(
                request.id = %id, http.request.method = %method, url.path = %path,
                http.response.status_code = status.as_u16(), request.panicked = panicked,
                request.milliseconds = milliseconds, "a request failed"
            );
        }
        if panicked {
            let problem = Problem::Internal { id: id.clone() };
            response = if is_api(&path) {
                ApiFailure::Problem(problem).into_response()
            } else {
                (StatusCode::INTERNAL_SERVER_ERROR, format!("{problem}\n")).into_response()
            };
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
    } else {
        tracing::debug!(
            http.request.method = %method, url.path = %path, http.response.status_code = status.as_u16(),
            request.milliseconds = milliseconds, "answered"
        );
    }
    protect(&mut response);
    response
}

/// Nothing that a page of ours does needs any of these.
const NO_FEATURES: &str = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
     identity-credentials-get=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// What holds for every answer.
const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), NO_FEATURES),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Pages bring their own policy, with the nonce of their scripts; nothing else is a document. Assets say how they may be kept;
/// nothing else may be, and it differs by who asks.
fn protect(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ));
    let kept = headers
        .get(CACHE_CONTROL)
        .is_some_and(|value| value.as_bytes().starts_with(b"public"));
    if !kept {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(VARY, HeaderValue::from_static("cookie, authorization"));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)] // a panic is how a test fails, and what this one is about

    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn panics() -> &'static str {
        panic!("on purpose");
    }

    #[tokio::test]
    async fn a_panic_is_answered_with_an_id() {
        let app = Router::new()
            .route("/", get(panics))
            .layer(axum::middleware::from_fn(guard));
        let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let id = response.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        assert_eq!(response.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains(&id));
    }
}
