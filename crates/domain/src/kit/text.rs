//! Texts that people give, checked once, where they come in: lines, texts of several lines, addresses.

use serde::{Deserialize, Serialize};

use super::field::{FieldError, wrong};
use crate::display;

/// A short string: up to 24 bytes are kept inline, which most attribute keys and names fit.
pub type Text = compact_str::CompactString;

/// Why a text is not taken: a clause without its full stop, to stand after the field's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{0}")]
pub struct TextError(pub String);

impl TextError {
    /// Why, as a clause.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// One line of text of at most `most` characters, without blanks around it. Errors: it is longer, or has what controls a terminal or a page.
pub fn line(text: &str, most: usize) -> Result<Text, TextError> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(TextError(format!("takes at most {most} characters")));
    }
    if text.chars().any(|c| c.is_control() || display::turns(c)) {
        return Err(TextError::new("is one line of text"));
    }
    Ok(text.into())
}

/// Text of several lines, of at most `most` characters, without blanks around it. Errors: it is longer, or has what controls a terminal or a
/// page beyond line breaks and tabs; told at the field.
pub fn lines(field: &str, text: &str, most: usize) -> Result<Text, FieldError> {
    let text = text.trim();
    if text.chars().count() > most {
        return wrong(field, format!("takes at most {most} characters"));
    }
    let is_unfit = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t') || display::turns(c);
    if text.chars().any(is_unfit) {
        return wrong(field, "is plain text");
    }
    Ok(text.into())
}

/// An address that a page can link to: empty, or an `http://` or `https://` one of at most 500 characters. Errors: anything else.
pub fn link(text: &str) -> Result<Text, TextError> {
    let text = line(text, 500)?;
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') && !text.contains(char::is_whitespace) => Ok(text),
        None if text.is_empty() => Ok(text),
        _ => Err(TextError::new("takes an address that begins with https:// or http://")),
    }
}

/// What a field holds besides blanks around it; `None` where that is nothing.
pub fn filled(text: &str) -> Option<Text> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(Text::from)
}

/// The words of a field that takes several, with commas or blanks between them.
pub fn separated(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_are_linked_to() {
        for good in ["", "https://wiki.example/runbook", "http://localhost:8080/x"] {
            assert_eq!(link(good).as_deref(), Ok(good));
        }
        for wrong in ["javascript:alert(1)", "https://", "http:///x", "ftp://x", "https://a b"] {
            assert!(link(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn several_words_are_told_apart_by_commas_and_blanks() {
        assert_eq!(separated(" a, b\tc ,,d ").collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        assert_eq!(filled("  ").as_deref(), None);
    }
}
