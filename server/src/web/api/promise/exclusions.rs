//! `/api/v1/exclusions`: time that does not count.

use axum::Json;
use http::StatusCode;
use pointsman_domain::slo::{Exclusion, ExclusionForm};

use crate::web::api::given::{Because, Body, Path};
use crate::web::api::{Answer, ApiFailure};
use crate::web::use_cases::UseCases;

/// Exclusions
///
/// Time that does not count for objectives.
#[utoipa::path(get, path = "/api/v1/exclusions", tag = "promise",
    responses((status = 200, description = "Exclusions.", body = Vec<Exclusion>)))]
pub async fn list(use_cases: UseCases) -> Answer<Vec<Exclusion>> {
    Ok(Json(use_cases.promise().exclusions().await?))
}

/// Exclude time
///
/// For a service or an objective, at whole minutes.
#[utoipa::path(post, path = "/api/v1/exclusions", tag = "promise",
    request_body = ExclusionForm,
    responses((status = 201, description = "The exclusion.", body = Exclusion)))]
pub async fn create(
    use_cases: UseCases,
    Body(form): Body<ExclusionForm>,
) -> Result<(StatusCode, Json<Exclusion>), ApiFailure> {
    Ok((StatusCode::CREATED, Json(use_cases.promise().exclude(&form).await?)))
}

/// Remove an exclusion
///
/// The time counts again.
#[utoipa::path(delete, path = "/api/v1/exclusions/{id}", tag = "promise",
    params(("id" = i64, Path, description = "The exclusion's number.")),
    request_body = Because,
    responses((status = 204, description = "It is removed.")))]
pub async fn end(
    use_cases: UseCases,
    Path(id): Path<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, ApiFailure> {
    use_cases.promise().end_exclusion(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
