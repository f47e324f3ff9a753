//! Which pages in browsers may send to the port of OTLP over HTTP: those of the origins that the settings name, and none without.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderValue, Method};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// From where pages may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// From everywhere.
    All,
    /// From these, each as a browser writes it: `https://shop.example`, with a port where it is not the scheme's own.
    These(Vec<HeaderValue>),
}

/// How long a browser may remember what it was allowed: 2 h, the most that any does.
const REMEMBERED: Duration = Duration::from_secs(7200);

/// Answers preflights, and adds to every answer, errors among them, what lets the page's script read it.
///
/// Credentials are allowed, because `navigator.sendBeacon`, by which SDKs send when a page is left, always asks for them. Nothing here reads
/// a cookie, and a token a page has to know itself.
pub fn layer(origins: Origins) -> CorsLayer {
    let origins = match origins {
        // `*` itself is none that goes with credentials.
        Origins::All => AllowOrigin::mirror_request(),
        Origins::These(origins) => AllowOrigin::list(origins),
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .allow_credentials(true)
        .expose_headers([RETRY_AFTER])
        .max_age(REMEMBERED)
}
