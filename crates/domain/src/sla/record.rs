//! What is kept for ever of a period that is over: the figures, and all that they were computed from.

use serde::{Deserialize, Serialize};

use super::{Contract, Outcome};
use crate::Text;
use crate::period::PeriodLabel;
use crate::slo::{Exclusion, Objective, Tally};
use crate::telemetry::UnixNanos;
use crate::time::TimeRange;

/// A closed period of a contract. It is never changed: a correction is another record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeriodRecord {
    /// Its number among all records; corrections name it.
    pub id: i64,
    /// The contract's name.
    pub contract: Text,
    /// The month or quarter.
    pub label: PeriodLabel,
    /// From when to when: the contract's part of the period, at whole hours.
    pub range: TimeRange,
    /// 1 for the first record of a period, then its corrections.
    pub number: u32,
    /// Term by term, and what follows.
    pub outcome: Outcome,
    /// What that was computed from; lists leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Box<ComputedFrom>>,
    /// When it was closed or corrected.
    pub closed_ns: UnixNanos,
    /// Who closed or corrected it: `pointsman` where it closed by itself.
    pub by: Text,
    /// The number of the record that it corrects; `None` of a first one.
    pub corrects: Option<i64>,
    /// Why it was corrected; empty of a first one.
    pub reason: Text,
}

/// What a record was computed from, as it was then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComputedFrom {
    /// The contract as it was at the end of the period.
    #[serde(deserialize_with = "Contract::read_kept")]
    pub contract: Contract,
    /// How often it had been changed, from 1.
    pub revision: u32,
    /// The objectives of its terms and the members of composite ones, with their counts. One that was removed before is not among them.
    pub objectives: Vec<ObjectiveFrom>,
    /// The exclusions that touched the period.
    pub exclusions: Vec<Exclusion>,
}

/// An objective, and what was counted of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectiveFrom {
    /// The objective as it was at the end of the period.
    #[serde(deserialize_with = "Objective::read_kept")]
    pub objective: Objective,
    /// How often it had been changed, from 1.
    pub revision: u32,
    /// When the first event was that is counted for it.
    pub counted_from_ns: Option<UnixNanos>,
    /// From when on all is known that there was; later than the period's beginning where the period is not all known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_from_ns: Option<UnixNanos>,
    /// Its counts by days of UTC, in the order of time; days without any are left out.
    pub days: Vec<DayCount>,
}

/// What was counted on a day, or on the part of it that is in the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// The beginning of the day, in UTC.
    pub at_ns: UnixNanos,
    /// Events and slices of the day.
    #[serde(flatten)]
    pub tally: Tally,
}
