//! Objectives: the use cases about what is promised, and the evaluator that says how it stands and calls somebody.
//!
//! ```text
//! Desk: list, detail, change, backtest, alerts, silences, exclusions, channels, policies, OpenSLO
//! evaluator loop: counts --> Status --> alert opened or ended --> outbox --[ sender loop ]--> webhook, chat, mail
//! ```
//!
//! Every change is asked for and noted as those of [`crate::people`] are. What counts as good and when somebody is called is `domain::slo`'s.

mod alerting;
mod alerts;
mod backtest;
mod changed;
mod channels;
mod count_new;
mod course;
mod edit;
mod evaluate;
mod exclusions;
mod list;
mod notify;
mod openslo;
mod pages;
mod pieces;
mod policy;
mod send;
mod spending;
mod sums;
mod window;

pub(crate) use backtest::AT_ONCE;
pub(crate) use count_new::note;
pub use evaluate::{Evaluated, cycle};
pub use openslo::Imported;
pub use send::{Sender, Sent};
pub(crate) use sums::{Ledger, Members, count};

use pointsman_domain::query::FieldError;
use pointsman_domain::slo::Objective;
use pointsman_store::Tx;
use pointsman_store::slo::objectives::{self, ObjectiveRow};

use crate::{Desk, Problem};

/// The objective of this name, which stays as it is until the transaction ends.
async fn locked(desk: &Desk, tx: &mut Tx, name: &str) -> Result<ObjectiveRow, Problem> {
    if let Some(row) = objectives::lock_by_name(tx, name).await? {
        return Ok(row);
    }
    // Who may not even read is not told what there is.
    desk.may_read()?;
    Err(Problem::Missing(format!("There is no objective {name}.")))
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
