//! Lengths of time that burn windows and budgets have, as alerts and pages say them.

use std::time::Duration;

/// A window in whole minutes: `5 min`, `6 h`, `1 h 24 min`, `3 days`.
pub fn window_words(length: Duration) -> String {
    let minutes = length.as_secs() / 60;
    match minutes {
        0..=119 if !minutes.is_multiple_of(60) => format!("{minutes} min"),
        0..=2879 if minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        0..=2879 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ if minutes.is_multiple_of(1440) => format!("{} days", minutes / 1440),
        _ => format!("{:.1} days", minutes as f64 / 1440.0),
    }
}

/// Hours that something lasts for: `12 min`, `6.4 h`, `3.2 days`.
pub fn hours_words(hours: f64) -> String {
    match hours {
        h if h < 1.0 => format!("{:.0} min", (h * 60.0).ceil()),
        h if h < 48.0 => format!("{h:.1} h"),
        h => format!("{:.1} days", h / 24.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_one_says_them() {
        let minutes = |n: u64| window_words(Duration::from_secs(n * 60));
        assert_eq!(
            [5, 60, 84, 360, 1008, 4320, 4400].map(minutes),
            ["5 min", "1 h", "84 min", "6 h", "16 h 48 min", "3 days", "3.1 days"]
        );
        assert_eq!([0.2, 6.44, 76.8].map(hours_words), ["12 min", "6.4 h", "3.2 days"]);
    }
}
