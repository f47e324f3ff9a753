//! Severities of log records as a page counts them: which are among the lines, worst first.

use pointsman_domain::read::LogLine;
use pointsman_domain::telemetry::LogSeverity;

/// The words of the severities, worst first; the log form takes all but the last.
pub const WORDS: [&str; 7] = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "UNSET"];

/// How many lines have each severity, worst first, without those that none has: word, one of that severity, count.
pub fn count(lines: &[LogLine]) -> Vec<(&'static str, LogSeverity, usize)> {
    let of = |word: &'static str| {
        let mut severities = lines
            .iter()
            .map(|line| line.severity)
            .filter(|severity| severity.word() == word);
        let first = severities.next()?;
        Some((word, first, severities.count() + 1))
    };
    WORDS.iter().filter_map(|&word| of(word)).collect()
}

/// The shape of a severity, an SVG path in a box of 12 by 12. Fill it by `evenodd`.
pub fn shape(severity: LogSeverity) -> &'static str {
    match severity.word() {
        // A square with a cross cut out of it.
        "FATAL" => "M1 1H11V11H1ZM4 5L5 6L4 7L5 8L6 7L7 8L8 7L7 6L8 5L7 4L6 5L5 4Z",
        // A square with a notch.
        "ERROR" => "M1 1H4.5V4H7.5V1H11V11H1Z",
        "WARN" => "M6 1L11.5 11H0.5Z",
        "INFO" => "M6 2A4 4 0 1 1 6 10A4 4 0 1 1 6 2Z",
        // A ring.
        _ => "M6 2A4 4 0 1 1 6 10A4 4 0 1 1 6 2ZM6 3.5A2.5 2.5 0 1 0 6 8.5A2.5 2.5 0 1 0 6 3.5Z",
    }
}

/// What a histogram tells apart, from the bottom up.
pub const GROUPS: [&str; 4] = ["error", "warn", "info", "other"];

/// How many lines of each of [`GROUPS`] lie in each of so many equal stretches between the first and the last line.
pub fn histogram(lines: &[LogLine], buckets: usize) -> Vec<[u32; 4]> {
    let times = || lines.iter().map(|line| line.time_ns);
    let (from, to) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
    let mut counts = vec![[0; 4]; buckets];
    for line in lines {
        let share = (line.time_ns - from) as f64 / (to - from).max(1) as f64;
        let bucket = ((share * buckets as f64) as usize).min(buckets.saturating_sub(1));
        let group = match line.severity.word() {
            "FATAL" | "ERROR" => 0,
            "WARN" => 1,
            "INFO" => 2,
            _ => 3,
        };
        if let Some(count) = counts.get_mut(bucket) {
            count[group] += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use pointsman_domain::telemetry::{Attributes, Value};

    use super::*;

    fn line(time_ns: u64, severity: u8) -> LogLine {
        LogLine {
            time_ns,
            severity: LogSeverity(severity),
            severity_text: "".into(),
            service: "cart".into(),
            version: "".into(),
            instance: "".into(),
            event_name: "".into(),
            body: Value::Str("out of stock".into()),
            attributes: Attributes::default(),
            resource: Attributes::default(),
            scope: "".into(),
            trace_id: None,
            span_id: None,
        }
    }

    #[test]
    fn lines_are_counted_by_severity_and_time() {
        let lines = [line(100, 17), line(90, 9), line(51, 9), line(0, 0)];
        assert_eq!(histogram(&lines, 2), [[0, 0, 0, 1], [1, 0, 2, 0]]);
        assert_eq!(histogram(&[], 2), [[0; 4]; 2]);
        assert_eq!(histogram(&lines[..1], 2), [[1, 0, 0, 0], [0; 4]]);
        let counts: Vec<_> = count(&lines).into_iter().map(|(word, _, n)| (word, n)).collect();
        assert_eq!(counts, [("ERROR", 1), ("INFO", 2), ("UNSET", 1)]);
    }

    #[test]
    fn every_severity_has_a_word_that_is_counted() {
        for number in 0..=24 {
            assert!(WORDS.contains(&LogSeverity(number).word()), "{number}");
        }
        assert!(
            WORDS[..6]
                .iter()
                .all(|word| LogSeverity::from_word(word).is_some_and(|s| s.word() == *word))
        );
    }
}
