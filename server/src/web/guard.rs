//! Around every answer of the console: a panic becomes a 500, a failure gets an id that the log has too, and the browser
//! is told what it must not do.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::header::{CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode};

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
            let sentence = format!("Pointsman could not answer. Its log says why under the id {id}.\n");
            response = (StatusCode::INTERNAL_SERVER_ERROR, sentence).into_response();
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

/// Pages bring their own policy, with the nonce of their scripts; nothing else is a document.
fn protect(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
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
