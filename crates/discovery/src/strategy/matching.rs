//! How a rule compares a method, a header or a session.

use serde::{Deserialize, Serialize};

use super::{HeaderValue, Pattern};
use crate::name::text_type;
use crate::{HeaderName, Invalid};

text_type!(
    /// An HTTP method in upper case: 1 to 20 letters and `-`. That of gRPC is always `POST`.
    Method,
    "An HTTP method, such as GET",
    max 20,
    pattern "^[A-Z-]+$",
    method
);

fn method(text: &str) -> Result<(), Invalid> {
    let inside = |b: u8| b.is_ascii_uppercase() || b == b'-';
    if (1..=20).contains(&text.len()) && text.bytes().all(inside) {
        return Ok(());
    }
    Err(crate::name::refused(text, "Write a method in upper case, such as GET"))
}

/// A header of the request. Where a header is there several times, its values are joined by `,` first, as Envoy does.
///
/// A header that is not there matches only `present` with `invert`: "not `beta`" is a header that is there and is something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeaderMatch {
    /// Which header.
    pub name: HeaderName,
    /// What it is.
    #[serde(rename = "match")]
    pub predicate: HeaderPredicate,
    /// Whether it is the other way round.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invert: bool,
}

/// What a header is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum HeaderPredicate {
    /// This, case by case.
    Exact(HeaderValue),
    /// Begins so.
    Prefix(HeaderValue),
    /// Ends so.
    Suffix(HeaderValue),
    /// The pattern matches it as a whole.
    Regex(Pattern),
    /// A whole number in decimal of at least `start` and below `end`.
    Range {
        /// From here on.
        start: i64,
        /// Up to here, this one not included; more than `start`.
        end: i64,
    },
    /// It is there, whatever it is.
    Present,
}

impl HeaderPredicate {
    /// Whether a header with this value, which is there, is meant.
    pub fn is_match(&self, value: &str) -> bool {
        match self {
            Self::Exact(exact) => exact.as_str() == value,
            Self::Prefix(prefix) => value.starts_with(prefix.as_str()),
            Self::Suffix(suffix) => value.ends_with(suffix.as_str()),
            Self::Regex(pattern) => pattern.is_match(value),
            Self::Range { start, end } => value
                .parse::<i64>()
                .is_ok_and(|number| (*start..*end).contains(&number)),
            Self::Present => true,
        }
    }
}

impl HeaderMatch {
    /// Whether it is met; `value` is the header's, `None` where it is not there.
    pub fn is_match(&self, value: Option<&str>) -> bool {
        match value {
            Some(value) => self.predicate.is_match(value) != self.invert,
            None => self.invert && self.predicate == HeaderPredicate::Present,
        }
    }
}

/// A text of the request, such as its session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TextMatch {
    /// This, case by case.
    Exact(HeaderValue),
    /// Begins so.
    Prefix(HeaderValue),
    /// Ends so.
    Suffix(HeaderValue),
    /// The pattern matches it as a whole.
    Regex(Pattern),
}

impl TextMatch {
    /// Whether this text is meant.
    pub fn is_match(&self, text: &str) -> bool {
        match self {
            Self::Exact(exact) => exact.as_str() == text,
            Self::Prefix(prefix) => text.starts_with(prefix.as_str()),
            Self::Suffix(suffix) => text.ends_with(suffix.as_str()),
            Self::Regex(pattern) => pattern.is_match(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(json: &str) -> HeaderMatch {
        serde_json::from_str(json).unwrap()
    }

    /// gRPC's and Envoy's own cases.
    #[test]
    fn headers_match_as_in_envoy() {
        let cases = [
            (
                r#""match":{"exact":"beta"}"#,
                [(Some("beta"), true), (Some("Beta"), false), (None, false)],
            ),
            (
                r#""match":{"exact":"beta"},"invert":true"#,
                [(Some("beta"), false), (Some("x"), true), (None, false)],
            ),
            (
                r#""match":{"prefix":"be"}"#,
                [(Some("beta"), true), (Some("abe"), false), (None, false)],
            ),
            (
                r#""match":{"suffix":"ta"}"#,
                [(Some("beta"), true), (Some("tax"), false), (None, false)],
            ),
            (
                r#""match":{"regex":"b.*a"}"#,
                [(Some("beta"), true), (Some("xbeta"), false), (None, false)],
            ),
            (
                r#""match":{"range":{"start":-1,"end":5}}"#,
                [(Some("-1"), true), (Some("5"), false), (Some("x"), false)],
            ),
            (
                r#""match":"present""#,
                [(Some(""), true), (Some("x"), true), (None, false)],
            ),
            (
                r#""match":"present","invert":true"#,
                [(Some(""), false), (Some("x"), false), (None, true)],
            ),
        ];
        for (fields, tries) in cases {
            let matcher = header(&format!(r#"{{"name":"x",{fields}}}"#));
            for (value, meant) in tries {
                assert_eq!(matcher.is_match(value), meant, "{fields} {value:?}");
            }
        }
    }

    #[test]
    fn unknown_keys_and_two_matches_are_refused() {
        for wrong in [
            r#"{"name":"x","match":{"exakt":"a"}}"#,
            r#"{"name":"x","match":{"exact":"a","prefix":"b"}}"#,
            r#"{"name":"x","match":{"range":{"start":1,"end":2,"step":1}}}"#,
            r#"{"name":"x","match":"present","inverted":true}"#,
        ] {
            assert!(serde_json::from_str::<HeaderMatch>(wrong).is_err(), "{wrong}");
        }
    }
}
