//! Names: of teams and accounts, which people choose; of objectives, contracts and channels, which stand in URLs; and of services,
//! operations and versions, which telemetry has and nobody here may change.

use serde::{Deserialize, Serialize};

use super::field::{FieldError, field, wrong};
use super::text::{TextError, line};
use crate::Text;
use crate::terms::{MAX_NAME, counted_name};

/// A team's name in URLs and settings: 1 to 63 lower-case letters, digits and hyphens, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct TeamName(Text);

/// What a person signs in with: 1 to 128 letters, digits and `.-_@+`, kept in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct UserName(Text);

impl TeamName {
    /// The name without blanks around it. Errors: what such a name is made of.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        let good = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.len() <= 63
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if good {
            Ok(Self(text.into()))
        } else {
            Err(TextError::new(
                "takes up to 63 lower-case letters, digits and hyphens, beginning with a letter",
            ))
        }
    }
}

impl UserName {
    /// The name in lower case, without blanks around it. Errors: what such a name is made of.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = text.trim().to_lowercase();
        let good = (1..=128).contains(&text.chars().count())
            && text.chars().all(|c| c.is_alphanumeric() || ".-_@+".contains(c));
        if good {
            Ok(Self(text.into()))
        } else {
            Err(TextError::new("takes up to 128 letters, digits and . - _ @ +"))
        }
    }
}

/// Gives a checked text its ways in and out: `as_str()`, `TryFrom<Text>`, `Into<Text>`, `FromStr` and `Display`.
macro_rules! text_type {
    ($($kind:ident),+) => {$(
        impl $kind {
            /// As it was taken.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<$crate::Text> for $kind {
            type Error = $crate::kit::text::TextError;

            fn try_from(text: $crate::Text) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }

        impl From<$kind> for $crate::Text {
            fn from(text: $kind) -> $crate::Text {
                text.0
            }
        }

        impl std::str::FromStr for $kind {
            type Err = $crate::kit::text::TextError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}
pub(super) use text_type;

text_type!(TeamName, UserName);

const MAX_SLUG: usize = 63;

/// A name in URLs, of an objective, a contract or a channel: `a-z`, `0-9` and `-`, from a letter or digit to one, at most 63. Errors: anything
/// else, told at the field.
pub fn slug(field: &str, text: &str) -> Result<Text, FieldError> {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edges = !text.starts_with('-') && !text.ends_with('-');
    if (1..=MAX_SLUG).contains(&text.len()) && text.chars().all(inside) && edges {
        Ok(text.into())
    } else {
        wrong(
            field,
            "is made of a-z, 0-9 and `-`, from a letter or digit to one, at most 63",
        )
    }
}

/// A service's name in a form's field `service`. Errors: none is given, or it is one that telemetry can't have ([`sent_name`]).
pub fn service_name(text: &str) -> Result<Text, FieldError> {
    if text.is_empty() {
        return wrong("service", "names a service");
    }
    sent_name("service", text)
}

/// A name that telemetry has, of a service, an operation or the like: as it was sent, also where that is with blanks around it. Errors: more
/// than [`MAX_NAME`] bytes, or a NUL; told at the field.
pub fn sent_name(field: &str, text: &str) -> Result<Text, FieldError> {
    if counted_name(text) == text {
        Ok(text.into())
    } else {
        wrong(
            field,
            format!("takes at most {MAX_NAME} bytes of text, as telemetry keeps names"),
        )
    }
}

/// A new team's name in a form's field `name`. Errors: see [`TeamName::parse`].
pub fn team_name(text: &str) -> Result<TeamName, FieldError> {
    field("name", TeamName::parse(text))
}

/// How pages call a team or a person: one line of at most 100 characters, or `otherwise` where none is given.
pub fn title(name: &str, given: &str, otherwise: &str) -> Result<Text, FieldError> {
    let title = field(name, line(given, 100))?;
    Ok(if title.is_empty() { otherwise.into() } else { title })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_what_they_are_made_of() {
        assert_eq!(
            TeamName::parse(" checkout ").map(|n| n.to_string()),
            Ok("checkout".to_owned())
        );
        for wrong in ["", "Checkout", "1st", "a/b", "-a", &"a".repeat(64)] {
            assert!(TeamName::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            UserName::parse("Ada@Example.org").map(|n| n.to_string()),
            Ok("ada@example.org".to_owned())
        );
        for wrong in ["", "a b", "a<b", "a/b", &"a".repeat(129)] {
            assert!(UserName::parse(wrong).is_err(), "{wrong}");
        }
        for (name, good) in [
            ("cart-up", true),
            ("7d", true),
            ("", false),
            ("-a", false),
            ("Cart", false),
        ] {
            assert_eq!(slug("name", name).is_ok(), good, "{name}");
        }
    }

    #[test]
    fn a_service_is_called_as_it_calls_itself() {
        for wrong in ["", "a\0", &"x".repeat(513)] {
            assert_eq!(
                service_name(wrong).map_err(|error| error.field),
                Err("service".to_owned())
            );
        }
        assert_eq!(service_name(" d10 ").as_deref(), Ok(" d10 "));
    }
}
