//! Lengths of time, as they are written and read: figures (`1.24 s`), what people type (`300ms`), windows and forecasts in words (`6 h`).

use std::time::Duration;

/// Units that a length of time is given in, with their nanoseconds.
const UNITS: [(&str, u64); 9] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

/// A figure with three significant digits: `812 µs`, `1.24 s`, `3.50 min`. In nanoseconds.
pub fn figure(ns: u64) -> String {
    let ns = ns as f64;
    let (value, unit) = match ns {
        n if n < 999.5 => return format!("{n:.0} ns"),
        n if n < 999.5e3 => (n / 1e3, "µs"),
        n if n < 999.5e6 => (n / 1e6, "ms"),
        n if n < 59.95e9 => (n / 1e9, "s"),
        n if n < 3597e9 => (n / 60e9, "min"),
        n => (n / 3600e9, "h"),
    };
    let decimals = if value < 9.995 { 2 } else { usize::from(value < 99.95) };
    format!("{value:.decimals$} {unit}")
}

/// Reads a decimal and a unit into nanoseconds: `300ms`, `1.5s`, `750 us`, `2m` or `2min`, `6h`, `7d`. `None` for anything else.
pub fn parse(text: &str) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|c: char| c != '.' && !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(split);
    let (_, factor) = UNITS.iter().find(|(word, _)| *word == unit.trim())?;
    let number: f64 = number.parse().ok()?;
    Some((number * *factor as f64).round() as u64)
}

/// A length exactly, in the largest unit up to a second of which it is a whole number: `300ms`, `1500ms`, `90s`. [`parse`] is the way back.
pub fn exact(ns: u64) -> String {
    let units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")];
    let whole = units.into_iter().find(|(unit, _)| ns.is_multiple_of(*unit));
    whole.map_or_else(|| format!("{ns}ns"), |(unit, word)| format!("{}{word}", ns / unit))
}

/// A window in whole minutes, as alerts name it: `5 min`, `6 h`, `16 h 48 min`, `3 days`.
pub fn window(length: Duration) -> String {
    let minutes = length.as_secs() / 60;
    match minutes {
        0..=119 if !minutes.is_multiple_of(60) => format!("{minutes} min"),
        0..=2879 if minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        0..=2879 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ if minutes.is_multiple_of(1440) => format!("{} days", minutes / 1440),
        _ => format!("{:.1} days", minutes as f64 / 1440.0),
    }
}

/// Hours that something lasts for: `12 min` (rounded up), `6.4 h`, `3.2 days`.
pub fn hours(hours: f64) -> String {
    match hours {
        h if h < 1.0 => format!("{:.0} min", (h * 60.0).ceil()),
        h if h < 48.0 => format!("{h:.1} h"),
        h => format!("{:.1} days", h / 24.0),
    }
}

/// How long something took or has been, as one says it: `12 s`, `4 min`, `2.5 h`, `3.2 days`. In nanoseconds.
pub fn rough(ns: u64) -> String {
    match ns / 1_000_000_000 {
        s @ 0..=119 => format!("{s} s"),
        s @ 120..=7_199 => format!("{} min", s / 60),
        s => hours(s as f64 / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_and_forecasts_read_as_one_says_them() {
        let minutes = |n: u64| window(Duration::from_secs(n * 60));
        assert_eq!(
            [5, 60, 84, 360, 1008, 4320, 4400].map(minutes),
            ["5 min", "1 h", "84 min", "6 h", "16 h 48 min", "3 days", "3.1 days"]
        );
        assert_eq!([0.2, 6.44, 76.8].map(hours), ["12 min", "6.4 h", "3.2 days"]);
        let seconds = |n: u64| rough(n * 1_000_000_000);
        assert_eq!(
            [12, 90, 240, 9_000, 276_480].map(seconds),
            ["12 s", "90 s", "4 min", "2.5 h", "3.2 days"]
        );
    }

    #[test]
    fn what_is_typed_is_read_and_written_again() {
        for (text, ns) in [
            ("300ms", 300_000_000),
            ("1500ms", 1_500_000_000),
            ("90s", 90_000_000_000),
            ("750us", 750_000),
            ("7ns", 7),
        ] {
            assert_eq!((parse(text), exact(ns).as_str()), (Some(ns), text));
        }
        assert_eq!(parse("7d"), Some(7 * 86_400 * 1_000_000_000));
        for wrong in ["", "7", "d", "7 weeks", "fast", "-1s", "1e3s"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
