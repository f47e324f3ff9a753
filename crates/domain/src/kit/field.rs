//! What is wrong with one field of a form, a query or a JSON body, said where it was made.

use serde::{Deserialize, Serialize};

use super::text::TextError;

/// A mistake in one field of a form, a query or a JSON body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {message}")]
pub struct FieldError {
    /// The field, as it is called in the URL, the form or the body.
    pub field: String,
    /// What is wrong with it and what would be right: a clause that begins in lower case, to stand after the field's name.
    pub message: String,
}

impl FieldError {
    /// A mistake in the field of this name.
    pub fn new(field: &str, message: impl std::fmt::Display) -> Self {
        Self {
            field: field.to_owned(),
            message: message.to_string(),
        }
    }
}

/// A checked text of the field of this name. Errors: why it is not taken, told at the field.
pub fn field<T>(name: &str, checked: Result<T, TextError>) -> Result<T, FieldError> {
    checked.map_err(|error| FieldError::new(name, error))
}

/// The error of a field, as a result.
pub fn wrong<T>(field: &str, message: impl std::fmt::Display) -> Result<T, FieldError> {
    Err(FieldError::new(field, message))
}

/// The number that a field holds, blanks around it aside. Errors: `what` it is instead, such as `no whole number`.
pub fn number<T: std::str::FromStr>(field: &str, text: &str, what: &str) -> Result<T, FieldError> {
    let number = text.trim().parse();
    number.or_else(|_| wrong(field, format!("`{text}` is {what}")))
}
