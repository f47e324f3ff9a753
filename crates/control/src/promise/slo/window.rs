//! Where an objective's window begins.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::slo::{CalendarUnit, Window};
use pointsman_domain::telemetry::UnixNanos;

use crate::promise::period;

const DAY_NS: u64 = 86_400 * 1_000_000_000;

/// Errors: a time zone that is none.
pub(super) fn check(window: &Window) -> Result<(), FieldError> {
    let Window::Calendar { zone, .. } = window else {
        return Ok(());
    };
    period::zone("window", zone).map(|_| ())
}

/// Where the window begins that ends at this moment.
pub(super) fn start(window: &Window, at_ns: UnixNanos) -> UnixNanos {
    match window {
        Window::Rolling { days } => at_ns.saturating_sub(u64::from(*days) * DAY_NS),
        Window::Calendar { unit, zone } => calendar(*unit, period::known_zone(zone), at_ns).unwrap_or(at_ns),
    }
}

fn calendar(unit: CalendarUnit, zone: TimeZone, at_ns: UnixNanos) -> Option<UnixNanos> {
    let at: Zoned = Timestamp::from_nanosecond(i128::from(at_ns))
        .ok()?
        .to_zoned(zone.clone());
    let date = at.date();
    let first = match unit {
        CalendarUnit::Week => date
            .checked_sub(i64::from(date.weekday().since(Weekday::Monday)).days())
            .ok()?,
        CalendarUnit::Month => date.first_of_month(),
        CalendarUnit::Quarter => date.with().month((date.month() - 1) / 3 * 3 + 1).day(1).build().ok()?,
    };
    let start = first.to_zoned(zone).ok()?;
    u64::try_from(start.timestamp().as_nanosecond()).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use pointsman_domain::time::{format_moment, parse_moment};

    use super::*;

    #[test]
    fn the_calendar_is_of_its_zone() {
        use CalendarUnit::{Month, Quarter, Week};
        for (unit, zone, at, expected) in [
            (Month, "UTC", "2026-03-15T12:00:00Z", "2026-03-01T00:00:00Z"),
            (Month, "Europe/Berlin", "2026-02-28T23:30:00Z", "2026-02-28T23:00:00Z"),
            // Summer time began in between.
            (Month, "Europe/Berlin", "2026-03-31T12:00:00Z", "2026-02-28T23:00:00Z"),
            (Month, "Europe/Berlin", "2026-04-01T12:00:00Z", "2026-03-31T22:00:00Z"),
            (Week, "UTC", "2026-03-15T12:00:00Z", "2026-03-09T00:00:00Z"),
            (Week, "UTC", "2026-03-16T00:00:00Z", "2026-03-16T00:00:00Z"),
            (
                Quarter,
                "America/New_York",
                "2026-06-30T12:00:00Z",
                "2026-04-01T04:00:00Z",
            ),
        ] {
            let window = Window::Calendar {
                unit,
                zone: zone.into(),
            };
            let found = start(&window, parse_moment(at).unwrap());
            assert_eq!(format_moment(found), expected, "{unit:?} in {zone} at {at}");
        }
        let wrong = Window::Calendar {
            unit: Week,
            zone: "Europe/Atlantis".into(),
        };
        assert!(check(&wrong).is_err());
    }
}
