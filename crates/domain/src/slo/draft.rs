//! An objective as it is given, and the rules that it has to keep to be an [`Objective`].

use serde::{Deserialize, Serialize};

use super::{Budgeting, Indicator, MAX_MEMBERS, Objective, Target, Window};
use crate::Text;
use crate::kit::field::{FieldError, field, wrong};
use crate::kit::name::{sent_name, service_name, slug};
use crate::kit::text::{line, lines, link};

/// An objective to be: what forms, JSON bodies and OpenSLO documents give, before it is [`checked`](Self::checked). Of fields that may be
/// missing the usual value is taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Objective))]
#[serde(deny_unknown_fields)]
pub struct ObjectiveDraft {
    /// Its name in URLs: lower case letters, digits and `-`; see [`slug`].
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"))]
    pub name: Text,
    /// How pages call it, at most 100 characters; empty is the name.
    #[serde(default)]
    pub title: Text,
    /// What it promises and to whom, in at most 2,000 characters.
    #[serde(default)]
    pub description: Text,
    /// The address of the page that says what to do when it is not met, or empty.
    #[serde(default)]
    pub runbook: Text,
    /// The service that it is about, whose team owns it.
    pub service: Text,
    /// Only requests of this operation; not together with `caller`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Text>,
    /// Only requests to this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Text>,
    /// Only the calls of this service, as it sees them. Calls are not told apart by operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Text>,
    /// What makes an event good.
    pub indicator: Indicator,
    /// The share of events (or slices) that has to be good.
    pub target: Target,
    /// Whether events or slices of time are counted; events where it is not given.
    #[serde(default)]
    pub budgeting: Budgeting,
    /// The time over which it is judged; 30 days where it is not given.
    #[serde(default)]
    pub window: Window,
    /// With fewer events (or slices) than this in the window its figures are marked as of too few; 100 where it is not given.
    #[serde(default = "min_events")]
    pub min_events: u64,
    /// Alerts where nothing was counted for so many minutes (1 to 1,440) although in the same hour a week before something was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1440))]
    pub absent_minutes: Option<u32>,
}

fn min_events() -> u64 {
    100
}

const THRESHOLDS_NS: std::ops::RangeInclusive<u64> = 2_000..=3_600_000_000_000;

fn optional(name: &str, text: Option<&Text>) -> Result<Option<Text>, FieldError> {
    let text = text.map(|text| sent_name(name, text)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

impl ObjectiveDraft {
    /// The objective, its texts without blanks around them. Errors: the first field that breaks a rule. Whether there are such members and such
    /// a time zone is not asked here.
    pub fn checked(mut self) -> Result<Objective, FieldError> {
        self.name = slug("name", &self.name)?;
        if self.name == "new" {
            return wrong("name", "can't be `new`: that is the page where one is made");
        }
        self.title = field("title", line(&self.title, 100))?;
        self.description = lines("description", &self.description, 2000)?;
        self.runbook = field("runbook", link(&self.runbook))?;
        self.service = service_name(&self.service)?;
        self.operation = optional("operation", self.operation.as_ref())?;
        self.version = optional("version", self.version.as_ref())?;
        self.caller = optional("caller", self.caller.as_ref())?;
        if self.caller.is_some() && self.operation.is_some() {
            return wrong(
                "operation",
                "can't be with a caller: calls are not told apart by operation",
            );
        }
        self.check_indicator()?;
        self.check_budgeting()?;
        match &self.window {
            Window::Rolling { days: 7 | 28 | 30 | 90 } => {}
            Window::Rolling { .. } => return wrong("window", "is of 7, 28, 30 or 90 days"),
            Window::Calendar { zone, .. } if zone.is_empty() || zone.len() > 64 => {
                return wrong("window", "needs a time zone, such as Europe/Berlin");
            }
            Window::Calendar { .. } => {}
        }
        if self
            .absent_minutes
            .is_some_and(|minutes| !(1..=1440).contains(&minutes))
        {
            return wrong("absent_minutes", "is 1 to 1440");
        }
        Ok(Objective(self))
    }

    fn check_indicator(&self) -> Result<(), FieldError> {
        match &self.indicator {
            Indicator::Latency { threshold_ns } if THRESHOLDS_NS.contains(threshold_ns) => Ok(()),
            Indicator::Latency { .. } => wrong("threshold", "is 2 us to an hour"),
            Indicator::Throughput { per_second, .. } if !(*per_second > 0.0 && per_second.is_finite()) => {
                wrong("per_second", "is more than 0")
            }
            Indicator::Throughput { .. } if self.budgeting == Budgeting::Occurrences => wrong(
                "budgeting",
                "has to be by timeslices: only a slice of time has a throughput",
            ),
            Indicator::Availability | Indicator::Throughput { .. } => Ok(()),
            Indicator::Composite { members } => {
                if members.is_empty() || members.len() > MAX_MEMBERS {
                    return wrong("members", format!("are 1 to {MAX_MEMBERS}"));
                }
                for (at, member) in members.iter().enumerate() {
                    slug("members", &member.objective)?;
                    if !(member.weight > 0.0 && member.weight.is_finite()) {
                        return wrong("members", format!("{}: a weight is more than 0", member.objective));
                    }
                    if member.objective == self.name {
                        return wrong("members", "can't hold the objective itself");
                    }
                    if members[..at].iter().any(|other| other.objective == member.objective) {
                        return wrong("members", format!("{} is there twice", member.objective));
                    }
                }
                if self.operation.is_some() || self.version.is_some() || self.caller.is_some() {
                    return wrong("operation", "version and caller are those of the members");
                }
                Ok(())
            }
        }
    }

    fn check_budgeting(&self) -> Result<(), FieldError> {
        let Budgeting::Timeslices { seconds, slice_target } = self.budgeting else {
            return Ok(());
        };
        if matches!(self.indicator, Indicator::Composite { .. }) {
            return wrong("budgeting", "is that of the members");
        }
        if seconds < 60 || seconds % 60 != 0 || 3600 % seconds != 0 {
            return wrong("budgeting", "a slice is 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60 min");
        }
        if slice_target.is_some_and(|share| !(share > 0.0 && share <= 1.0)) {
            return wrong("budgeting", "a slice's target is more than 0 and at most 1");
        }
        Ok(())
    }
}

impl TryFrom<ObjectiveDraft> for Objective {
    type Error = FieldError;

    fn try_from(draft: ObjectiveDraft) -> Result<Self, FieldError> {
        draft.checked()
    }
}
