//! Names and texts that people give, checked once, where they come in.

use serde::{Deserialize, Serialize};

use crate::Text;
use crate::display;

/// Why a text is not taken. A sentence without its full stop, to stand after the field's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{0}")]
pub struct NameError(pub String);

fn refuse<T>(why: &str) -> Result<T, NameError> {
    Err(NameError(why.to_owned()))
}

/// A team's name in URLs and settings: 1 to 63 lower-case letters, digits and hyphens, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct TeamName(Text);

/// What a person signs in with: 1 to 128 letters, digits and `.-_@+`, kept in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct UserName(Text);

/// Why something is done, in the words of who does it: 3 to 500 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct Reason(Text);

impl TeamName {
    /// Errors: what such a name is made of.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let good = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.len() <= 63
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if good {
            Ok(Self(text.into()))
        } else {
            refuse("takes up to 63 lower-case letters, digits and hyphens, beginning with a letter")
        }
    }
}

impl UserName {
    /// Errors: what such a name is made of.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim().to_lowercase();
        let good = (1..=128).contains(&text.chars().count())
            && text.chars().all(|c| c.is_alphanumeric() || ".-_@+".contains(c));
        if good {
            Ok(Self(text.into()))
        } else {
            refuse("takes up to 128 letters, digits and . - _ @ +")
        }
    }
}

impl Reason {
    /// Errors: how long a reason is.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if (3..=500).contains(&text.chars().count()) && !text.chars().any(|c| c.is_control() && c != '\n') {
            Ok(Self(text.into()))
        } else {
            refuse("takes 3 to 500 characters: who reads the audit will want to know why")
        }
    }
}

macro_rules! text {
    ($($kind:ident),+) => {$(
        impl $kind {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<Text> for $kind {
            type Error = NameError;

            fn try_from(text: Text) -> Result<Self, NameError> {
                Self::parse(&text)
            }
        }

        impl From<$kind> for Text {
            fn from(name: $kind) -> Text {
                name.0
            }
        }

        impl std::str::FromStr for $kind {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
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

text!(TeamName, UserName, Reason);

/// A password that somebody chose: 12 to 256 characters. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Errors: how long a password is.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if (12..=256).contains(&text.chars().count()) {
            Ok(Self(text.to_owned()))
        } else {
            refuse("takes 12 to 256 characters; a sentence is good")
        }
    }

    /// The text, for whoever hashes it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

/// One line of text of at most `most` characters, without what controls a terminal or a page.
pub fn line(text: &str, most: usize) -> Result<Text, NameError> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(NameError(format!("takes at most {most} characters")));
    }
    if text.chars().any(|c| c.is_control() || display::turns(c)) {
        return refuse("is one line of text");
    }
    Ok(text.into())
}

/// An address that a page can link to: empty, or an `http://` or `https://` one of at most 500 characters.
pub fn link(text: &str) -> Result<Text, NameError> {
    let text = line(text, 500)?;
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') && !text.contains(char::is_whitespace) => Ok(text),
        None if text.is_empty() => Ok(text),
        _ => refuse("takes an address that begins with https:// or http://"),
    }
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
    }

    #[test]
    fn a_password_is_never_shown() {
        let password = Password::parse("correct horse battery");
        assert_eq!(format!("{password:?}"), "Ok(Password(..))");
        assert!(Password::parse("short").is_err());
    }

    #[test]
    fn only_pages_are_linked_to() {
        for good in ["", "https://wiki.example/runbook", "http://localhost:8080/x"] {
            assert_eq!(link(good).as_deref(), Ok(good));
        }
        for wrong in ["javascript:alert(1)", "https://", "http:///x", "ftp://x", "https://a b"] {
            assert!(link(wrong).is_err(), "{wrong}");
        }
    }
}
