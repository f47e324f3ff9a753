//! The console's port: pages, their assets, the live stream, the JSON of `/api/v1` and its description, the ways in, probes and metrics.
//!
//! ```text
//! request --> guard --> proxy --> csrf --> identify --> route --> UseCases --> use case, which asks whether the caller may
//!             |         |         |        +- credentials -> Caller; pages need one who may read
//!             |         |         +- changes that another site asks for end here
//!             |         +- who the client is, as far as proxies are believed
//!             +- panics, ids for failures, headers that keep a browser safe
//! ```
//!
//! Invariant: no path but those in [`routes`], the app's pages and server functions, and assets; and none of them around these layers. (The
//! paths of OTLP only say that they belong to another port, to everybody.)

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use http::StatusCode;
use pointsman_control::Pulse;
use pointsman_ingest::otlp::wrong_port::{self, Ports};
use pointsman_store::Store;
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

mod api;
mod app_state;
mod assets;
mod cookies;
mod csrf;
mod guard;
mod identify;
mod live;
mod metrics;
mod new_token;
mod next;
mod oidc;
mod pages;
mod probes;
mod proxy;
mod routes;
mod sign_in;
mod use_cases;

pub use app_state::AppState;
pub use assets::{ReadFile, Site};
pub use oidc::Oidc;
pub use proxy::Peer;

/// How long a page, a search or a probe may take. A live stream may take as long as it likes.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// The largest body of a request, in bytes: forms are small.
const MAX_BODY: usize = 64 << 10;

/// What the surfaces of the console need.
pub struct Web {
    /// The use cases, and who comes in to them.
    pub state: AppState,
    /// What the browser loads.
    pub site: Site,
    /// For the probe of the database.
    pub store: Store,
    /// All metrics.
    pub registry: Registry,
    /// Where the console listens.
    pub http_addr: SocketAddr,
    /// Whether the loops go on.
    pub pulse: Pulse,
    /// Where OTLP is taken.
    pub otlp_ports: Ports,
    /// Ends the live streams, which would else keep the server from ending.
    pub stop: CancellationToken,
}

/// Everything on the console's port.
pub fn router(web: Web) -> Router {
    let Web {
        state,
        site,
        store,
        mut registry,
        http_addr,
        pulse,
        otlp_ports,
        stop,
    } = web;
    metrics::register_build(&mut registry);
    let control = state.control.clone();
    let state = Arc::new(state);
    let bounded = Router::new()
        .merge(probes::router(store, control.clone(), pulse, stop.clone()))
        .merge(metrics::router(control.clone(), registry))
        .merge(api::router(control.clone()))
        .merge(sign_in::router(Arc::clone(&state)))
        .merge(pages::router(&state, site, http_addr))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            REQUEST_TIMEOUT,
        ));
    bounded
        .merge(live::router(control, stop))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(from_fn(api::failure::in_one_form))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(Arc::clone(&state), identify::identify))
        .layer(from_fn_with_state(Arc::clone(&state), csrf::check))
        .layer(from_fn_with_state(state, proxy::find))
        .merge(wrong_port::router(otlp_ports))
        .layer(from_fn(guard::guard))
}
