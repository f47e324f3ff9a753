//! Attributes and their values: OTLP's `KeyValue` and `AnyValue`.

use serde::{Deserialize, Serialize};

use crate::Text;

/// An attribute's value: OTLP's `AnyValue`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub enum Value {
    /// No value at all.
    #[default]
    Empty,
    /// Text.
    Str(Text),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number. In JSON it is a text, as in OTLP's: JavaScript reads numbers of more than 53 bits as others.
    Int(#[serde(with = "crate::whole")] i64),
    /// A floating-point number. In JSON, which has no word for them, NaN and the infinities are texts.
    Double(#[serde(with = "double")] f64),
    /// Raw bytes, shown as hex.
    Bytes(Vec<u8>),
    /// A list.
    Array(Vec<Value>),
    /// Key-value pairs.
    Map(Attributes),
}

impl Value {
    /// The text, where the value is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    /// The whole number, also where the sender wrote it as text (some SDKs do for status codes).
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            Self::Str(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// A floating-point number in forms that one reads, where it may be a text.
mod double {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written<'a> {
        Number(f64),
        Text(&'a str),
        Owned(String),
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands it on so")]
    pub(super) fn serialize<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() && !number.is_finite() {
            number.to_string().serialize(to)
        } else {
            number.serialize(to)
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        if !from.is_human_readable() {
            return f64::deserialize(from);
        }
        match Written::deserialize(from)? {
            Written::Number(number) => Ok(number),
            Written::Text(text) => text.parse().map_err(D::Error::custom),
            Written::Owned(text) => text.parse().map_err(D::Error::custom),
        }
    }
}

/// As one reads it and as a search names it: text as it is, lists as `[a,b]`, maps as `{key:value}`, bytes in hex.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Str(text) => f.write_str(text),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(n) => write!(f, "{n}"),
            Self::Double(d) => write!(f, "{d}"),
            Self::Bytes(bytes) => bytes.iter().try_for_each(|b| write!(f, "{b:02x}")),
            Self::Array(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Map(attributes) => {
                f.write_str("{")?;
                for (i, (key, value)) in attributes.iter().enumerate() {
                    write!(f, "{}{key}:{value}", if i > 0 { "," } else { "" })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// Attributes in the sender's order. Lookups are linear: there are rarely more than a dozen.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Attributes(pub Vec<(Text, Value)>);

impl Attributes {
    /// The value under `key`; the first one where a sender repeats it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The text under `key`, where it is text.
    pub fn str(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::as_str)
    }

    /// The text under the first of `keys` that is there and not empty.
    pub fn first_str(&self, keys: &[&str]) -> Option<&str> {
        keys.iter()
            .find_map(|key| self.str(key).filter(|text| !text.is_empty()))
    }

    /// The whole number under the first of `keys` that is there.
    pub fn first_int(&self, keys: &[&str]) -> Option<i64> {
        keys.iter().find_map(|key| self.get(key).and_then(Value::as_int))
    }

    /// In the sender's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v))
    }
}
