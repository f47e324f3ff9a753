//! Reports: the use cases, what makes one out of counts, alerts and contracts, and what closes and sends them.
//!
//! ```text
//! Promise: index, report (kept, or made now), schedules
//! evaluator loop: a day after a period's end, when its contracts are closed --> report_record --> outbox --> mail
//! ```
//!
//! What is in a report and what it says is `domain::report`'s.

mod board;
mod close;
mod csv;
mod list;
mod make;
pub mod schedules;

pub use close::close_reports;
pub use csv::csv;

/// Whether there is a time zone of this name, such as `Europe/Berlin`.
pub fn is_zone(name: &str) -> bool {
    super::period::zone("zone", name).is_ok()
}
