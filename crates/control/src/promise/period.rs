//! When months and quarters begin, in the time zones that people have.
//!
//! Periods begin and end at whole hours, which is what counts are kept by for as long as a quarter takes: in the few zones that are half an
//! hour off, at the whole hour before. So each event is in exactly one period.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::period::{Day, PeriodLabel};
use pointsman_domain::slo::{CalendarUnit, Level};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

/// The time zone of this name. Errors: there is none, told at the field.
pub(crate) fn zone(field: &str, name: &str) -> Result<TimeZone, FieldError> {
    TimeZone::get(name).map_err(|_| FieldError {
        field: field.to_owned(),
        message: format!("`{name}` is no time zone; write one such as Europe/Berlin"),
    })
}

/// The zone of a name that was checked when it was written; of one that is gone since, UTC.
pub(crate) fn known_zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The month or quarter that a moment is in; `None` for weeks.
pub(crate) fn at(unit: CalendarUnit, zone: &TimeZone, at_ns: UnixNanos) -> Option<PeriodLabel> {
    let at: Zoned = Timestamp::from_nanosecond(i128::from(at_ns))
        .ok()?
        .to_zoned(zone.clone());
    PeriodLabel::of(unit, at.year(), u8::try_from(at.month()).ok()?)
}

/// From when to when it is.
pub(crate) fn range(label: PeriodLabel, zone: &TimeZone) -> Option<TimeRange> {
    let first = |label: PeriodLabel| {
        let date = Date::new(label.year(), i8::try_from(label.first_month()).ok()?, 1).ok()?;
        start(date, zone)
    };
    Some(TimeRange {
        from_ns: first(label)?,
        to_ns: first(label.next())?,
    })
}

/// When the month began that a moment is in, in the zone of this name; `None` where time has no such moment.
pub(crate) fn month_began(zone: &str, at_ns: UnixNanos) -> Option<UnixNanos> {
    let zone = known_zone(zone);
    let began_ns = range(at(CalendarUnit::Month, &zone, at_ns)?, &zone)?;
    // Where periods end before the month does, the next one has begun.
    Some(if began_ns.to_ns <= at_ns {
        began_ns.to_ns
    } else {
        began_ns.from_ns
    })
}

/// When a day begins.
pub(crate) fn day(day: Day, zone: &TimeZone) -> Option<UnixNanos> {
    let (year, month, day) = day.parts();
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    start(date, zone)
}

fn start(date: Date, zone: &TimeZone) -> Option<UnixNanos> {
    let start = date.to_zoned(zone.clone()).ok()?;
    let ns = u64::try_from(start.timestamp().as_nanosecond()).ok()?;
    Some(Level::Hour.floor(ns))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use pointsman_domain::time::{format_moment, parse_moment};

    use super::*;

    #[test]
    fn periods_are_of_their_zone_and_follow_without_a_gap() {
        for (label, zone, from, to) in [
            ("2026-10", "UTC", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"),
            // Summer time ends in between.
            (
                "2026-10",
                "Europe/Berlin",
                "2026-09-30T22:00:00Z",
                "2026-10-31T23:00:00Z",
            ),
            (
                "2026-Q4",
                "America/New_York",
                "2026-10-01T04:00:00Z",
                "2027-01-01T05:00:00Z",
            ),
            // Half an hour off: the hour before.
            (
                "2026-12",
                "Asia/Kolkata",
                "2026-11-30T18:00:00Z",
                "2026-12-31T18:00:00Z",
            ),
        ] {
            let (label, zone): (PeriodLabel, _) = (label.parse().unwrap(), known_zone(zone));
            let found = range(label, &zone).unwrap();
            assert_eq!(
                (
                    format_moment(found.from_ns).as_str(),
                    format_moment(found.to_ns).as_str()
                ),
                (from, to)
            );
            assert_eq!(range(label.next(), &zone).unwrap().from_ns, found.to_ns);
        }
        let berlin = known_zone("Europe/Berlin");
        let found = at(
            CalendarUnit::Month,
            &berlin,
            parse_moment("2026-10-31T23:30:00Z").unwrap(),
        );
        assert_eq!(found.unwrap().to_string(), "2026-11");
        assert!(zone("zone", "Europe/Atlantis").is_err());
        assert_eq!(
            format_moment(day("2026-07-01".parse().unwrap(), &berlin).unwrap()),
            "2026-06-30T22:00:00Z"
        );
    }
}
