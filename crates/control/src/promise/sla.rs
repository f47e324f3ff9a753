//! Contracts: the use cases about what is promised to others, and what closes their periods.
//!
//! ```text
//! Promise: list, detail, periods, change, correct
//! evaluator loop: a day after a period's end --> counts --> Outcome --> record, for ever
//! ```
//!
//! What an outcome is, is `domain::sla`'s; when periods begin is [`super::period`]'s.

mod close;
mod correct;
mod edit;
mod list;
mod objectives_at;

pub use close::{GRACE, close_periods};
pub(crate) use close::{closed_all, live, needed_by, oldest};
pub use correct::correct;
pub use edit::{create, remove, replace};
pub(crate) use objectives_at::ObjectivesAt;
