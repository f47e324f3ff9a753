//! Money: whole minor units of a currency. No fraction of one is ever kept.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Text;

/// A currency by its three capitals (ISO 4217), such as `EUR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct Currency([u8; 3]);

/// Those without minor units, and those of which a thousand are one (ISO 4217, list one).
const WHOLE: [&str; 16] = [
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF",
];
const WHOLE_TOO: &str = "XPF";
const THOUSANDTHS: [&str; 7] = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

impl Currency {
    /// Errors: a sentence where it is not three capitals.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|byte| byte.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(format!("`{text}` is no currency: write three capitals, such as EUR")),
        }
    }

    /// Its three capitals.
    pub fn code(&self) -> &str {
        // Always letters of ASCII, see `parse`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many decimals its minor unit is: 2 for a cent.
    pub fn decimals(self) -> u32 {
        let code = self.code();
        if WHOLE.contains(&code) || code == WHOLE_TOO {
            0
        } else if THOUSANDTHS.contains(&code) {
            3
        } else {
            2
        }
    }
}

impl TryFrom<Text> for Currency {
    type Error = String;

    fn try_from(text: Text) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<Currency> for Text {
    fn from(currency: Currency) -> Text {
        currency.code().into()
    }
}

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Whole minor units of the currency: cents of euros, yen of yen.
    pub minor: u64,
    /// The currency whose minor units are counted.
    pub currency: Currency,
}

/// `1,234.50 EUR`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self.currency.decimals();
        let unit = 10_u64.pow(decimals);
        let digits = (self.minor / unit).to_string();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if decimals > 0 {
            write!(f, ".{:0width$}", self.minor % unit, width = decimals as usize)?;
        }
        write!(f, " {}", self.currency.code())
    }
}

/// So many percent of an amount, in whole minor units, halves rounded up, and no more than the amount. The percentage counts to its second
/// decimal.
pub fn credit(amount: Money, percent: f64) -> Money {
    let hundredths = (percent.clamp(0.0, 100.0) * 100.0).round() as u128;
    let minor = (u128::from(amount.minor) * hundredths + 5_000) / 10_000;
    Money {
        minor: u64::try_from(minor).unwrap_or(amount.minor).min(amount.minor),
        ..amount
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: u64, code: &str) -> Money {
        Money {
            minor,
            currency: Currency::parse(code).expect("a currency"),
        }
    }

    #[test]
    fn amounts_are_written_in_their_units() {
        for (minor, code, text) in [
            (0, "EUR", "0.00 EUR"),
            (5, "EUR", "0.05 EUR"),
            (123_450, "USD", "1,234.50 USD"),
            (1_234_567, "JPY", "1,234,567 JPY"),
            (1_234_567, "KWD", "1,234.567 KWD"),
        ] {
            assert_eq!(money(minor, code).to_string(), text);
        }
        assert!(Currency::parse("eur").is_err() && Currency::parse("EURO").is_err());
    }

    /// By hand: half a cent is a cent, less is none.
    #[test]
    fn credits_are_rounded_once() {
        for (minor, percent, expected) in [
            (100_000, 10.0, 10_000),
            (10, 5.0, 1),
            (9, 5.0, 0),
            (999, 12.5, 125),
            (1, 100.0, 1),
            (100_000, 0.0, 0),
            (u64::MAX, 100.0, u64::MAX),
            (20_000, 33.33, 6_666),
        ] {
            assert_eq!(
                credit(money(minor, "EUR"), percent).minor,
                expected,
                "{percent} % of {minor}"
            );
        }
    }
}
