//! How figures read: the same on the server and in the browser, three significant digits, units with a space, times in UTC.

use pointsman_domain::display;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::RangeSpec;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

pub use pointsman_domain::kit::duration::{figure as duration, rough};
pub use pointsman_domain::kit::duration::{hours, window};
pub use pointsman_domain::kit::list::and as list;
pub use pointsman_domain::kit::number::{grouped as count, rate};
pub use pointsman_domain::kit::percent::exact as exact_percent;
pub use pointsman_domain::kit::percent::figure as percent;
pub use pointsman_domain::kit::percent::left as budget_left;
pub use pointsman_domain::kit::percent::with_sign as percent_with_sign;
pub use pointsman_domain::kit::plural::counted;

/// A name or another text of others in a line of ours, as it can be shown: see [`display::line`]. All that telemetry says goes through here or
/// [`message`] on its way to the screen, and nothing on its way into an address or a form.
pub fn shown(text: &str) -> String {
    display::line(text).into_owned()
}

/// A text of others that may have several lines, as it can be shown: see [`display::lines`].
pub fn message(text: &str) -> String {
    display::lines(text).into_owned()
}

/// A text as the value of a field: HTML has no NUL.
pub fn in_field(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A missing figure.
pub const NONE: &str = "–";

/// A duration, or a dash where there is none.
pub fn maybe_duration(ns: Option<u64>) -> String {
    ns.map_or_else(|| NONE.to_owned(), duration)
}

/// A share that is never rounded up: with as many digits as tell it from the target, without a unit.
pub fn compliance(share: f64) -> String {
    let percent = share * 100.0;
    let decimals = match percent {
        p if p < 99.9 => 2,
        p if p < 99.99 => 3,
        _ => 4,
    };
    let power = 10_f64.powi(decimals);
    // The tolerance keeps 99.9, which is 99.89999..., from being cut.
    let cut = (percent * power + 1e-6).floor() / power;
    exact_percent(cut / 100.0)
}

/// A text as a sentence begins: its first letter large.
pub fn begun(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// A figure apart from its unit: `41.2 ms` is `41.2` and `ms`.
pub fn apart(figure: &str) -> (String, String) {
    let (number, unit) = figure.split_once(' ').unwrap_or((figure, ""));
    (number.to_owned(), unit.to_owned())
}

/// A figure without the decimals that say nothing, as on an axis: `20 ms` rather than `20.0 ms`.
pub fn trimmed(figure: &str) -> String {
    let (number, unit) = apart(figure);
    let number = if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        &number
    };
    if unit.is_empty() {
        number.to_owned()
    } else {
        format!("{number} {unit}")
    }
}

const CLOCK: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]");
const CLOCK_SECONDS: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]:[second]");
const CLOCK_MILLIS: &[BorrowedFormatItem<'_>] = format_description!("[hour]:[minute]:[second].[subsecond digits:3]");
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:short] [year]");
const DAY_SHORT: &[BorrowedFormatItem<'_>] = format_description!("[day padding:none] [month repr:short]");
const EXACT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3] UTC");

fn written(at: UnixNanos, form: &[BorrowedFormatItem<'_>]) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at))
        .ok()
        .and_then(|at| at.format(form).ok())
        .unwrap_or_default()
}

/// `14:02`.
pub fn clock(at: UnixNanos) -> String {
    written(at, CLOCK)
}

/// `14:02:11`.
pub fn clock_seconds(at: UnixNanos) -> String {
    written(at, CLOCK_SECONDS)
}

/// `14:02:11.482`.
pub fn clock_millis(at: UnixNanos) -> String {
    written(at, CLOCK_MILLIS)
}

/// `31 Jan 2026`.
pub fn day(at: UnixNanos) -> String {
    written(at, DAY)
}

/// `2026-01-31 14:02:11.482 UTC`: for titles, where the exact time is asked for.
pub fn exact(at: UnixNanos) -> String {
    written(at, EXACT)
}

/// `31 Jan 2026, 14:02`: for what is not near the page's range, such as the end of a token.
pub fn stamp(at: UnixNanos) -> String {
    format!("{}, {}", day(at), clock(at))
}

/// The oldest and the newest of these moments.
pub fn ends(moments: impl Iterator<Item = UnixNanos>) -> Option<(UnixNanos, UnixNanos)> {
    moments.fold(None, |ends, at| {
        let (oldest, newest) = ends.unwrap_or((at, at));
        Some((oldest.min(at), newest.max(at)))
    })
}

const DAY_NS: u64 = 86_400_000_000_000;

/// A moment as one says it on a page of `now`: `14:02` on the same day, `30 Jan, 14:02` else.
pub fn moment(at: UnixNanos, now_ns: UnixNanos) -> String {
    if at / DAY_NS == now_ns / DAY_NS {
        clock(at)
    } else {
        format!("{}, {}", written(at, DAY_SHORT), clock(at))
    }
}

/// How long ago: `now`, `12 s ago`, `4 min ago`; from an hour on the moment itself. `now_ns` is the end of the page's range.
pub fn ago(at: UnixNanos, now_ns: UnixNanos) -> String {
    match now_ns.saturating_sub(at) / 1_000_000_000 {
        0..=1 => "now".to_owned(),
        s @ 2..=59 => format!("{s} s ago"),
        s @ 60..=3599 => format!("{} min ago", s / 60),
        _ => moment(at, now_ns),
    }
}

/// A stretch of time: `14:02 to 15:02 UTC, 31 Jan 2026`; with seconds where it is under ten minutes.
pub fn span_words(from_ns: UnixNanos, to_ns: UnixNanos) -> String {
    let time = if to_ns.saturating_sub(from_ns) < 600_000_000_000 {
        clock_seconds
    } else {
        clock
    };
    if from_ns / DAY_NS == to_ns.saturating_sub(1) / DAY_NS {
        format!("{} to {} UTC, {}", time(from_ns), time(to_ns), day(from_ns))
    } else {
        let at = |at| format!("{}, {}", written(at, DAY_SHORT), time(at));
        format!("{} to {} UTC", at(from_ns), at(to_ns))
    }
}

/// The time on a chart's axis: seconds under ten minutes, with the day over a day, the day alone over two.
pub fn axis_time(at: UnixNanos, range_ns: u64) -> String {
    match range_ns / 1_000_000_000 {
        0..=600 => clock_seconds(at),
        601..=86_400 => clock(at),
        86_401..=172_800 => format!("{}, {}", written(at, DAY_SHORT), clock(at)),
        _ => written(at, DAY_SHORT),
    }
}

/// How the times of a list or a chart are written: with the day where the time alone would not tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Times {
    with_day: bool,
}

