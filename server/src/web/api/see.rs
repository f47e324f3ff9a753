//! What services, traces and logs are like, and how far behind all of it is.

use axum::Json;
use pointsman_domain::ids::TraceId;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::query::{LogForm, TraceForm};
use pointsman_domain::read::{
    LogPage, Overview, PipelineStatus, ServiceDetail, ServiceSummary, Topology, TraceDetail, TracePage,
};

use super::given::Path;
use super::{Answer, ApiFailure, Given, RangeForm};
use crate::web::use_cases::UseCases;

/// The overview
///
/// All services with their rate, errors and latency over the range, the worst first, and what needs attention.
#[utoipa::path(get, path = "/api/v1/overview", tag = "see", params(RangeForm),
    responses((status = 200, description = "The overview.", body = Overview)))]
pub async fn overview(use_cases: UseCases, form: Given<RangeForm>) -> Answer<Overview> {
    Ok(Json(use_cases.see().overview(form?.parse()?).await?))
}

/// The topology
///
/// Who calls whom, with the figures of each edge from the caller's side.
#[utoipa::path(get, path = "/api/v1/topology", tag = "see", params(RangeForm),
    responses((status = 200, description = "The topology.", body = Topology)))]
pub async fn topology(use_cases: UseCases, form: Given<RangeForm>) -> Answer<Topology> {
    Ok(Json(use_cases.see().topology(form?.parse()?).await?))
}

/// All services
///
/// The services of the overview, the worst first.
#[utoipa::path(get, path = "/api/v1/services", tag = "see", params(RangeForm),
    responses((status = 200, description = "The services.", body = Vec<ServiceSummary>)))]
pub async fn services(use_cases: UseCases, form: Given<RangeForm>) -> Answer<Vec<ServiceSummary>> {
    Ok(Json(use_cases.see().overview(form?.parse()?).await?.services))
}

/// One service
///
/// Its figures over time, its operations, versions and nodes, who calls it and whom it calls.
#[utoipa::path(get, path = "/api/v1/services/{name}", tag = "see",
    params(("name" = String, Path, description = "`service.name`."), RangeForm),
    responses((status = 200, description = "The service.", body = ServiceDetail)))]
pub async fn service(use_cases: UseCases, Path(name): Path<String>, form: Given<RangeForm>) -> Answer<ServiceDetail> {
    let found = use_cases.see().service(&name, form?.parse()?).await?;
    let missing = || ApiFailure::NotFound(format!("There is no service named `{name}`."));
    found.map(Json).ok_or_else(missing)
}

/// Search traces
///
/// A trace is found where one of its spans meets all that is asked of spans. Newest first, a page at a time.
#[utoipa::path(get, path = "/api/v1/traces", tag = "see", params(TraceForm),
    responses((status = 200, description = "A page of traces.", body = TracePage)))]
pub async fn traces(use_cases: UseCases, form: Given<TraceForm>) -> Answer<TracePage> {
    Ok(Json(use_cases.see().traces(&form?.parse()?).await?))
}

/// One trace
///
/// Its spans in the waterfall's order, at most 10,000, and its log records, at most 1,000.
#[utoipa::path(get, path = "/api/v1/traces/{id}", tag = "see",
    params(("id" = TraceId, Path, description = "The trace's id.")),
    responses((status = 200, description = "The trace.", body = TraceDetail)))]
pub async fn trace(use_cases: UseCases, Path(id): Path<String>) -> Answer<TraceDetail> {
    let id: TraceId = id.parse().map_err(|error| FieldError {
        field: "id".to_owned(),
        message: format!("`{id}` {error}"),
    })?;
    let found = use_cases.see().trace(id).await?;
    let missing = || ApiFailure::NotFound(format!("Nothing of the trace {id} is stored."));
    found.map(Json).ok_or_else(missing)
}

/// Search log records
///
/// Newest first, a page at a time.
#[utoipa::path(get, path = "/api/v1/logs", tag = "see", params(LogForm),
    responses((status = 200, description = "A page of log records.", body = LogPage)))]
pub async fn logs(use_cases: UseCases, form: Given<LogForm>) -> Answer<LogPage> {
    Ok(Json(use_cases.see().logs(&form?.parse()?).await?))
}

/// How far behind the figures are
///
/// What waits in the journal, and how the replica that was asked is.
#[utoipa::path(get, path = "/api/v1/status", tag = "see",
    responses((status = 200, description = "The lag.", body = PipelineStatus)))]
pub async fn status(use_cases: UseCases) -> Answer<PipelineStatus> {
    Ok(Json(use_cases.see().status().await?))
}
