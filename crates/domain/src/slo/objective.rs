//! An objective: of what, what is good, how much of it has to be, over which time.

use serde::{Deserialize, Serialize};

use super::{Count, Target};
use crate::Text;
use crate::display;
use crate::histogram::Histogram;
use crate::people::form::wrong;
use crate::people::form::{field, sent_name, service_name};
use crate::people::name;
use crate::query::FieldError;
use crate::rollup::{Counts, EdgeKey, NodeKind, SeriesKey};

/// What is promised of a service, to whoever uses it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Its name in URLs: lower case letters, digits and `-`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"))]
    pub name: Text,
    /// How pages call it; empty is the name.
    #[serde(default)]
    pub title: Text,
    /// What it is about.
    #[serde(default)]
    pub description: Text,
    /// The page that says what to do when it is not met: a URL, or empty.
    #[serde(default)]
    pub runbook: Text,
    /// Of which service; whose team owns it.
    pub service: Text,
    /// Only of this operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Text>,
    /// Only of this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Text>,
    /// Only what this service calls, as it sees it. Calls are not told apart by operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<Text>,
    /// What is good.
    pub indicator: Indicator,
    /// How much of it has to be.
    pub target: Target,
    /// What the budget counts.
    #[serde(default)]
    pub budgeting: Budgeting,
    /// Over which time.
    #[serde(default)]
    pub window: Window,
    /// With fewer events (or slices) than this in the window its figures are marked as of too few.
    #[serde(default = "min_events")]
    pub min_events: u64,
    /// Calls somebody where nothing was counted for so many minutes although in the same hour a week before something was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 1440))]
    pub absent_minutes: Option<u32>,
}

fn min_events() -> u64 {
    100
}

/// What is good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Indicator {
    /// A request that was not an error.
    Availability,
    /// A request that took no longer than the threshold, whether or not it was an error.
    Latency {
        /// In nanoseconds, 2 us to an hour.
        #[cfg_attr(feature = "openapi", schema(minimum = 2_000, maximum = 3_600_000_000_000_u64))]
        threshold_ns: u64,
    },
    /// A timeslice with enough or not too many requests.
    Throughput {
        /// Which of the two.
        limit: Limit,
        /// Requests a second.
        #[cfg_attr(feature = "openapi", schema(exclusive_minimum = 0))]
        per_second: f64,
    },
    /// What other objectives say, by weight.
    Composite {
        /// Which.
        members: Vec<Member>,
    },
}

/// From which side a rate is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// So many or more.
    AtLeast,
    /// So many or fewer.
    AtMost,
}

/// A part of a composite objective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The objective's name.
    pub objective: Text,
    /// How much it weighs against the others.
    #[cfg_attr(feature = "openapi", schema(exclusive_minimum = 0))]
    pub weight: f64,
}

/// What the budget counts.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum Budgeting {
    /// Events.
    #[default]
    Occurrences,
    /// Slices of time that are good or bad as a whole.
    Timeslices {
        /// How long one is, in seconds: whole minutes of which an hour is a multiple.
        seconds: u32,
        /// The share of events that have to be good for a slice to be; the objective's target where it is not given, and
        /// without meaning for throughput.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slice_target: Option<f64>,
    },
}

/// Over which time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Window {
    /// Up to now, so many days back.
    Rolling {
        /// 7, 28, 30 or 90.
        days: u32,
    },
    /// From the beginning of a part of the calendar up to now.
    Calendar {
        /// Which.
        unit: CalendarUnit,
        /// In which time zone, by its IANA name, such as `Europe/Berlin`.
        zone: Text,
    },
}

impl Default for Window {
    fn default() -> Self {
        Self::Rolling { days: 30 }
    }
}

/// A part of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CalendarUnit {
    /// From Monday.
    Week,
    /// From the first.
    Month,
    /// From January, April, July, October.
    Quarter,
}

impl Window {
    /// Its length in days, for a part of the calendar its usual one: what burn windows are made for.
    pub fn days(&self) -> u32 {
        match self {
            Self::Rolling { days } => *days,
            Self::Calendar { unit, .. } => match unit {
                CalendarUnit::Week => 7,
                CalendarUnit::Month => 30,
                CalendarUnit::Quarter => 90,
            },
        }
    }

    /// Its length, as [`Self::days`].
    pub fn period(&self) -> std::time::Duration {
        std::time::Duration::from_secs(u64::from(self.days()) * 86_400)
    }
}

