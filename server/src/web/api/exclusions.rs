//! `/api/v1/exclusions`: time that does not count.

use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use pointsman_domain::slo::{Exclusion, ExclusionForm};

use super::given::{Because, Body};
use super::{Answer, Failure};
use crate::web::desk::Desk;

pub async fn list(desk: Desk) -> Answer<Vec<Exclusion>> {
    Ok(Json(desk.exclusions().await?))
}

pub async fn create(desk: Desk, Body(form): Body<ExclusionForm>) -> Result<(StatusCode, Json<Exclusion>), Failure> {
    Ok((StatusCode::CREATED, Json(desk.exclude(&form).await?)))
}

pub async fn end(desk: Desk, Path(id): Path<i64>, Body(because): Body<Because>) -> Result<StatusCode, Failure> {
    desk.end_exclusion(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
