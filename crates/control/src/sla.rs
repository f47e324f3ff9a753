//! Contracts: the use cases about what is promised to others, and what closes their periods.
//!
//! ```text
//! Desk: list, detail, periods, change, correct
//! evaluator loop: a day after a period's end --> counts --> Outcome --> record, for ever
//! ```
//!
//! What an outcome is, is `domain::sla`'s; when periods begin is [`crate::period`]'s.

mod books;
mod close;
mod correct;
mod edit;
mod list;

pub(crate) use books::Books;
pub use close::{GRACE, close_periods};
pub(crate) use close::{closed_all, live, needed_by, oldest};
