//! `/api/v1/slas`: contracts, how they stand, their closed periods, and changes of them.

use axum::Json;
use http::StatusCode;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::sla::{Contract, ContractDraft, PeriodRecord, SlaDetail, SlaSummary};
use serde::Deserialize;

use crate::web::api::given::{Because, Body, Path};
use crate::web::api::{Answer, ApiFailure};
use crate::web::use_cases::UseCases;

/// A contract, and why it is to be so.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractChange {
    /// The contract.
    contract: ContractDraft,
    /// Why, in the words of who does it, for the audit.
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
}

/// A month or a quarter in a path.
pub fn label(text: &str) -> Result<PeriodLabel, ApiFailure> {
    text.parse().map_err(|error: pointsman_domain::period::LabelError| {
        ApiFailure::Field(FieldError {
            field: "label".to_owned(),
            message: error.to_string(),
        })
    })
}

fn missing(name: &str) -> ApiFailure {
    ApiFailure::NotFound(format!("There is no SLA {name}."))
}

/// All contracts
///
/// How each stands: the period that runs, its projection, the last closed one.
#[utoipa::path(get, path = "/api/v1/slas", tag = "promise",
    responses((status = 200, description = "Contracts.", body = Vec<SlaSummary>)))]
pub async fn list(use_cases: UseCases) -> Answer<Vec<SlaSummary>> {
    Ok(Json(use_cases.promise().slas().await?))
}

/// One contract
///
/// How it stands, with all its closed periods and their corrections.
#[utoipa::path(get, path = "/api/v1/slas/{name}", tag = "promise",
    params(("name" = String, Path, description = "The contract's name.")),
    responses((status = 200, description = "The contract.", body = SlaDetail)))]
pub async fn detail(use_cases: UseCases, Path(name): Path<String>) -> Answer<SlaDetail> {
    let found = use_cases.promise().sla(&name).await?;
    found.map(Json).ok_or_else(|| missing(&name))
}

/// Closed periods of a contract
///
/// Newest first, and of each its corrections, newest first.
#[utoipa::path(get, path = "/api/v1/slas/{name}/periods", tag = "promise",
    params(("name" = String, Path, description = "The contract's name.")),
    responses((status = 200, description = "The periods.", body = Vec<PeriodRecord>)))]
pub async fn periods(use_cases: UseCases, Path(name): Path<String>) -> Answer<Vec<PeriodRecord>> {
    let found = use_cases.promise().sla_periods(&name).await?;
    found.map(Json).ok_or_else(|| missing(&name))
}

/// Make a contract
#[utoipa::path(post, path = "/api/v1/slas", tag = "promise",
    request_body = ContractChange,
    responses((status = 201, description = "The contract, tidied.", body = Contract)))]
pub async fn create(
    use_cases: UseCases,
    Body(change): Body<ContractChange>,
) -> Result<(StatusCode, Json<Contract>), ApiFailure> {
    let made = use_cases.promise().create_sla(change.contract, &change.reason).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Change a contract
///
/// Closed periods stay as they are.
#[utoipa::path(put, path = "/api/v1/slas/{name}", tag = "promise",
    params(("name" = String, Path, description = "The contract's name.")),
    request_body = ContractChange,
    responses((status = 200, description = "The contract, tidied.", body = Contract)))]
pub async fn edit(
    use_cases: UseCases,
    Path(name): Path<String>,
    Body(change): Body<ContractChange>,
) -> Answer<Contract> {
    Ok(Json(
        use_cases
            .promise()
            .edit_sla(&name, change.contract, &change.reason)
            .await?,
    ))
}

/// Remove a contract
///
/// Only while none of its periods is closed.
#[utoipa::path(delete, path = "/api/v1/slas/{name}", tag = "promise",
    params(("name" = String, Path, description = "The contract's name.")),
    request_body = Because,
    responses((status = 204, description = "It is removed.")))]
pub async fn remove(
    use_cases: UseCases,
    Path(name): Path<String>,
    Body(because): Body<Because>,
) -> Result<StatusCode, ApiFailure> {
    use_cases.promise().remove_sla(&name, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Correct a closed period
///
/// Computes it again from what is stored now, as another record.
#[utoipa::path(post, path = "/api/v1/slas/{name}/periods/{label}/corrections", tag = "promise",
    params(("name" = String, Path, description = "The contract's name."), ("label" = PeriodLabel, Path, description = "Which period.")),
    request_body = Because,
    responses((status = 201, description = "The correction.", body = PeriodRecord)))]
pub async fn correct(
    use_cases: UseCases,
    Path((name, period)): Path<(String, String)>,
    Body(because): Body<Because>,
) -> Result<(StatusCode, Json<PeriodRecord>), ApiFailure> {
    let made = use_cases
        .promise()
        .correct_period(&name, label(&period)?, &because.reason)
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}
