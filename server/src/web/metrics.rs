//! `/metrics`: what Prometheus scrapes, as OpenMetrics text. It tells names of services, so it takes who may read.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use pointsman_control::Control;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::api::failure::ApiFailure;
use super::routes::Machine;
use super::use_cases::UseCases;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Tells which version runs.
pub fn register_build(registry: &mut Registry) {
    let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
    registry.register("pointsman_build", "Which Pointsman this is", build);
}

#[derive(Clone)]
struct Shared {
    control: Control,
    registry: Arc<Registry>,
}

impl FromRef<Shared> for Control {
    fn from_ref(shared: &Shared) -> Self {
        shared.control.clone()
    }
}

pub fn router(control: Control, registry: Registry) -> Router {
    let registry = Arc::new(registry);
    let metrics = on(Machine::Metrics.filter(), metrics);
    Router::new()
        .route(Machine::Metrics.path(), metrics)
        .with_state(Shared { control, registry })
}

async fn metrics(State(Shared { registry, .. }): State<Shared>, use_cases: UseCases) -> Response {
    if let Err(denial) = use_cases.may_read() {
        return ApiFailure::Problem(denial.into()).into_response();
    }
    let mut text = String::new();
    match prometheus_client::encoding::text::encode(&mut text, &registry) {
        Ok(()) => ([(CONTENT_TYPE, OPENMETRICS)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
