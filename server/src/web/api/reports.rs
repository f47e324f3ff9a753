//! `/api/v1/reports`: how months and quarters went, as JSON or CSV; and who gets them by mail.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use pointsman_control::report::csv;
use pointsman_domain::query::FieldError;
use pointsman_domain::report::{ReportIndex, Schedule, ScheduleForm};
use serde::Deserialize;

use super::given::{Because, Body};
use super::slas::label;
use super::{Answer, Failure, Given};
use crate::web::desk::Desk;

/// Of whose services, and in which form.
#[derive(Deserialize)]
pub struct ReportForm {
    team: Option<String>,
    #[serde(default)]
    format: String,
}

/// A schedule, and why it is to be so.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    schedule: ScheduleForm,
    reason: String,
}

pub async fn list(desk: Desk) -> Answer<ReportIndex> {
    Ok(Json(desk.reports().await?))
}

pub async fn report(desk: Desk, Path(period): Path<String>, form: Given<ReportForm>) -> Result<Response, Failure> {
    let (label, form) = (label(&period)?, form?);
    let missing = || {
        Failure::NotFound(format!(
            "There is no report of {label}: it has not begun, or there is no such team."
        ))
    };
    let found = desk.report(label, form.team.as_deref()).await?.ok_or_else(missing)?;
    match form.format.as_str() {
        "" | "json" => Ok(Json(found).into_response()),
        "csv" => {
            let named = format!("attachment; filename=\"{label}.csv\"");
            let heads = [
                (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (CONTENT_DISPOSITION, named),
            ];
            Ok((heads, csv(&found)).into_response())
        }
        other => Err(Failure::Field(FieldError {
            field: "format".to_owned(),
            message: format!("`{other}` is no format: choose one of json, csv"),
        })),
    }
}

pub async fn schedules(desk: Desk) -> Answer<Vec<Schedule>> {
    Ok(Json(desk.report_schedules().await?))
}

pub async fn schedule(desk: Desk, Body(change): Body<Change>) -> Result<(StatusCode, Json<Schedule>), Failure> {
    let made = desk.schedule_report(change.schedule, &change.reason).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

pub async fn end_schedule(
    desk: Desk,
    Path(id): Path<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    desk.end_schedule(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
