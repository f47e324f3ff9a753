//! Server functions of reports, and of their schedules: who gets them by mail.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::report::{Report, ReportBoard};

use crate::failure::Failure;

/// The reports that there are, and, for whom it is for, who gets them by mail.
#[server(prefix = "/fn", endpoint = "reports", input = GetUrl, output = crate::codec::Json)]
pub async fn list_reports() -> Result<ReportBoard, Failure> {
    super::answer(super::use_cases()?.promise().report_board().await)
}

/// The report of a period; `None` where there is none.
#[server(prefix = "/fn", endpoint = "report", input = GetUrl, output = crate::codec::Json)]
pub async fn read_report(
    /// Which period: `2026-10`, `2026-Q4`.
    label: String,
    /// Of which team; empty for all.
    #[server(default)]
    team: String,
) -> Result<Option<Report>, Failure> {
    // What is no name of a period is one of which there is no report.
    let Ok(label) = label.parse() else { return Ok(None) };
    let team = Some(team.as_str()).filter(|team| !team.is_empty());
    super::answer(super::use_cases()?.promise().report(label, team).await)
}

/// Sends reports to a channel from now on.
#[server(prefix = "/fn", endpoint = "schedule_begin")]
pub async fn begin_report_schedule(
    /// The number of a channel that is mail.
    channel: i64,
    /// Of which team; empty for all.
    #[server(default)]
    team: String,
    /// `month` or `quarter`.
    unit: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    use pointsman_domain::kit::field::FieldError;
    use pointsman_domain::report::ScheduleForm;
    use pointsman_domain::slo::CalendarUnit;
    let begun = async {
        let unit = match unit.as_str() {
            "month" => CalendarUnit::Month,
            "quarter" => CalendarUnit::Quarter,
            other => {
                return Err(Failure::from(FieldError {
                    field: "unit".to_owned(),
                    message: format!("`{other}` is neither month nor quarter"),
                }));
            }
        };
        let form = ScheduleForm {
            channel,
            team: team.into(),
            unit,
        };
        super::use_cases()?
            .promise()
            .schedule_report(form, &reason)
            .await
            .map_err(Failure::from)
    };
    super::changed(begun.await).map(|_| ())
}

/// Sends no more reports by this schedule.
#[server(prefix = "/fn", endpoint = "schedule_end")]
pub async fn end_report_schedule(
    id: i64,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.promise().end_schedule(id, &reason).await)
}
