//! `/api/v1/policies`: what a spent budget does, service by service.

use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use pointsman_domain::slo::{Policy, PolicyRow};
use serde::Deserialize;

use super::given::Body;
use super::{Answer, Failure};
use crate::web::use_cases::UseCases;

/// A policy, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    policy: Policy,
    reason: String,
}

pub async fn list(use_cases: UseCases) -> Answer<Vec<PolicyRow>> {
    Ok(Json(use_cases.promise().policies().await?))
}

pub async fn set(
    use_cases: UseCases,
    Path(service): Path<String>,
    Body(change): Body<Change>,
) -> Result<StatusCode, Failure> {
    use_cases
        .promise()
        .set_policy(&service, change.policy, &change.reason)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
