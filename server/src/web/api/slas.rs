//! `/api/v1/slas`: contracts, how they stand, their closed periods, and changes of them.

use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::query::FieldError;
use pointsman_domain::sla::{Contract, ContractDraft, PeriodRecord, SlaDetail, SlaSummary};
use serde::Deserialize;

use super::given::{Because, Body};
use super::{Answer, Failure};
use crate::web::use_cases::UseCases;

/// A contract, and why it is to be so.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    contract: ContractDraft,
    reason: String,
}

/// A month or a quarter in a path.
pub fn label(text: &str) -> Result<PeriodLabel, Failure> {
    text.parse().map_err(|error: pointsman_domain::period::LabelError| {
        Failure::Field(FieldError {
            field: "label".to_owned(),
            message: error.to_string(),
        })
    })
}

fn missing(name: &str) -> Failure {
    Failure::NotFound(format!("There is no contract {name}."))
}

pub async fn list(use_cases: UseCases) -> Answer<Vec<SlaSummary>> {
    Ok(Json(use_cases.promise().slas().await?))
}

pub async fn detail(use_cases: UseCases, Path(name): Path<String>) -> Answer<SlaDetail> {
    let found = use_cases.promise().sla(&name).await?;
    found.map(Json).ok_or_else(|| missing(&name))
}

pub async fn periods(use_cases: UseCases, Path(name): Path<String>) -> Answer<Vec<PeriodRecord>> {
    let found = use_cases.promise().sla_periods(&name).await?;
    found.map(Json).ok_or_else(|| missing(&name))
}

pub async fn create(use_cases: UseCases, Body(change): Body<Change>) -> Result<(StatusCode, Json<Contract>), Failure> {
    let made = use_cases.promise().create_sla(change.contract, &change.reason).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

pub async fn edit(use_cases: UseCases, Path(name): Path<String>, Body(change): Body<Change>) -> Answer<Contract> {
    Ok(Json(
        use_cases
            .promise()
            .edit_sla(&name, change.contract, &change.reason)
            .await?,
    ))
}

pub async fn remove(
    use_cases: UseCases,
    Path(name): Path<String>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    use_cases.promise().remove_sla(&name, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn correct(
    use_cases: UseCases,
    Path((name, period)): Path<(String, String)>,
    Body(because): Body<Because>,
) -> Result<(StatusCode, Json<PeriodRecord>), Failure> {
    let made = use_cases
        .promise()
        .correct_period(&name, label(&period)?, &because.reason)
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}
