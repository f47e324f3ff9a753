//! Which database holds the truth.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use super::parse_length;

/// Which database holds the truth.
#[derive(Clone, Args)]
#[command(next_help_heading = "Database")]
pub struct DatabaseSettings {
    /// PostgreSQL from 15, as postgres://user:password@host:port/database; without it, a private one is kept in the data folder
    // A plain text here, checked later: a message about a wrong value must not repeat the password.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,

    /// Where the private PostgreSQL keeps its data
    #[arg(long, env = "POINTSMAN_DATA_DIR", default_value = ".pointsman", value_name = "DIR")]
    pub data_dir: PathBuf,

    /// Connections for workers and pages (the journal has a few more of its own)
    #[arg(long, env = "POINTSMAN_DATABASE_CONNECTIONS", default_value_t = 12, value_name = "N")]
    pub database_connections: u32,

    /// How long to keep trying at the start when the database can't be reached
    #[arg(long, env = "POINTSMAN_DATABASE_WAIT", default_value = "60s", value_parser = parse_length, value_name = "TIME")]
    pub database_wait: Duration,

    /// How long one side of a connection may say nothing while the other waits for it; less only where a test is in a hurry
    #[arg(long, hide = true, env = "POINTSMAN_DATABASE_SILENCE", default_value = "10s", value_parser = parse_length, value_name = "TIME")]
    pub database_silence: Duration,
}

impl DatabaseSettings {
    /// Errors: no PostgreSQL URL; too few connections.
    pub fn check(&self) -> Result<()> {
        if let Some(url) = &self.database_url {
            let Some(rest) = url
                .strip_prefix("postgres://")
                .or_else(|| url.strip_prefix("postgresql://"))
            else {
                bail!(
                    "--database-url (DATABASE_URL) is no PostgreSQL URL; write it as postgres://user:password@host:port/database"
                );
            };
            if rest.is_empty() {
                bail!(
                    "--database-url (DATABASE_URL) names no host; write it as postgres://user:password@host:port/database"
                );
            }
        }
        if !(Duration::from_millis(100)..=Duration::from_secs(60)).contains(&self.database_silence) {
            bail!("--database-silence is {:?}; give 100ms to 60s", self.database_silence);
        }
        if !(2..=1000).contains(&self.database_connections) {
            bail!(
                "--database-connections is {}; give 2 to 1000",
                self.database_connections
            );
        }
        Ok(())
    }
}

/// Without the URL: it may hold a password.
impl std::fmt::Debug for DatabaseSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseSettings")
            .field("database_url", &self.database_url.as_ref().map(|_| "(set)"))
            .field("data_dir", &self.data_dir)
            .field("database_connections", &self.database_connections)
            .field("database_wait", &self.database_wait)
            .field("database_silence", &self.database_silence)
            .finish()
    }
}
