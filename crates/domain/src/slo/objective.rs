//! An objective: of what, what is good, how much of it has to be, over which time.

use std::ops::Deref;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Count, ObjectiveDraft};
use crate::Text;
use crate::histogram::Histogram;
use crate::rollup::{Counts, EdgeKey, NodeKind, SeriesKey};

/// What is promised of a service, to whoever uses it: an [`ObjectiveDraft`] that keeps the rules. Its fields are read as the draft's. To change
/// one, edit a copy (`ObjectiveDraft::from`) and check that. Written as the draft is; reading it checks it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Objective(pub(super) ObjectiveDraft);

impl Deref for Objective {
    type Target = ObjectiveDraft;

    fn deref(&self) -> &ObjectiveDraft {
        &self.0
    }
}

impl From<Objective> for ObjectiveDraft {
    fn from(objective: Objective) -> Self {
        objective.0
    }
}

impl<'de> Deserialize<'de> for Objective {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        ObjectiveDraft::deserialize(from)?.checked().map_err(D::Error::custom)
    }
}

/// What makes an event good.
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
        /// Whether the rate is bounded from below or from above.
        limit: Limit,
        /// The bound, in requests a second; more than 0.
        #[cfg_attr(feature = "openapi", schema(exclusive_minimum = 0))]
        per_second: f64,
    },
    /// What other objectives say, by weight.
    Composite {
        /// 1 to [`MAX_MEMBERS`], each objective once.
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
    /// The name of an objective that is not composite itself.
    pub objective: Text,
    /// How much it weighs against the others; more than 0.
    #[cfg_attr(feature = "openapi", schema(exclusive_minimum = 0))]
    pub weight: f64,
}

/// What the error budget counts (`budgetingMethod` of OpenSLO).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "method", rename_all = "snake_case", deny_unknown_fields)]
pub enum Budgeting {
    /// Events: requests or calls.
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

/// The time over which an objective is judged.
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
        /// A week, a month or a quarter.
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

/// A part of the calendar, with its usual length in days: 7, 30, 90.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CalendarUnit {
    /// Monday to Sunday.
    Week,
    /// From the first day to the last.
    Month,
    /// Three months, from January, April, July or October.
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

impl Objective {
    /// One that was kept: it was checked when it was made. It is not asked again, so that what was stored under other rules is not lost; what
    /// people and programs give is a draft and is [`ObjectiveDraft::checked`].
    pub fn kept(draft: ObjectiveDraft) -> Self {
        Self(draft)
    }

    /// [`Self::kept`], for `#[serde(deserialize_with)]` in what holds one.
    pub(crate) fn read_kept<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        ObjectiveDraft::deserialize(from).map(Self::kept)
    }

    /// How pages call it: its title, or its name where it has none.
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

    /// Whether it has events of its own: whether it is not composite.
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

    /// All events among these counts, and the good ones among them. Nothing for composite objectives.
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
