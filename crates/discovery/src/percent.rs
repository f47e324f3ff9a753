//! A share in percent, exact to two decimals.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Invalid;

/// A share from 0 to 100 %, in steps of 0.01, kept as parts of 10,000 so that sums are exact. In JSON a number: `12.5`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Percent(u16);

impl Percent {
    /// None.
    pub const ZERO: Self = Self(0);
    /// All.
    pub const HUNDRED: Self = Self(Self::WHOLE);
    /// 100 % in parts of 10,000, which is also Envoy's `total_weight`.
    pub const WHOLE: u16 = 10_000;

    /// So many parts of 10,000. Errors: more than all.
    pub fn from_parts(parts: u16) -> Result<Self, Invalid> {
        if parts <= Self::WHOLE {
            Ok(Self(parts))
        } else {
            Err(refused(f64::from(parts) / 100.0))
        }
    }

    /// So many percent, 0 to 100 with at most two decimals. Errors: another number.
    pub fn new(percent: f64) -> Result<Self, Invalid> {
        let parts = (percent * 100.0).round();
        // A decimal of two places is off by some 1e-12 as a binary number; what was meant as a third decimal, by 0.1 and more.
        if (0.0..=f64::from(Self::WHOLE)).contains(&parts) && (percent * 100.0 - parts).abs() < 1e-6 {
            Ok(Self(parts as u16))
        } else {
            Err(refused(percent))
        }
    }

    /// The percent that somebody typed: `12.5`, with or without ` %`. Errors: no such number.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let number = text.trim().trim_end_matches('%').trim_end();
        let number = number.parse::<f64>().map_err(|_| {
            Invalid::new(
                "",
                format!("{number:?} is no number"),
                "Write a percentage such as 12.5",
            )
        })?;
        Self::new(number)
    }

    /// In parts of 10,000.
    pub fn parts(self) -> u16 {
        self.0
    }

    /// In percent, 0 to 100.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

fn refused(percent: f64) -> Invalid {
    Invalid::new(
        "",
        format!("{percent} is no percentage"),
        "Write 0 to 100 with at most two decimals",
    )
}

/// As one reads it, without the sign: `12.5`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.percent())
    }
}

impl fmt::Debug for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.percent())
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(100) {
            serializer.serialize_u16(self.0 / 100)
        } else {
            serializer.serialize_f64(self.percent())
        }
    }
}

impl<'de> Deserialize<'de> for Percent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(f64::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Percent {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "number",
            "description": "A percentage in steps of 0.01",
            "minimum": 0,
            "maximum": 100,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_goes_through_json_and_text_unchanged() {
        for parts in 0..=Percent::WHOLE {
            let percent = Percent::from_parts(parts).unwrap();
            let json = serde_json::to_string(&percent).unwrap();
            assert_eq!(serde_json::from_str::<Percent>(&json).unwrap(), percent, "{json}");
            assert_eq!(Percent::parse(&format!("{percent} %")).unwrap(), percent);
        }
    }

    #[test]
    fn other_numbers_are_refused() {
        for wrong in ["-1", "100.01", "0.001", "33.333", "1e9", "\"5\"", "null"] {
            assert!(serde_json::from_str::<Percent>(wrong).is_err(), "{wrong}");
        }
        assert!(Percent::new(f64::NAN).is_err() && Percent::from_parts(10_001).is_err());
        assert!(Percent::parse("ten").is_err());
    }
}
