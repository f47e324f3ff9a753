//! The keys by which the secrets of channels are encrypted in the database: whoever has only a copy of it can't read them.
//!
//! AES-256-GCM, with the number of the channel as what is authenticated beside it: a secret of one channel is none of another. Each key is
//! known by an id, the beginning of its SHA-256, which tells nothing of 256 random bits. The first key encrypts, all decrypt; so a key is
//! changed by putting the new one before the old one, and dropping the old one once nothing is encrypted by it.

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pointsman_store::slo::channels::{self, KeptSecret};
use pointsman_store::{Store, StoreError};
use rand::rngs::OsRng;
use rand::{RngCore, TryRngCore};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};

/// How long a key is, in bytes.
const KEY_BYTES: usize = 32;
/// How much of a key's hash is its id, in bytes.
const ID_BYTES: usize = 4;
/// The most keys.
const MAX_KEYS: usize = 8;

struct Key {
    id: String,
    key: LessSafeKey,
}

/// The keys; none where nothing is encrypted. Clones are the same keys. Never shown by `Debug`.
#[derive(Clone, Default)]
pub struct SecretKeys(Arc<Vec<Key>>);

impl std::fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SecretKeys").field(&self.ids()).finish()
    }
}

/// Why keys are not taken. It tells nothing of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is none.
    #[error("there is no key in it; make one with `openssl rand -base64 32`")]
    None,
    /// One is not 32 bytes in base64.
    #[error("key {0} is not 32 bytes in base64; make one with `openssl rand -base64 32`")]
    NotAKey(usize),
    /// There are too many.
    #[error("it has more than {MAX_KEYS} keys")]
    TooMany,
    /// One is there twice.
    #[error("key {0} is there twice")]
    Twice(usize),
}

impl SecretKeys {
    /// Keys of 32 bytes in base64, with blanks, lines or commas between. The first one encrypts. Errors: which one is no key.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let words = text.split(|c: char| c == ',' || c.is_whitespace());
        let mut keys: Vec<Key> = Vec::new();
        for (at, word) in words.filter(|word| !word.is_empty()).enumerate() {
            let bytes = BASE64_STANDARD.decode(word).map_err(|_| KeyError::NotAKey(at + 1))?;
            let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| KeyError::NotAKey(at + 1))?;
            debug_assert_eq!(bytes.len(), KEY_BYTES, "the algorithm checks it");
            let id = id(&bytes);
            if keys.iter().any(|key| key.id == id) {
                return Err(KeyError::Twice(at + 1));
            }
            if keys.len() == MAX_KEYS {
                return Err(KeyError::TooMany);
            }
            keys.push(Key {
                id,
                key: LessSafeKey::new(key),
            });
        }
        if keys.is_empty() {
            return Err(KeyError::None);
        }
        Ok(Self(Arc::new(keys)))
    }

    /// The ids of the keys; the first encrypts.
    pub fn ids(&self) -> Vec<String> {
        self.0.iter().map(|key| key.id.clone()).collect()
    }

    /// The secret of a channel as it is to be kept: as it is where there is no key. Errors: the cipher refuses.
    pub(crate) fn encrypt(&self, channel: i64, secret: &str) -> Result<KeptSecret, StoreError> {
        let Some(Key { id, key }) = self.0.first() else {
            return Ok(KeptSecret::Clear(secret.to_owned()));
        };
        let mut nonce = [0; NONCE_LEN];
        OsRng.unwrap_err().fill_bytes(&mut nonce);
        let mut sealed = secret.as_bytes().to_vec();
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(channel.to_be_bytes()),
            &mut sealed,
        )
        .map_err(|_| StoreError::Corrupt {
            what: "a secret can't be encrypted".to_owned(),
        })?;
        Ok(KeptSecret::Encrypted {
            by: id.clone(),
            bytes: [&nonce[..], &sealed].concat(),
        })
    }

    /// The secret of a channel; `None` where it can't be read: by none of these keys, or altered.
    pub(crate) fn decrypt(&self, channel: i64, kept: &KeptSecret) -> Option<String> {
        let (by, bytes) = match kept {
            KeptSecret::Clear(secret) => return Some(secret.clone()),
            KeptSecret::Encrypted { by, bytes } => (by, bytes),
        };
        let key = self.0.iter().find(|key| key.id == *by)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let secret = key
            .key
            .open_in_place(nonce, Aad::from(channel.to_be_bytes()), &mut sealed)
            .ok()?;
        String::from_utf8(secret.to_vec()).ok()
    }

    /// Encrypts by the first key what is not yet: what lies there as it is, and what an older key encrypted; how many.
    pub(crate) async fn encrypt_all(&self, store: &Store) -> Result<usize, StoreError> {
        let Some(first) = self.0.first() else {
            return Ok(0);
        };
        let mut done = 0;
        let mut tx = store.begin().await?;
        for (channel, kept) in channels::secrets_without(&mut tx, &first.id).await? {
            // What can't be read stays as it is: another replica may have the key.
            if let Some(secret) = self.decrypt(channel, &kept) {
                let kept = self.encrypt(channel, &secret)?;
                channels::set_secret(&mut tx, channel, Some(&kept)).await?;
                done += 1;
            }
        }
        tx.commit().await?;
        Ok(done)
    }
}

