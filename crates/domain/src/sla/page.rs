//! What pages and programs get to see of contracts.

use serde::{Deserialize, Serialize};

use super::{Contract, Outcome, PeriodRecord, Projection};
use crate::period::PeriodLabel;
use crate::slo::Failing;
use crate::time::TimeRange;

/// A contract and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaSummary {
    /// The contract as it is now.
    #[serde(deserialize_with = "Contract::read_kept")]
    pub contract: Contract,
    /// How often it was changed, from 1.
    pub revision: u32,
    /// The period that runs; `None` where the contract has not begun or is over.
    pub running: Option<Running>,
    /// The last period that was closed, as it was corrected last.
    pub last: Option<PeriodRecord>,
    /// Why a period that is over could not be closed, where the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<Failing>,
}

/// A period that runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RunningPeriod))]
pub struct Running {
    /// The month or quarter.
    pub label: PeriodLabel,
    /// The contract's part of it, also what is still to come.
    pub range: TimeRange,
    /// The outcome if it ended now.
    pub so_far: Outcome,
    /// The outcome if it goes on as in the recent time.
    pub projection: Projection,
}

/// One contract, with all that a page shows of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaDetail {
    /// The contract, and how it stands.
    #[serde(flatten)]
    pub summary: SlaSummary,
    /// Its closed periods, newest first, and of each its corrections, newest first.
    pub periods: Vec<PeriodRecord>,
    /// Whether the caller may change it.
    pub may_edit: bool,
}
