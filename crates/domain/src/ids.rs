//! Trace and span ids as the W3C Trace Context and OTLP define them: 16 and 8 bytes, never all zero.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text or a byte string is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not the number of bytes (or, as text, twice as many hex digits) that the id has.
    #[error("has {found} bytes, expected {expected}")]
    Length {
        /// What was given, in bytes.
        found: usize,
        /// What the id has, in bytes.
        expected: usize,
    },
    /// A character outside `0-9a-fA-F`.
    #[error("is not hexadecimal")]
    NotHex,
    /// All bytes zero, which the specification calls invalid.
    #[error("is all zeros")]
    Zero,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; $len]);

        impl $name {
            /// The id of these bytes. Errors: wrong length, all zeros.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, IdError> {
                let array: [u8; $len] = bytes
                    .try_into()
                    .map_err(|_| IdError::Length { found: bytes.len(), expected: $len })?;
                if array == [0; $len] { Err(IdError::Zero) } else { Ok(Self(array)) }
            }

            /// The bytes, most significant first.
            pub fn bytes(&self) -> &[u8; $len] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                let mut text = [0_u8; $len * 2];
                for (i, byte) in self.0.iter().enumerate() {
                    text[i * 2] = DIGITS[usize::from(byte >> 4)];
                    text[i * 2 + 1] = DIGITS[usize::from(byte & 15)];
                }
                f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                if text.len() != $len * 2 {
                    return Err(IdError::Length { found: text.len() / 2, expected: $len });
                }
                let mut bytes = [0_u8; $len];
                for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
                    let digit = |c: u8| char::from(c).to_digit(16).ok_or(IdError::NotHex);
                    *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
                }
                Self::from_bytes(&bytes)
            }
        }

        // Hex where a person or a program reads it, raw bytes in our own compact formats.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    self.0.serialize(serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                    text.parse().map_err(de::Error::custom)
                } else {
                    let bytes = <[u8; $len]>::deserialize(deserializer)?;
                    Self::from_bytes(&bytes).map_err(de::Error::custom)
                }
            }
        }
    };
}

id!(
    /// Names one trace: the whole of one request's journey through the system.
    TraceId,
    16
);
id!(
    /// Names one span within its trace.
    SpanId,
    8
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_round_trips_and_bad_ids_say_what_is_wrong() {
        let text = "88ebfbcebbbc0884eabd9178e1808940";
        let id: TraceId = text.parse().expect("valid");
        assert_eq!(id.to_string(), text);
        assert_eq!("00".repeat(8).parse::<SpanId>(), Err(IdError::Zero));
        assert_eq!("zz".repeat(8).parse::<SpanId>(), Err(IdError::NotHex));
        assert_eq!("abcd".parse::<SpanId>(), Err(IdError::Length { found: 2, expected: 8 }));
        assert_eq!(
            TraceId::from_bytes(&[1; 8]),
            Err(IdError::Length { found: 8, expected: 16 })
        );
        // Not a character boundary in the middle of a pair.
        assert_eq!("é".repeat(8).parse::<SpanId>(), Err(IdError::NotHex));
    }
}
