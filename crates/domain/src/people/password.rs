//! Passwords, which are hashed by `control` and shown to nobody.

use crate::kit::text::TextError;

/// A password that somebody chose: 12 to 256 characters. Neither shown nor sent anywhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The password as it was typed. Errors: it is shorter or longer.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if (12..=256).contains(&text.chars().count()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextError::new("takes 12 to 256 characters; a sentence is good"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let password = Password::parse("correct horse battery");
        assert_eq!(format!("{password:?}"), "Ok(Password(..))");
        assert!(Password::parse("short").is_err());
    }
}
