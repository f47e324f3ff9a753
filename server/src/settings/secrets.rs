//! By what the secrets of channels are encrypted.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use pointsman_control::SecretKeys;

/// By what the secrets of channels (passwords of mail, addresses of chats, secrets of webhooks) are encrypted in the database.
#[derive(Clone, Args)]
#[command(next_help_heading = "Secrets of channels")]
pub struct SecretSettings {
    /// A file with the key that encrypts the secrets of channels in the database, 32 bytes in base64 (openssl rand -base64 32); further lines
    /// are older keys, which only decrypt
    #[arg(long, env = "POINTSMAN_SECRETS_KEY_FILE", value_name = "FILE")]
    pub secrets_key_file: Option<PathBuf>,

    /// The same keys themselves, with commas between; a file or the variable is better, since a command line can be seen by others
    #[arg(long, env = "POINTSMAN_SECRETS_KEY", hide_env_values = true, value_name = "KEY")]
    pub secrets_key: Option<String>,
}

impl SecretSettings {
    /// The keys; none where none are given. Errors: both are given, the file can't be read, or what is in it is no key.
    pub fn keys(&self) -> Result<SecretKeys> {
        match (&self.secrets_key_file, &self.secrets_key) {
            (None, None) => Ok(SecretKeys::default()),
            (Some(_), Some(_)) => bail!("--secrets-key and --secrets-key-file are both given; give one"),
            (None, Some(text)) => {
                SecretKeys::parse(text).context("--secrets-key (POINTSMAN_SECRETS_KEY) can't be used")
            }
            (Some(file), None) => {
                let text = std::fs::read_to_string(file);
                let text = text.with_context(|| format!("can't read --secrets-key-file {}", file.display()))?;
                SecretKeys::parse(&text).with_context(|| format!("--secrets-key-file {} can't be used", file.display()))
            }
        }
    }
}

/// Without the keys.
impl std::fmt::Debug for SecretSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretSettings")
            .field("secrets_key_file", &self.secrets_key_file)
            .field("secrets_key", &self.secrets_key.as_ref().map(|_| "(set)"))
            .finish()
    }
}
