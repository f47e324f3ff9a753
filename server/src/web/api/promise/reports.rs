//! `/api/v1/reports`: how months and quarters went, as JSON or CSV; and who gets them by mail.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use pointsman_control::promise::report::csv;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::report::{Report, ReportIndex, Schedule, ScheduleForm};
use serde::Deserialize;

use super::slas::label;
use crate::web::api::given::{Because, Body, Path};
use crate::web::api::{Answer, ApiFailure, Given};
use crate::web::use_cases::UseCases;

/// Of whose services, and in which form.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportForm {
    /// Only of the services of this team.
    team: Option<String>,
    /// `json` (the default), or `csv` for an objective a line.
    #[serde(default)]
    #[param(pattern = "^(json|csv)?$")]
    format: String,
}

/// A schedule, and why it is to be so.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleChange {
    /// The schedule.
    schedule: ScheduleForm,
    /// Why, in the words of who does it, for the audit.
    #[schema(min_length = 3, max_length = 500)]
    reason: String,
}

/// Reports
///
/// Those that run, then those that are over, newest first.
#[utoipa::path(get, path = "/api/v1/reports", tag = "promise",
    responses((status = 200, description = "Reports.", body = ReportIndex)))]
pub async fn list(use_cases: UseCases) -> Answer<ReportIndex> {
    Ok(Json(use_cases.promise().reports().await?))
}

/// One report
///
/// How a month or a quarter went.
#[utoipa::path(get, path = "/api/v1/reports/{label}", tag = "promise",
    params(("label" = PeriodLabel, Path, description = "Which month or quarter."), ReportForm),
    responses((status = 200, description = "The report.", content(
        (Report = "application/json"),
        (String = "text/csv")
    ))))]
pub async fn report(
    use_cases: UseCases,
    Path(period): Path<String>,
    form: Given<ReportForm>,
) -> Result<Response, ApiFailure> {
    let (label, form) = (label(&period)?, form?);
    let missing = || {
        ApiFailure::NotFound(format!(
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
        other => Err(ApiFailure::Field(FieldError {
            field: "format".to_owned(),
            message: format!("`{other}` is no format: choose one of json, csv"),
        })),
    }
}

/// Who gets reports by mail
#[utoipa::path(get, path = "/api/v1/report-schedules", tag = "promise",
    responses((status = 200, description = "Schedules.", body = Vec<Schedule>)))]
pub async fn schedules(use_cases: UseCases) -> Answer<Vec<Schedule>> {
    Ok(Json(use_cases.promise().report_schedules().await?))
}

/// Send reports by mail
///
/// Each when it is closed, to a channel that is mail.
#[utoipa::path(post, path = "/api/v1/report-schedules", tag = "promise",
    request_body = ScheduleChange,
    responses((status = 201, description = "The schedule.", body = Schedule)))]
pub async fn schedule(
    use_cases: UseCases,
    Body(change): Body<ScheduleChange>,
) -> Result<(StatusCode, Json<Schedule>), ApiFailure> {
    let made = use_cases
        .promise()
        .schedule_report(change.schedule, &change.reason)
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// End a schedule
#[utoipa::path(delete, path = "/api/v1/report-schedules/{id}", tag = "promise",
    params(("id" = i64, Path, description = "The schedule's number.")),
    request_body = Because,
    responses((status = 204, description = "It has ended.")))]
pub async fn end_schedule(
    use_cases: UseCases,
    Path(id): Path<i64>,
    Body(because): Body<Because>,
) -> Result<StatusCode, ApiFailure> {
    use_cases.promise().end_schedule(id, &because.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