impl Times {
    /// From one moment to another.
    pub fn between(from_ns: UnixNanos, to_ns: UnixNanos) -> Self {
        Self {
            with_day: from_ns / DAY_NS != to_ns / DAY_NS,
        }
    }

    /// In the range of a page. What is shown of it (its oldest and its newest moment) may lie on two days also where the range
    /// is short.
    pub fn within(range: RangeSpec, shown: Option<(UnixNanos, UnixNanos)>) -> Self {
        let long = match range {
            RangeSpec::Last(seconds) => seconds > DAY_NS / 1_000_000_000,
            RangeSpec::Fixed(range) => Self::between(range.from_ns, range.to_ns.saturating_sub(1)).with_day,
        };
        let two_days = shown.is_some_and(|(oldest, newest)| Self::between(oldest, newest).with_day);
        Self {
            with_day: long || two_days,
        }
    }

    /// `14:02:11`, or `31 Jan, 14:02:11`.
    pub fn seconds(self, at: UnixNanos) -> String {
        self.dated(at, clock_seconds(at))
    }

    /// `14:02:11.482`, or `31 Jan, 14:02:11.482`.
    pub fn millis(self, at: UnixNanos) -> String {
        self.dated(at, clock_millis(at))
    }

    fn dated(self, at: UnixNanos, clock: String) -> String {
        if self.with_day {
            format!("{}, {clock}", written(at, DAY_SHORT))
        } else {
            clock
        }
    }
}

/// The slot (1 to 8) of a name's colour: the same on every page, by FNV-1a and a finalizer, without which
/// names of one length crowd together.
pub fn series_slot(name: &str) -> u8 {
    let mut hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    for factor in [0xff51_afd7_ed55_8ccd_u64, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ (hash >> 33)).wrapping_mul(factor);
    }
    hash ^= hash >> 33;
    ((hash >> 6) % 8) as u8 + 1
}

#[cfg(test)]
mod tests {
    use pointsman_domain::time::TimeRange;

    use super::*;

    const AT: UnixNanos = 1_769_868_131_482_000_000;

    #[test]
    fn times_are_utc_and_relative_within_the_hour() {
        assert_eq!(exact(AT), "2026-01-31 14:02:11.482 UTC");
        assert_eq!(ago(AT, AT + 12_000_000_000), "12 s ago");
        assert_eq!(ago(AT, AT + 240_000_000_000), "4 min ago");
        assert_eq!(ago(AT, AT + 7_200_000_000_000), "14:02");
        assert_eq!(ago(AT, AT + DAY_NS), "31 Jan, 14:02");
        assert_eq!(
            span_words(AT, AT + 3_600_000_000_000),
            "14:02 to 15:02 UTC, 31 Jan 2026"
        );
        assert_eq!(
            span_words(AT, AT + 27_000_000_000),
            "14:02:11 to 14:02:38 UTC, 31 Jan 2026"
        );
    }

    #[test]
    fn times_have_their_day_where_they_do_not_tell_it() {
        let within = |range: &str, shown| Times::within(range.parse().expect("a length"), shown).seconds(AT);
        assert_eq!(within("30m", None), "14:02:11");
        assert_eq!(within("24h", Some((AT - DAY_NS / 4, AT))), "14:02:11");
        // All that is shown may be of one day, and that one not today.
        assert_eq!(within("7d", Some((AT - 1, AT))), "31 Jan, 14:02:11");
        assert_eq!(within("24h", Some((AT - DAY_NS, AT))), "31 Jan, 14:02:11");
        let fixed = |from_ns, to_ns| Times::within(RangeSpec::Fixed(TimeRange { from_ns, to_ns }), None).millis(AT);
        let midnight = AT / DAY_NS * DAY_NS;
        assert_eq!(fixed(midnight, midnight + DAY_NS), "14:02:11.482");
        assert_eq!(fixed(midnight - 1, midnight + 1), "31 Jan, 14:02:11.482");
        assert_eq!(axis_time(AT, DAY_NS + 1_000_000_000), "31 Jan, 14:02");
    }

    #[test]
    fn a_name_keeps_its_colour_and_a_shop_has_many() {
        assert_eq!(series_slot("payments"), series_slot("payments"));
        let shop = [
            "cart",
            "catalog",
            "checkout",
            "notifier",
            "payments",
            "pricing",
            "shipping",
            "storefront",
        ];
        let mut slots = shop.map(series_slot).to_vec();
        slots.sort_unstable();
        slots.dedup();
        assert!(
            slots.len() >= 7 && slots.iter().all(|slot| (1..=8).contains(slot)),
            "{slots:?}"
        );
    }
}
