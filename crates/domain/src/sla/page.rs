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
    /// What is promised.
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
    /// Which.
    pub label: PeriodLabel,
    /// From when to when, the rest included.
    pub range: TimeRange,
    /// What would come of it if it ended now.
    pub so_far: Outcome,
    /// What will if it goes on as lately.
    pub projection: Projection,
}

/// One contract, with all that a page shows of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SlaDetail {
    /// It, and how it stands.
    #[serde(flatten)]
    pub summary: SlaSummary,
    /// Its closed periods, newest first, and of each its corrections, newest first.
    pub periods: Vec<PeriodRecord>,
    /// Whether the caller may change it.
    pub may_edit: bool,
}
