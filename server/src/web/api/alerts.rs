//! `/api/v1/alerts` and `/api/v1/silences`: who was called, and what people do about it.

use axum::Json;
use axum::extract::{Path, Query};
use http::StatusCode;
use pointsman_domain::slo::{Alert, AlertQuery, Alerts, Silence, SilenceForm};

use super::given::{Because, Body};
use super::{Answer, Failure, Given};
use crate::web::use_cases::UseCases;

pub async fn list(use_cases: UseCases, query: Given<AlertQuery>) -> Answer<Alerts> {
    let Query(query) = query?;
    Ok(Json(use_cases.promise().alerts(&query).await?))
}

pub async fn acknowledge(use_cases: UseCases, Path(id): Path<i64>) -> Answer<Alert> {
    Ok(Json(use_cases.promise().acknowledge(id).await?))
}

pub async fn silence(
    use_cases: UseCases,
    Body(form): Body<SilenceForm>,
) -> Result<(StatusCode, Json<Silence>), Failure> {
    Ok((StatusCode::CREATED, Json(use_cases.promise().silence(&form).await?)))
}

pub async fn end_silence(
    use_cases: UseCases,
    Path(id): Path<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    use_cases.promise().end_silence(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
