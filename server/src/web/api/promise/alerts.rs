//! `/api/v1/alerts` and `/api/v1/silences`: who was called, and what people do about it.

use axum::Json;
use axum::extract::Query;
use http::StatusCode;
use pointsman_domain::slo::{Alert, AlertQuery, Alerts, Silence, SilenceForm};

use crate::web::api::given::{Because, Body, Path};
use crate::web::api::{Answer, ApiFailure, Given};
use crate::web::use_cases::UseCases;

/// Alerts
///
/// Newest first, at most 100, and the silences that have not ended.
#[utoipa::path(get, path = "/api/v1/alerts", tag = "promise",
    params(AlertQuery),
    responses((status = 200, description = "Alerts and silences.", body = Alerts)))]
pub async fn list(use_cases: UseCases, query: Given<AlertQuery>) -> Answer<Alerts> {
    let Query(query) = query?;
    Ok(Json(use_cases.promise().alerts(&query).await?))
}

/// Acknowledge an alert
///
/// Says that the caller looks at it. A second time changes nothing.
#[utoipa::path(post, path = "/api/v1/alerts/{id}/ack", tag = "promise",
    params(("id" = i64, Path, description = "The alert's number.")),
    responses((status = 200, description = "The alert.", body = Alert)))]
pub async fn acknowledge(use_cases: UseCases, Path(id): Path<i64>) -> Answer<Alert> {
    Ok(Json(use_cases.promise().acknowledge(id).await?))
}

/// Silence alerts
///
/// For a service or an objective, 1 to 43,200 minutes.
#[utoipa::path(post, path = "/api/v1/silences", tag = "promise",
    request_body = SilenceForm,
    responses((status = 201, description = "The silence.", body = Silence)))]
pub async fn silence(
    use_cases: UseCases,
    Body(form): Body<SilenceForm>,
) -> Result<(StatusCode, Json<Silence>), ApiFailure> {
    Ok((StatusCode::CREATED, Json(use_cases.promise().silence(&form).await?)))
}

/// End a silence
#[utoipa::path(delete, path = "/api/v1/silences/{id}", tag = "promise",
    params(("id" = i64, Path, description = "The silence's number.")),
    request_body = Because,
    responses((status = 204, description = "It has ended.")))]
pub async fn end_silence(
    use_cases: UseCases,
    Path(id): Path<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, ApiFailure> {
    use_cases.promise().end_silence(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
