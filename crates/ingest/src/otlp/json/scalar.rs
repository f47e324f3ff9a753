//! The scalars of protobuf's JSON mapping: numbers that may be text, bytes as hex or base64, `null` for the default.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::{self, Deserialize, Deserializer, Unexpected, Visitor};

/// A field that may be `null`, which is its default.
pub(super) fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A field whose name is protobuf's: always an error.
pub(super) fn snake_case<'de, D: Deserializer<'de>>(_: D) -> Result<(), D::Error> {
    Err(de::Error::custom(
        "fields have names in lowerCamelCase in OTLP JSON, such as resourceSpans",
    ))
}

/// A whole number, as a number or as text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Whole<T>(pub(super) T);

impl<'de, T: TryFrom<i128>> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WholeVisitor(PhantomData))
    }
}

struct WholeVisitor<T>(PhantomData<T>);

impl<T: TryFrom<i128>> Visitor<'_> for WholeVisitor<T> {
    type Value = Whole<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a whole number, or one as text, within the field's range")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Whole<T>, E> {
        let fit = T::try_from(number.into()).map(Whole);
        fit.map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Whole<T>, E> {
        let fit = T::try_from(number.into()).map(Whole);
        fit.map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    /// `1e3` and `5.0` are whole, too.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Whole<T>, E> {
        let whole = number.fract() == 0.0 && number.abs() < 2_f64.powi(64);
        let fit = whole
            .then_some(number as i128)
            .and_then(|number| T::try_from(number).ok());
        fit.map(Whole)
            .ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Whole<T>, E> {
        let fit = whole(text).and_then(|number| T::try_from(number).ok());
        fit.map(Whole)
            .ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// The whole number that a decimal one is, to the last digit: `1e3` and `1.0` are 1000 and 1, `0.5` is none.
fn whole(text: &str) -> Option<i128> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (before, after) = digits.split_once('.').unwrap_or((digits, ""));
    if before.is_empty() || !before.bytes().chain(after.bytes()).all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // Digits, and how many of them stand behind the point.
    let all = [before, after].concat();
    let kept = all.trim_end_matches('0');
    if kept.is_empty() {
        return Some(0);
    }
    let behind = i64::try_from(after.len()).ok()? - i64::try_from(all.len() - kept.len()).ok()? - i64::from(exponent);
    let zeros = u32::try_from(-behind).ok()?;
    let number = kept.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(zeros)?)?;
    Some(sign * number)
}

/// A floating-point number, as a number or as text: `NaN`, `Infinity` and `-Infinity` have no number in JSON.
#[derive(Debug, Clone, Copy)]
pub(super) struct Double(pub(super) f64);

impl<'de> Deserialize<'de> for Double {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DoubleVisitor)
    }
}

struct DoubleVisitor;

impl Visitor<'_> for DoubleVisitor {
    type Value = Double;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a number, or one as text")
    }

    fn visit_u64<E>(self, number: u64) -> Result<Double, E> {
        Ok(Double(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Double, E> {
        Ok(Double(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Double, E> {
        Ok(Double(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Double, E> {
        text.parse()
            .map(Double)
            .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// An id: bytes as hex, upper or lower case.
#[derive(Debug, Default)]
pub(super) struct Hex(pub(super) Vec<u8>);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(HexVisitor)
    }
}

impl Hex {
    fn read(text: &str) -> Option<Self> {
        let digit = |c: u8| char::from(c).to_digit(16);
        let pairs = text.as_bytes().chunks(2);
        let bytes = pairs.map(|pair| Some((digit(pair[0])? << 4 | digit(*pair.get(1)?)?) as u8));
        bytes.collect::<Option<_>>().map(Self)
    }
}

/// An id without which its item is whole: one that is no hexadecimal text is as good as none.
pub(super) fn hex_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hex, D::Error> {
    let text = Option::<Cow<str>>::deserialize(deserializer)?;
    Ok(text.and_then(|text| Hex::read(&text)).unwrap_or_default())
}

struct HexVisitor;

impl Visitor<'_> for HexVisitor {
    type Value = Hex;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an id as hexadecimal digits, two for each byte (not base64)")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Hex, E> {
        Hex::read(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// Bytes as base64, standard or for URLs, padded or not.
#[derive(Debug)]
pub(super) struct Base64(pub(super) Vec<u8>);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Base64Visitor)
    }
}

struct Base64Visitor;

impl Visitor<'_> for Base64Visitor {
    type Value = Base64;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("bytes as base64")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Base64, E> {
        const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true);
        const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
        const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
        let bytes = STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text));
        bytes
            .map(Base64)
            .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_may_be_written_as_any_decimal_one() {
        for (text, number) in [
            ("7", Some(7)),
            ("-7", Some(-7)),
            ("+7", Some(7)),
            ("1e3", Some(1000)),
            ("1E+3", Some(1000)),
            ("1.0", Some(1)),
            ("1.50e1", Some(15)),
            ("100e-2", Some(1)),
            ("0e999999999", Some(0)),
            ("0.000", Some(0)),
            ("9007199254740993.0", Some(9_007_199_254_740_993)),
            ("1.8446744073709551615e19", Some(i128::from(u64::MAX))),
            ("0.5", None),
            ("1e-1", None),
            ("1e999999999", None),
            ("1e99999999999", None),
            ("", None),
            (".5", None),
            ("1e", None),
            ("e3", None),
            ("0x10", None),
            ("NaN", None),
            ("1 ", None),
        ] {
            assert_eq!(whole(text), number, "{text}");
        }
    }
}
