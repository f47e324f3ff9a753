//! How whole numbers and rates are written.

/// A whole number with thin groups of three: `12 480`. The space is U+202F, at which no line breaks.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A whole number with at most three significant digits from 10,000 on: `812`, `12.3 k`, `1.2 M`.
pub fn short(number: u64) -> String {
    let value = number as f64;
    let (value, unit) = match value {
        n if n < 10_000.0 => return number.to_string(),
        n if n < 999_500.0 => (n / 1e3, "k"),
        n if n < 999_500_000.0 => (n / 1e6, "M"),
        n => (n / 1e9, "G"),
    };
    let decimals = usize::from(value < 99.95);
    format!("{} {unit}", without_zeros(&format!("{value:.decimals$}")))
}

/// Events per second with three significant digits, no unit: `0.023`, `4.10`, `128`, `12 480`.
pub fn rate(per_second: f64) -> String {
    match per_second {
        r if r <= 0.0 => "0".to_owned(),
        r if r < 0.001 => "< 0.001".to_owned(),
        r if r < 0.9995 => format!("{r:.3}"),
        r if r < 9.995 => format!("{r:.2}"),
        r if r < 99.95 => format!("{r:.1}"),
        r => grouped(r.round() as u64),
    }
}

/// A decimal without zeros at its end: `99.90` is `99.9`, `7.00` is `7`.
pub(super) fn without_zeros(decimal: &str) -> &str {
    if decimal.contains('.') {
        decimal.trim_end_matches('0').trim_end_matches('.')
    } else {
        decimal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_three_digits() {
        let rates = [0.0, 0.0004, 0.0234, 4.1, 12.34, 127.6, 12_480.2].map(rate);
        assert_eq!(rates, ["0", "< 0.001", "0.023", "4.10", "12.3", "128", "12\u{202f}480"]);
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        let short = [812, 9_999, 12_345, 999_499, 1_234_567, 5_000_000_000].map(short);
        assert_eq!(short, ["812", "9999", "12.3 k", "999 k", "1.2 M", "5 G"]);
    }
}
