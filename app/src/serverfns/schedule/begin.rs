//! Sends reports by mail from now on.

use crate::failure::Failure;
use leptos::prelude::*;

/// Sends reports to a channel from now on.
#[server(prefix = "/fn", endpoint = "schedule_begin")]
pub async fn begin_schedule(
    /// The number of a channel that is mail.
    channel: i64,
    /// Of which team; empty for all.
    #[server(default)]
    team: String,
    /// `month` or `quarter`.
    unit: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    use pointsman_domain::query::FieldError;
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
        super::super::use_cases()?
            .promise()
            .schedule_report(form, &reason)
            .await
            .map_err(Failure::from)
    };
    super::super::changed(begun.await).map(|_| ())
}
