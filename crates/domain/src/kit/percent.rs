//! Shares (0 to 1) as percentages, and back. None has the sign but [`with_sign`]: tables have it in their heads.

use super::field::{FieldError, wrong};
use super::number::{grouped, without_zeros};

/// A share exactly, as short as it can be, to the sixth decimal: `99.9`, `7`. [`parse`] is the way back.
pub fn exact(share: f64) -> String {
    without_zeros(&format!("{:.6}", share * 100.0)).to_owned()
}

/// A share with as many decimals as it takes to tell it from 100, and never rounded up: `98.41`, `99.9987`. What is missing is missing.
pub fn rounded_down(share: f64) -> String {
    let percent = share * 100.0;
    let missing = 100.0 - percent;
    let decimals: usize = match missing {
        m if m <= 0.0 || m >= 0.1 => 2,
        m if m >= 0.01 => 3,
        m if m >= 0.001 => 4,
        _ => 6,
    };
    // A share that is a whole number of the last digit may lie a hair below it.
    let scale = 10_f64.powi(decimals as i32);
    let shown = if missing > 0.0 {
        ((percent * scale + 1e-6).floor() / scale).min(100.0 - 1.0 / scale)
    } else {
        100.0
    };
    without_zeros(&format!("{shown:.decimals$}")).to_owned()
}

/// [`rounded_down`] with its sign: `98.41 %`.
pub fn with_sign(share: f64) -> String {
    format!("{} %", rounded_down(share))
}

/// A share to so many decimals, rounded to the nearest: `90.909`, `-809.1`.
pub fn fixed(share: f64, decimals: usize) -> String {
    format!("{:.decimals$}", share * 100.0)
}

/// A share of errors and the like with three significant digits: `0`, `0.02`, `7.1`, `100`.
pub fn figure(share: f64) -> String {
    match share * 100.0 {
        p if p <= 0.0 => "0".to_owned(),
        p if p < 0.01 => "< 0.01".to_owned(),
        p if p < 0.995 => format!("{p:.2}"),
        p if p < 99.95 => format!("{p:.1}"),
        _ => "100".to_owned(),
    }
}

/// What is left of a budget, never rounded up; negative of what is overspent: `50`, `0.4`, `−900`.
pub fn left(share: f64) -> String {
    match share * 100.0 {
        l if l <= -1000.0 => format!("−{}", grouped(-l as u64)),
        l if l < 0.0 => format!("−{:.0}", (-l).ceil()),
        l if l < 1.0 => format!("{l:.1}"),
        l => format!("{:.0}", l.floor()),
    }
}

/// The share that a percentage says, with or without its sign and with a point or a comma. It is shifted as a decimal and not divided, so
/// that 99.9 is 0.999 and nothing beside it. Errors: no percentage. Its range is not checked.
pub fn parse(field: &str, percent: &str) -> Result<f64, FieldError> {
    let digits = percent.trim().trim_end_matches('%').trim_end().replace(',', ".");
    let plain = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    match format!("{digits}e-2").parse() {
        Ok(share) if plain => Ok(share),
        _ => wrong(field, format!("`{percent}` is no percentage, such as 99.5")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_shifted_and_not_divided() {
        for (text, share) in [("99.9", 0.999), ("99,95 %", 0.9995), ("7", 0.07)] {
            assert_eq!(
                parse("target", text).map(f64::to_bits),
                Ok(f64::to_bits(share)),
                "{text}"
            );
        }
        for wrong in ["", "%", "-1", "much", "1e2"] {
            assert!(parse("target", wrong).is_err(), "{wrong}");
        }
        assert_eq!([0.999, 0.9, 0.99999, 1.0].map(exact), ["99.9", "90", "99.999", "100"]);
    }

    #[test]
    fn what_is_missing_is_never_rounded_away() {
        for (share, text) in [
            (1.0, "100 %"),
            (0.999_999_99, "99.999999 %"),
            (0.9999, "99.99 %"),
            (0.99, "99 %"),
            (0.9841, "98.41 %"),
            (0.5, "50 %"),
            (0.0, "0 %"),
            (1.0 - 1e-12, "99.999999 %"),
        ] {
            assert_eq!(with_sign(share), text);
        }
        let shares = [
            1.0,
            0.99999,
            0.9999,
            0.999,
            0.998_999,
            0.99954,
            0.9841,
            0.5,
            0.999_999_999,
        ];
        let shown = [
            "100",
            "99.999",
            "99.99",
            "99.9",
            "99.89",
            "99.954",
            "98.41",
            "50",
            "99.999999",
        ];
        assert_eq!(shares.map(rounded_down), shown);
        let lefts = [0.509, 0.004, 0.0, -0.001, -9.0, -23.0].map(left);
        assert_eq!(lefts, ["50", "0.4", "0.0", "−1", "−900", "−2\u{202f}300"]);
    }

    #[test]
    fn figures_have_three_digits() {
        let shares = [0.0, 0.00002, 0.0052, 0.0714, 0.9996, 1.0].map(figure);
        assert_eq!(shares, ["0", "< 0.01", "0.52", "7.1", "100", "100"]);
        assert_eq!(
            (fixed(10.0 / 11.0, 3), fixed(-8.0909, 1)),
            ("90.909".into(), "-809.1".into())
        );
    }
}
