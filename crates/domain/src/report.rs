//! Reports for those who answer for services: how a month or a quarter went, in plain words and in figures.
//!
//! ```text
//! counts, alerts, versions first seen --[ attribute ]--> what the budget was spent on --+
//! counts --[ ObjectiveRow ]------------------------------------------------------------+--> Report --[ tell ]--> sentences
//! closed periods of contracts -----------------------------------------------------------+
//! ```

mod attribution;
mod board;
mod page;
mod schedule;
mod tell;

pub use attribution::{CHANGE_HOURS, Cause, CauseKind, Hour, Incident, attribute, changes};
pub use board::{ReportBoard, Sending};
pub use page::{
    AlertFigures, ContractPart, ContractRow, Head, ObjectiveRow, Report, ReportIndex, ReportRow, ReportState, TREND,
    trend_labels,
};
pub use schedule::{Schedule, ScheduleForm};
pub use tell::tell;