fn id(key: &[u8]) -> String {
    let mut id = String::new();
    for byte in &Sha256::digest(key)[..ID_BYTES] {
        // Writing to a text can't fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn key(byte: u8) -> String {
        BASE64_STANDARD.encode([byte; KEY_BYTES])
    }

    #[test]
    fn a_secret_is_read_by_its_key_for_its_channel_alone() {
        let keys = SecretKeys::parse(&key(1)).unwrap();
        let kept = keys.encrypt(7, "a password").unwrap();
        assert_eq!(keys.decrypt(7, &kept).as_deref(), Some("a password"));
        assert_eq!(keys.decrypt(8, &kept), None);
        let KeptSecret::Encrypted { by, mut bytes } = kept.clone() else {
            panic!("it is encrypted");
        };
        assert!(!bytes.windows(8).any(|part| part == b"password"));
        assert_ne!(keys.encrypt(7, "a password").unwrap(), kept, "a nonce of its own");
        *bytes.last_mut().unwrap() ^= 1;
        assert_eq!(keys.decrypt(7, &KeptSecret::Encrypted { by: by.clone(), bytes }), None);
        assert_eq!(keys.decrypt(7, &KeptSecret::Encrypted { by, bytes: vec![1] }), None);

        let changed = SecretKeys::parse(&format!("{}\n{}\n", key(2), key(1))).unwrap();
        assert_eq!(changed.decrypt(7, &kept).as_deref(), Some("a password"));
        let dropped = SecretKeys::parse(&key(2)).unwrap();
        assert_eq!(dropped.decrypt(7, &kept), None);
        assert_eq!(SecretKeys::default().decrypt(7, &kept), None);
        assert_eq!(
            SecretKeys::default().encrypt(7, "x").unwrap(),
            KeptSecret::Clear("x".to_owned())
        );
    }

    #[test]
    fn what_is_no_key_is_told_without_it() {
        for (text, error) in [
            (" \n".to_owned(), KeyError::None),
            ("hunter2".to_owned(), KeyError::NotAKey(1)),
            (
                format!("{},{}", key(1), BASE64_STANDARD.encode([1; 16])),
                KeyError::NotAKey(2),
            ),
            (format!("{} {}", key(1), key(1)), KeyError::Twice(2)),
            (
                (0..=MAX_KEYS as u8).map(key).collect::<Vec<_>>().join("\n"),
                KeyError::TooMany,
            ),
        ] {
            let found = SecretKeys::parse(&text).unwrap_err();
            assert_eq!(found, error);
            assert!(!found.to_string().contains("hunter2"));
        }
        let keys = SecretKeys::parse(&key(1)).unwrap();
        let shown = format!("{keys:?}");
        assert!(shown.contains(&keys.ids()[0]) && !shown.contains(&key(1)), "{shown}");
    }
}
