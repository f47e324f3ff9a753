//! Contracts: what is promised to a customer or a consuming team ([`Contract`]), what came of a period ([`Outcome`]), what will come of the
//! running one ([`project`]), and what is kept for ever of each that is over ([`PeriodRecord`]).
//!
//! ```text
//! Measure of each term --[ outcome ]--> term by term: met, missed, tier --> worst tier --> credit, notice, review
//! so far + recent pace --[ project ]--> Measure at the end --[ outcome ]--> what is to be expected
//! ```
//!
//! An objective is what a team promises itself; a contract is what it costs when that is missed.

mod contract;
mod form;
mod money;
mod outcome;
mod page;
mod projection;
mod record;

pub use contract::{Contract, ContractDraft, MAX_TERMS, MAX_TIERS, Term, Tier};
pub use form::ContractForm;
pub use money::{Currency, Money, credit};
pub use outcome::{Outcome, Standing, TermMeasure, TermOutcome, outcome};
pub use page::{Running, SlaDetail, SlaSummary};
pub use projection::{Pace, Projection, project};
pub use record::{ComputedFrom, DayCount, ObjectiveFrom, PeriodRecord};
