//! Objectives: the use cases about them, and the evaluator that says how they stand and calls somebody.
//!
//! ```text
//! Promise: list, detail, change, backtest, alerts, silences, exclusions, policies, OpenSLO
//! evaluator loop: counts --> Status --> alert opened or ended --> [ crate::notices ]
//! ```
//!
//! What counts as good and when somebody is called is `domain::slo`'s.

mod alerting;
pub mod alerts;
mod backtest;
mod changed;
mod count_new;
mod counts;
mod course;
mod edit;
mod evaluate;
pub mod exclusions;
mod list;
mod openslo;
mod pages;
mod pieces;
pub mod policy;
mod spending;
mod window;

pub(crate) use backtest::AT_ONCE;
pub(crate) use count_new::note;
pub(crate) use counts::{CountReader, Members, count};
pub use edit::{create, remove, replace};
pub use evaluate::{Evaluated, cycle};
pub use openslo::{Imported, import};

use pointsman_domain::kit::field::FieldError;
use pointsman_domain::slo::Objective;
use pointsman_store::slo::objectives::{self, ObjectiveRow};

use crate::{Change, Problem};

/// The objective of this name, which stays as it is until the change ends.
async fn locked(change: &mut Change, name: &str) -> Result<ObjectiveRow, Problem> {
    if let Some(row) = objectives::lock_by_name(&mut change.tx, name).await? {
        return Ok(row);
    }
    // Who may not even read is not told what there is.
    change.use_cases().may_read()?;
    Err(Problem::Missing(format!("There is no SLO {name}.")))
}

/// What is wrong with a field of a form.
pub(crate) fn wrong<T>(field: &str, message: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::Field(FieldError {
        field: field.to_owned(),
        message: message.into(),
    }))
}

/// For the audit.
fn json(objective: &Objective) -> serde_json::Value {
    serde_json::to_value(objective).unwrap_or_default()
}
