//! `/api/v1/slos`: objectives, how they stand, and changes of them.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use pointsman_control::promise::slo::Imported;
use pointsman_domain::slo::{Backtest, Objective, ObjectiveDraft, SloDetail, SloSummary};
use serde::Deserialize;

use super::given::{Because, Body};
use super::{Answer, Failure, Given, RangeForm};
use crate::web::use_cases::UseCases;

/// An objective, and why it is to be so.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    objective: ObjectiveDraft,
    reason: String,
}

/// A draft, and the past to try it on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    objective: ObjectiveDraft,
    #[serde(default)]
    range: Option<String>,
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
}

/// Of which service.
#[derive(Deserialize)]
pub struct OfService {
    service: Option<String>,
}

/// Documents, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Documents {
    yaml: String,
    reason: String,
}

pub async fn list(use_cases: UseCases) -> Answer<Vec<SloSummary>> {
    Ok(Json(use_cases.promise().slos().await?))
}

pub async fn detail(use_cases: UseCases, Path(name): Path<String>) -> Answer<SloDetail> {
    let found = use_cases.promise().slo(&name).await?;
    let missing = || Failure::NotFound(format!("There is no objective {name}."));
    found.map(Json).ok_or_else(missing)
}

pub async fn create(use_cases: UseCases, Body(change): Body<Change>) -> Result<(StatusCode, Json<Objective>), Failure> {
    let made = use_cases.promise().create_slo(change.objective, &change.reason).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

pub async fn edit(use_cases: UseCases, Path(name): Path<String>, Body(change): Body<Change>) -> Answer<Objective> {
    Ok(Json(
        use_cases
            .promise()
            .edit_slo(&name, change.objective, &change.reason)
            .await?,
    ))
}

pub async fn remove(
    use_cases: UseCases,
    Path(name): Path<String>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    use_cases.promise().remove_slo(&name, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

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

pub async fn export(use_cases: UseCases, of: Given<OfService>) -> Result<impl IntoResponse, Failure> {
    let yaml = use_cases.promise().export_slos(of?.service.as_deref()).await?;
    Ok(([(CONTENT_TYPE, "application/yaml")], yaml))
}

pub async fn import(use_cases: UseCases, Body(documents): Body<Documents>) -> Answer<Vec<Imported>> {
    Ok(Json(
        use_cases
            .promise()
            .import_slos(&documents.yaml, &documents.reason)
            .await?,
    ))
}
