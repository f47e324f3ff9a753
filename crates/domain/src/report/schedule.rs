//! Who gets reports by mail.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::period::PeriodLabel;
use crate::query::FieldError;
use crate::slo::CalendarUnit;

/// Reports that are sent when they are closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportSchedule))]
pub struct Schedule {
    /// Its number.
    pub id: i64,
    /// The channel's number.
    pub channel: i64,
    /// The channel's name.
    pub channel_name: Text,
    /// Of the services of this team; of all without one.
    pub team: Option<Text>,
    /// Every month or every quarter.
    pub unit: CalendarUnit,
    /// The first one that is not sent yet.
    pub next: PeriodLabel,
}

/// A schedule as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScheduleForm {
    /// The number of a channel that is mail.
    pub channel: i64,
    /// A team; empty for all.
    #[serde(default)]
    pub team: Text,
    /// Every month or every quarter.
    pub unit: CalendarUnit,
}

impl ScheduleForm {
    /// Errors: a week.
    pub fn checked(mut self) -> Result<Self, FieldError> {
        if self.unit == CalendarUnit::Week {
            return Err(FieldError {
                field: "unit".to_owned(),
                message: "is month or quarter".to_owned(),
            });
        }
        self.team = self.team.trim().into();
        Ok(self)
    }
}
