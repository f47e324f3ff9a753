//! When windows of the calendar begin: weeks on Mondays, months on the first, quarters in January, April, July and October, all at midnight.

use jiff::civil::{DateTime, Weekday};
use pointsman_domain::slo::CalendarUnit;

/// Errors: a sentence where no such window begins at this time.
pub(super) fn check_start(unit: CalendarUnit, start: &str) -> Result<(), String> {
    let at: DateTime = start
        .parse()
        .map_err(|_| format!("`{start}` is no time, such as 2026-01-01 00:00:00"))?;
    let midnight = at.time() == jiff::civil::Time::midnight();
    let (fits, begins) = match unit {
        CalendarUnit::Week => (at.weekday() == Weekday::Monday, "weeks begin on Mondays"),
        CalendarUnit::Month => (at.day() == 1, "months begin on the 1st"),
        CalendarUnit::Quarter => (
            at.day() == 1 && at.month() % 3 == 1,
            "quarters begin on the 1st of January, April, July or October",
        ),
    };
    if midnight && fits {
        Ok(())
    } else {
        Err(format!("`{start}` can't be kept: {begins} at 00:00:00"))
    }
}
