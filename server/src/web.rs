//! The console's port: pages, their assets, the live stream, the JSON of `/api/v1`, probes and metrics.
//!
//! Every answer passes [`guard`], which catches panics, gives failures an id and sets the headers that keep a browser safe.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use http::StatusCode;
use pointsman_control::Console;
use pointsman_store::Store;
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

mod api;
mod assets;
mod desk;
mod guard;
mod live;
mod metrics;
mod pages;
mod probes;

/// How long a page, a search or a probe may take. A live stream may take as long as it likes.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest body of a request, in bytes: the console only reads.
const MAX_BODY: usize = 64 << 10;

/// What the surfaces of the console need.
pub struct Web {
    /// The use cases.
    pub console: Console,
    /// For the probe of the database.
    pub store: Store,
    /// All metrics.
    pub registry: Registry,
    /// Where the console listens.
    pub http_addr: SocketAddr,
    /// Not ready where the oldest journal row waits longer.
    pub ready_max_lag: Duration,
    /// Ends the live streams, which would else keep the server from ending.
    pub stop: CancellationToken,
}

/// Everything on the console's port.
pub fn router(web: Web) -> Router {
    let Web {
        console,
        store,
        mut registry,
        http_addr,
        ready_max_lag,
        stop,
    } = web;
    metrics::register_build(&mut registry);
    let bounded = Router::new()
        .merge(probes::router(store, console.clone(), ready_max_lag, stop.clone()))
        .merge(metrics::router(Arc::new(registry)))
        .nest("/api/v1", api::router(console.clone()))
        .merge(pages::router(&console, http_addr))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            REQUEST_TIMEOUT,
        ));
    bounded
        .merge(live::router(console, stop))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn(everybody_reads))
        .layer(axum::middleware::from_fn(guard::guard))
}

/// Until there is sign-in.
async fn everybody_reads(
    mut request: axum::extract::Request,
    next: axum::middleware::Next,
) -> axum::response::Response {
    use pointsman_control::access::{Actor, Anybody, Caller};
    request.extensions_mut().insert(Caller {
        actor: Actor::Anonymous(Anybody {
            role: Some(pointsman_domain::people::Role::Viewer),
            ingest: false,
        }),
        via: pointsman_domain::people::audit::Via::Console,
        address: None,
        session: None,
    });
    next.run(request).await
}
