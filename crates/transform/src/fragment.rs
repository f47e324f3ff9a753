//! Grouping: spans by trace, records by service, each with what search and pairing need.

mod logs;
mod traces;

pub(crate) use logs::{log_fragment, logs};
pub(crate) use traces::traces;
