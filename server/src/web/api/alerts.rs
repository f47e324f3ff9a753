//! `/api/v1/alerts` and `/api/v1/silences`: who was called, and what people do about it.

use axum::Json;
use axum::extract::{Path, Query};
use http::StatusCode;
use pointsman_domain::slo::{Alert, AlertQuery, Alerts, Silence, SilenceForm};

use super::given::{Because, Body};
use super::{Answer, Failure, Given};
use crate::web::desk::Desk;

pub async fn list(desk: Desk, query: Given<AlertQuery>) -> Answer<Alerts> {
    let Query(query) = query?;
    Ok(Json(desk.alerts(&query).await?))
}

pub async fn acknowledge(desk: Desk, Path(id): Path<i64>) -> Answer<Alert> {
    Ok(Json(desk.acknowledge(id).await?))
}

pub async fn silence(desk: Desk, Body(form): Body<SilenceForm>) -> Result<(StatusCode, Json<Silence>), Failure> {
    Ok((StatusCode::CREATED, Json(desk.silence(&form).await?)))
}

pub async fn end_silence(desk: Desk, Path(id): Path<i64>, Body(because): Body<Because>) -> Result<StatusCode, Failure> {
    desk.end_silence(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
