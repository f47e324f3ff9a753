//! `/api/v1/slos`: objectives, how they stand, and changes of them.

use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use pointsman_domain::slo::{Objective, SloDetail, SloSummary};
use serde::Deserialize;

use super::given::Body;
use super::{Answer, Failure};
use crate::web::desk::Desk;

/// An objective, and why it is to be so.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    objective: Objective,
    reason: String,
}

/// Why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Because {
    reason: String,
}

pub async fn list(desk: Desk) -> Answer<Vec<SloSummary>> {
    Ok(Json(desk.slos().await?))
}

pub async fn detail(desk: Desk, Path(name): Path<String>) -> Answer<SloDetail> {
    let found = desk.slo(&name).await?;
    let missing = || Failure::NotFound(format!("There is no objective {name}."));
    found.map(Json).ok_or_else(missing)
}

pub async fn create(desk: Desk, Body(change): Body<Change>) -> Result<(StatusCode, Json<Objective>), Failure> {
    let made = desk.create_slo(change.objective, &change.reason).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

pub async fn edit(desk: Desk, Path(name): Path<String>, Body(change): Body<Change>) -> Answer<Objective> {
    Ok(Json(desk.edit_slo(&name, change.objective, &change.reason).await?))
}

pub async fn remove(desk: Desk, Path(name): Path<String>, Body(because): Body<Because>) -> Result<StatusCode, Failure> {
    desk.remove_slo(&name, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
