//! Who gets reports by mail.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::kit::field::{FieldError, wrong};
use crate::period::PeriodLabel;
use crate::slo::CalendarUnit;

/// A mail with each report that is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportSchedule))]
pub struct Schedule {
    /// By which it is ended.
    pub id: i64,
    /// The number of the channel that it is sent to, which is mail.
    pub channel: i64,
    /// The name of that channel.
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
    /// Every month or every quarter. A week is refused by [`Self::checked`].
    pub unit: CalendarUnit,
}

impl ScheduleForm {
    /// The form, tidied. Errors: the unit is a week.
    pub fn checked(mut self) -> Result<Self, FieldError> {
        if self.unit == CalendarUnit::Week {
            return wrong("unit", "is month or quarter");
        }
        self.team = self.team.trim().into();
        Ok(self)
    }
}
