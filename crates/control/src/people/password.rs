//! Passwords: argon2id, on threads that may block, few at once.

use std::sync::OnceLock;

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use pointsman_domain::people::password::Password;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::Secret;
use crate::Problem;

/// How many are hashed at once; each takes 19 MiB and a core.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// The hash of a password, as a PHC string.
pub(super) async fn hash(password: Password) -> Result<String, Problem> {
    blocking(move || hash_now(password.reveal())).await?
}

/// Whether a password is the one of this hash. Without a hash it is not, after as much work: how long it takes tells nobody which
/// accounts there are.
pub(super) async fn verify(password: &str, hash: Option<&str>) -> Result<bool, Problem> {
    // No longer one was ever set.
    let password = Secret::from(password.chars().take(257).collect::<String>());
    let hash = hash.map(ToOwned::to_owned);
    blocking(move || {
        let is_set = hash.is_some();
        let hash = hash.map_or_else(|| nobodys().map(ToOwned::to_owned), Ok)?;
        let same = Argon2::default().verify_password(password.reveal().as_bytes(), hash.as_str());
        Ok(same.is_ok() && is_set)
    })
    .await?
}

fn hash_now(password: &str) -> Result<String, Problem> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|error| Problem::internal(&error))
}

/// The hash of a password that nobody has.
fn nobodys() -> Result<&'static str, Problem> {
    static HASH: OnceLock<String> = OnceLock::new();
    if HASH.get().is_none() {
        // Where two do so at once, one of the two is kept.
        let _ = HASH.set(hash_now(Secret::random().reveal())?);
    }
    Ok(HASH.get().map(String::as_str).unwrap_or_default())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let _permit = AT_ONCE.acquire().await.map_err(|error| Problem::internal(&error))?;
    spawn_blocking(work).await.map_err(|error| Problem::internal(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_that_was_hashed_is_right() {
        let password = Password::parse("correct horse battery").expect("long enough");
        let stored = hash(password.clone()).await.expect("hashed");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(
            hash(password).await.expect("hashed"),
            stored,
            "every hash has its own salt"
        );
        for (password, hash, right) in [
            ("correct horse battery", Some(stored.as_str()), true),
            ("correct horse batterz", Some(stored.as_str()), false),
            ("", Some(stored.as_str()), false),
            ("correct horse battery", None, false),
            ("correct horse battery", Some("damaged"), false),
        ] {
            assert_eq!(verify(password, hash).await, Ok(right), "{password}");
        }
    }
}