/// The most members of a composite objective.
pub const MAX_MEMBERS: usize = 30;
const MAX_SLUG: usize = 63;
const THRESHOLDS_NS: std::ops::RangeInclusive<u64> = 2_000..=3_600_000_000_000;

/// A name in URLs: lower case letters, digits and `-`, from a letter or digit to one, at most 63.
pub(crate) fn slug(field: &str, text: &str) -> Result<Text, FieldError> {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edges = !text.starts_with('-') && !text.ends_with('-');
    if (1..=MAX_SLUG).contains(&text.len()) && text.chars().all(inside) && edges {
        Ok(text.into())
    } else {
        wrong(
            field,
            "is made of a-z, 0-9 and `-`, from a letter or digit to one, at most 63",
        )
    }
}

fn optional(name: &str, text: Option<&Text>) -> Result<Option<Text>, FieldError> {
    let text = text.map(|text| sent_name(name, text)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// Text of several lines, of at most `most` characters.
pub(crate) fn lines(name: &str, text: &str, most: usize) -> Result<Text, FieldError> {
    let text = text.trim();
    if text.chars().count() > most {
        return wrong(name, format!("takes at most {most} characters"));
    }
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t') || display::turns(c))
    {
        return wrong(name, "is plain text");
    }
    Ok(text.into())
}

impl Objective {
    /// The objective with its texts tidied. Errors: the first field that can't be.
    pub fn checked(mut self) -> Result<Self, FieldError> {
        self.name = slug("name", &self.name)?;
        if self.name == "new" {
            return wrong("name", "can't be `new`: that is the page where one is made");
        }
        self.title = field("title", name::line(&self.title, 100))?;
        self.description = lines("description", &self.description, 2000)?;
        self.runbook = field("runbook", name::link(&self.runbook))?;
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
        Ok(self)
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

    /// How pages call it.
    pub fn display_title(&self) -> &str {
        if self.title.is_empty() { &self.name } else { &self.title }
    }

    /// How long its slices are, in seconds, where it has any.
    pub fn slice_seconds(&self) -> Option<u32> {
        match self.budgeting {
            Budgeting::Occurrences => None,
            Budgeting::Timeslices { seconds, .. } => Some(seconds),
        }
    }

    /// The threshold that its counts can tell, at most 8.3 % under the one asked for; `None` but for latency.
    pub fn effective_threshold_ns(&self) -> Option<u64> {
        match self.indicator {
            Indicator::Latency { threshold_ns } => Some(Histogram::bound_at_most(threshold_ns)),
            _ => None,
        }
    }

    /// Whether the requests of this series are its events.
    pub fn counts_series(&self, key: &SeriesKey) -> bool {
        self.caller.is_none()
            && self.is_counted()
            && key.is_served()
            && key.service == self.service
            && self
                .operation
                .as_ref()
                .is_none_or(|operation| *operation == key.operation)
            && self.version.as_ref().is_none_or(|version| *version == key.version)
    }

    /// Whether the calls of this edge are its events.
    pub fn counts_edge(&self, key: &EdgeKey) -> bool {
        self.caller.as_ref() == Some(&key.source.name)
            && self.is_counted()
            && key.source.kind == NodeKind::Service
            && key.target.kind == NodeKind::Service
            && key.target.name == self.service
            && self
                .version
                .as_ref()
                .is_none_or(|version| *version == key.target.version)
    }

    /// Whether it has events of its own.
    pub fn is_counted(&self) -> bool {
        !matches!(self.indicator, Indicator::Composite { .. })
    }

    /// Whether both count the same events in the same way, so that what was counted for one is right for the other.
    pub fn counts_as(&self, other: &Objective) -> bool {
        (&self.service, &self.operation, &self.version, &self.caller)
            == (&other.service, &other.operation, &other.version, &other.caller)
            && self.indicator == other.indicator
            && self.budgeting == other.budgeting
            // A slice without a target of its own is judged by the objective's.
            && (self.budgeting == Budgeting::Occurrences || self.target == other.target)
    }

    /// The events among these, and the good ones among them.
    pub fn events(&self, counts: &Counts) -> Count {
        let total = counts.requests;
        let good = match self.indicator {
            Indicator::Availability => total.saturating_sub(counts.errors),
            Indicator::Latency { threshold_ns } => counts.latency.count_at_most(threshold_ns).min(total),
            Indicator::Throughput { .. } => total,
            Indicator::Composite { .. } => return Count::default(),
        };
        Count { good, total }
    }
}

#[cfg(test)]
mod tests;
