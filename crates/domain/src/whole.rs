//! Whole numbers of 64 bits in forms that one reads: as text, as protobuf's JSON has them, because JavaScript reads a number of more than 53 bits
//! as another one. A number is taken, too. For `#[serde(with)]`.

use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// As text where one reads it.
pub(crate) fn serialize<T: Display + Serialize, S: Serializer>(number: &T, to: S) -> Result<S::Ok, S::Error> {
    if to.is_human_readable() {
        to.collect_str(number)
    } else {
        number.serialize(to)
    }
}

/// From text or a number. Errors: neither, or out of range.
pub(crate) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display> + TryFrom<i128> + Deserialize<'de>,
    D: Deserializer<'de>,
{
    if from.is_human_readable() {
        from.deserialize_any(Written(PhantomData))
    } else {
        T::deserialize(from)
    }
}

struct Written<T>(PhantomData<T>);

impl<T: FromStr<Err: Display> + TryFrom<i128>> Visitor<'_> for Written<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a whole number, or one as text")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        T::try_from(number.into()).map_err(|_| E::custom("out of range"))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        T::try_from(number.into()).map_err(|_| E::custom("out of range"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// The same for one that may be missing.
pub(crate) mod optional {
    use super::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Number(#[serde(with = "super")] u64);

    #[allow(clippy::ref_option, reason = "serde hands it on so")]
    pub(crate) fn serialize<S: Serializer>(number: &Option<u64>, to: S) -> Result<S::Ok, S::Error> {
        number.map(Number).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
        Ok(Option::<Number>::deserialize(from)?.map(|number| number.0))
    }
}

#[cfg(test)]
mod tests {
    use crate::read::TracePage;
    use crate::telemetry::Value;

    #[test]
    fn whole_numbers_are_text_in_json_and_both_are_read() -> Result<(), serde_json::Error> {
        for number in [i64::MIN, -1, 0, 9_007_199_254_740_993, i64::MAX] {
            let json = serde_json::to_string(&Value::Int(number))?;
            assert_eq!(json, format!("{{\"Int\":\"{number}\"}}"));
            assert_eq!(serde_json::from_str::<Value>(&json)?, Value::Int(number));
            let bare = format!("{{\"Int\":{number}}}");
            assert_eq!(serde_json::from_str::<Value>(&bare)?, Value::Int(number));
        }
        assert!(serde_json::from_str::<Value>("{\"Int\":\"1.5\"}").is_err());
        let page = TracePage {
            next_before_ns: Some(u64::MAX),
            ..TracePage::default()
        };
        let json = serde_json::to_string(&page)?;
        assert!(json.contains("\"next_before_ns\":\"18446744073709551615\""), "{json}");
        assert_eq!(serde_json::from_str::<TracePage>(&json)?, page);
        let none = serde_json::to_string(&TracePage::default())?;
        assert!(none.contains("\"next_before_ns\":null"), "{none}");
        assert_eq!(serde_json::from_str::<TracePage>(&none)?, TracePage::default());
        Ok(())
    }
}
