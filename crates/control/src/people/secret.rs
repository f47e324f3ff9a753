//! Secrets: what sessions, tokens and links are known by.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rand::rngs::OsRng;
use rand::{RngCore, TryRngCore};
use sha2::{Digest, Sha256};

/// How long a secret is before it becomes text, in bytes.
const BYTES: usize = 32;
/// The longest secret that is looked up, in bytes: longer ones are not ours.
const MAX_SHOWN: usize = 256;

/// What tokens begin with, so that one that has leaked can be found for what it is.
pub(super) const TOKEN_PREFIX: &str = "pmt_";

/// A text that only its bearer may know. Never shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// 256 random bits of the operating system, as text that a URL and a cookie can hold.
    pub(crate) fn random() -> Self {
        let mut bytes = [0; BYTES];
        OsRng.unwrap_err().fill_bytes(&mut bytes);
        Self(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The same, for a token.
    pub(crate) fn token() -> Self {
        Self(format!("{TOKEN_PREFIX}{}", Self::random().0))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// What is stored of a secret. A fast hash is right: nobody guesses 256 random bits. `None` for what can't be one of ours.
pub(crate) fn digest(secret: &str) -> Option<[u8; 32]> {
    (!secret.is_empty() && secret.len() <= MAX_SHOWN).then(|| sha256(secret))
}

/// The hash of any text.
pub(super) fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_long_different_and_not_shown() {
        let (one, two) = (Secret::random(), Secret::token());
        assert_eq!((one.reveal().len(), two.reveal().len()), (43, 47));
        assert!(two.reveal().starts_with(TOKEN_PREFIX));
        assert_ne!(one, Secret::random());
        assert_eq!(format!("{one:?}"), "Secret(..)");
    }

    #[test]
    fn what_is_no_secret_is_not_looked_up() {
        assert!(digest("").is_none() && digest(&"a".repeat(257)).is_none());
        assert_eq!(digest("a"), digest("a"));
        assert_ne!(digest("a"), digest("b"));
    }
}
