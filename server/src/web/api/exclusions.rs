//! `/api/v1/exclusions`: time that does not count.

use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use pointsman_domain::slo::{Exclusion, ExclusionForm};

use super::given::{Because, Body};
use super::{Answer, Failure};
use crate::web::use_cases::UseCases;

pub async fn list(use_cases: UseCases) -> Answer<Vec<Exclusion>> {
    Ok(Json(use_cases.promise().exclusions().await?))
}

pub async fn create(
    use_cases: UseCases,
    Body(form): Body<ExclusionForm>,
) -> Result<(StatusCode, Json<Exclusion>), Failure> {
    Ok((StatusCode::CREATED, Json(use_cases.promise().exclude(&form).await?)))
}

pub async fn end(
    use_cases: UseCases,
    Path(id): Path<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    use_cases.promise().end_exclusion(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
