//! Severities of log records as a page counts them: which are among the lines, worst first.

use pointsman_domain::read::LogLine;
use pointsman_domain::telemetry::Severity;

/// The words of the severities, worst first; the log form takes all but the last.
pub const WORDS: [&str; 7] = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "UNSET"];

/// How many lines have each severity, worst first, without those that none has: word, one of that severity, count.
pub fn count(lines: &[LogLine]) -> Vec<(&'static str, Severity, usize)> {
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
pub fn shape(severity: Severity) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_severity_has_a_word_that_is_counted() {
        for number in 0..=24 {
            assert!(WORDS.contains(&Severity(number).word()), "{number}");
        }
        assert!(
            WORDS[..6]
                .iter()
                .all(|word| Severity::from_word(word).is_some_and(|s| s.word() == *word))
        );
    }
}
