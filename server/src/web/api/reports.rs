//! `/api/v1/reports`: how months and quarters went, as JSON or CSV; and who gets them by mail.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use pointsman_control::promise::report::csv;
use pointsman_domain::query::FieldError;
use pointsman_domain::report::{ReportIndex, Schedule, ScheduleForm};
use serde::Deserialize;

use super::given::{Because, Body};
use super::slas::label;
use super::{Answer, Failure, Given};
use crate::web::use_cases::UseCases;

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

pub async fn list(use_cases: UseCases) -> Answer<ReportIndex> {
    Ok(Json(use_cases.promise().reports().await?))
}

pub async fn report(
    use_cases: UseCases,
    Path(period): Path<String>,
    form: Given<ReportForm>,
) -> Result<Response, Failure> {
    let (label, form) = (label(&period)?, form?);
    let missing = || {
        Failure::NotFound(format!(
            "There is no report of {label}: it has not begun, or there is no such team."
        ))
    };
    let found = use_cases
        .promise()
        .report(label, form.team.as_deref())
        .await?
        .ok_or_else(missing)?;
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

pub async fn schedules(use_cases: UseCases) -> Answer<Vec<Schedule>> {
    Ok(Json(use_cases.promise().report_schedules().await?))
}

pub async fn schedule(
    use_cases: UseCases,
    Body(change): Body<Change>,
) -> Result<(StatusCode, Json<Schedule>), Failure> {
    let made = use_cases
        .promise()
        .schedule_report(change.schedule, &change.reason)
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

pub async fn end_schedule(
    use_cases: UseCases,
    Path(id): Path<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, Failure> {
    use_cases.promise().end_schedule(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
