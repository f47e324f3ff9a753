//! Service level objectives: what counts as good ([`Count`]), what a target leaves ([`Budget`]), how fast that is spent
//! ([`burn_rate`]), and when somebody is called ([`burn_windows`]).
//!
//! Terms are OpenSLO's, formulas those of the Site Reliability Workbook, chapters 2 and 5.

mod alert;
mod budget;
mod count;

pub use alert::{BurnWindow, MIN_BAD, Severity, burn_windows};
pub use budget::{Budget, Target, burn_rate, burn_rate_at_least, hours_to_exhaustion};
pub use count::{Count, Z};
