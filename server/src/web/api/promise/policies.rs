//! `/api/v1/policies`: what a spent budget does, service by service.

use axum::Json;
use http::StatusCode;
use pointsman_domain::slo::{Policy, PolicyRow};
use serde::Deserialize;

use crate::web::api::given::{Body, Path};
use crate::web::api::{Answer, ApiFailure};
use crate::web::use_cases::UseCases;

/// A policy, and why.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyChange {
    /// What a spent budget does.
    policy: Policy,
    /// Why, in the words of who does it, for the audit.
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
}

/// Policies
///
/// What a spent error budget does to changes, service by service.
#[utoipa::path(get, path = "/api/v1/policies", tag = "promise",
    responses((status = 200, description = "Policies.", body = Vec<PolicyRow>)))]
pub async fn list(use_cases: UseCases) -> Answer<Vec<PolicyRow>> {
    Ok(Json(use_cases.promise().policies().await?))
}

/// Set a policy
#[utoipa::path(put, path = "/api/v1/policies/{name}", tag = "promise",
    params(("name" = String, Path, description = "`service.name`.")),
    request_body = PolicyChange,
    responses((status = 204, description = "It is set.")))]
pub async fn set(
    use_cases: UseCases,
    Path(service): Path<String>,
    Body(change): Body<PolicyChange>,
) -> Result<StatusCode, ApiFailure> {
    use_cases
        .promise()
        .set_policy(&service, change.policy, &change.reason)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
