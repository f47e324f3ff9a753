//! Why something is done, as the audit keeps it.

use serde::{Deserialize, Serialize};

use super::field::{FieldError, field};
use super::name::text_type;
use super::text::TextError;
use crate::Text;

/// Why something is done, in the words of who does it: 3 to 500 characters, on one line or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Text", into = "Text")]
pub struct Reason(Text);

impl Reason {
    /// The reason without blanks around it. Errors: it is shorter or longer, or has control characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if (3..=500).contains(&text.chars().count()) && !text.chars().any(|c| c.is_control() && c != '\n') {
            Ok(Self(text.into()))
        } else {
            Err(TextError::new(
                "takes 3 to 500 characters: who reads the audit will want to know why",
            ))
        }
    }

    /// What was given in the field `reason`. Errors: see [`Reason::parse`].
    pub fn given(text: &str) -> Result<Self, FieldError> {
        field("reason", Self::parse(text))
    }
}

text_type!(Reason);
