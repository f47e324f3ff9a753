//! `/api/v1/slos`: objectives, how they stand, and changes of them.

use axum::Json;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use pointsman_control::promise::slo::Imported;
use pointsman_domain::slo::{Backtest, Objective, ObjectiveDraft, SloDetail, SloSummary};
use serde::Deserialize;

use crate::web::api::given::{Because, Body, Path};
use crate::web::api::{Answer, ApiFailure, Given, RangeForm};
use crate::web::use_cases::UseCases;

/// An objective, and why it is to be so.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveChange {
    /// The objective.
    objective: ObjectiveDraft,
    /// Why, in the words of who does it, for the audit.
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
}

/// A draft, and the past to try it on.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BacktestDraft)]
pub struct Draft {
    /// The objective.
    objective: ObjectiveDraft,
    /// The last so long, such as `7d`.
    #[serde(default)]
    range: Option<String>,
    /// From when on, as RFC 3339, instead of `range`.
    #[serde(default)]
    from: Option<String>,
    /// Until when, as RFC 3339.
    #[serde(default)]
    to: Option<String>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfService {
    /// `service.name`; all where it is not given.
    service: Option<String>,
}

/// Documents, and why.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpenSloDocuments)]
pub struct Documents {
    /// YAML, one document or several.
    yaml: String,
    /// Why, in the words of who does it, for the audit.
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
}

/// All objectives
///
/// How each stands: compliance, error budget, burn rates, alerts that have not ended.
#[utoipa::path(get, path = "/api/v1/slos", tag = "promise",
    responses((status = 200, description = "Objectives.", body = Vec<SloSummary>)))]
pub async fn list(use_cases: UseCases) -> Answer<Vec<SloSummary>> {
    Ok(Json(use_cases.promise().slos().await?))
}

/// One objective
///
/// How it stands, its window piece by piece, exclusions, alerts, silences and deployments.
#[utoipa::path(get, path = "/api/v1/slos/{name}", tag = "promise",
    params(("name" = String, Path, description = "The objective's name.")),
    responses((status = 200, description = "The objective.", body = SloDetail)))]
pub async fn detail(use_cases: UseCases, Path(name): Path<String>) -> Answer<SloDetail> {
    let found = use_cases.promise().slo(&name).await?;
    let missing = || ApiFailure::NotFound(format!("There is no SLO {name}."));
    found.map(Json).ok_or_else(missing)
}

/// Make an objective
#[utoipa::path(post, path = "/api/v1/slos", tag = "promise",
    request_body = ObjectiveChange,
    responses((status = 201, description = "The objective, tidied.", body = Objective)))]
pub async fn create(
    use_cases: UseCases,
    Body(change): Body<ObjectiveChange>,
) -> Result<(StatusCode, Json<Objective>), ApiFailure> {
    let made = use_cases.promise().create_slo(change.objective, &change.reason).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Change an objective
///
/// What it counts is counted anew from the recorded past where the indicator, the service or what narrows it changes.
#[utoipa::path(put, path = "/api/v1/slos/{name}", tag = "promise",
    params(("name" = String, Path, description = "The objective's name.")),
    request_body = ObjectiveChange,
    responses((status = 200, description = "The objective, tidied.", body = Objective)))]
pub async fn edit(
    use_cases: UseCases,
    Path(name): Path<String>,
    Body(change): Body<ObjectiveChange>,
) -> Answer<Objective> {
    Ok(Json(
        use_cases
            .promise()
            .edit_slo(&name, change.objective, &change.reason)
            .await?,
    ))
}

/// Remove an objective
#[utoipa::path(delete, path = "/api/v1/slos/{name}", tag = "promise",
    params(("name" = String, Path, description = "The objective's name.")),
    request_body = Because,
    responses((status = 204, description = "It is removed.")))]
pub async fn remove(
    use_cases: UseCases,
    Path(name): Path<String>,
    Body(because): Body<Because>,
) -> Result<StatusCode, ApiFailure> {
    use_cases.promise().remove_slo(&name, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Try an objective on the recorded past
///
/// What its budget and its alerts would have been. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/backtests", tag = "promise",
    request_body = Draft,
    responses((status = 200, description = "What would have been.", body = Backtest)))]
pub async fn backtest(use_cases: UseCases, Body(draft): Body<Draft>) -> Answer<Backtest> {
    let Draft {
        objective,
        range,
        from,
        to,
    } = draft;
    let range = RangeForm { range, from, to }.parse()?;
    Ok(Json(use_cases.promise().backtest(objective, range).await?))
}

/// Objectives as OpenSLO
///
/// One YAML document an objective.
#[utoipa::path(get, path = "/api/v1/openslo", tag = "promise",
    params(OfService),
    responses((status = 200, description = "YAML.", body = String, content_type = "application/yaml")))]
pub async fn export(use_cases: UseCases, of: Given<OfService>) -> Result<impl IntoResponse, ApiFailure> {
    let yaml = use_cases.promise().export_slos(of?.service.as_deref()).await?;
    Ok(([(CONTENT_TYPE, "application/yaml")], yaml))
}

/// Import OpenSLO
///
/// Makes and changes the objectives that the documents describe.
#[utoipa::path(post, path = "/api/v1/openslo", tag = "promise",
    request_body = Documents,
    responses((status = 200, description = "What was done with each.", body = Vec<Imported>)))]
pub async fn import(use_cases: UseCases, Body(documents): Body<Documents>) -> Answer<Vec<Imported>> {
    Ok(Json(
        use_cases
            .promise()
            .import_slos(&documents.yaml, &documents.reason)
            .await?,
    ))
}
