//! The database that a command works on, and the use cases as the operator may use them.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use clap::Args;
use nix::unistd::{User, getuid};
use pointsman_control::access::Caller;
use pointsman_control::{Clock, Control, ControlSettings, UseCases};
use pointsman_localpg::LocalPg;
use pointsman_store::{Retention, SILENCE, Store, StoreOptions};

use crate::settings::DatabaseSettings;

/// Which Pointsman it is about.
#[derive(Clone, Args)]
#[command(next_help_heading = "Database")]
pub struct Beside {
    /// The PostgreSQL of the Pointsman; without it, the private one in the data folder of a Pointsman that runs
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL",
        global = true
    )]
    database_url: Option<String>,

    /// The data folder of a Pointsman that runs
    #[arg(
        long,
        env = "POINTSMAN_DATA_DIR",
        default_value = ".pointsman",
        value_name = "DIR",
        global = true
    )]
    data_dir: PathBuf,
}

/// Without the URL: it may hold a password.
impl std::fmt::Debug for Beside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Beside")
            .field("data_dir", &self.data_dir)
            .finish_non_exhaustive()
    }
}

impl Beside {
    /// The operator's use cases, on a database whose schema is up to date. Errors: a sentence that says what is missing.
    pub async fn use_cases(&self) -> Result<UseCases> {
        // What goes wrong inside is told beside the command.
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::ERROR)
            .with_writer(std::io::stderr)
            .init();
        let store = Store::connect(&StoreOptions {
            url: self.url()?,
            max_connections: 4,
            retention: Retention::default(),
            silence: SILENCE,
        })
        .await
        // The error says itself what is under it.
        .map_err(|error| anyhow!("can't use the database: {error}"))?;
        store.migrate().await?;
        let clock = Clock::of_database(&store, 0).await?;
        let control = Control::new(store, ControlSettings::default(), clock);
        Ok(control.use_cases(Caller::operator(&operator())))
    }

    fn url(&self) -> Result<String> {
        let settings = DatabaseSettings {
            database_url: self.database_url.clone(),
            data_dir: self.data_dir.clone(),
            database_connections: 4,
            database_wait: Duration::ZERO,
            database_silence: SILENCE,
        };
        settings.check()?;
        let url = self
            .database_url
            .clone()
            .or_else(|| LocalPg::url_at(&self.data_dir, LocalPg::DATABASE));
        match url {
            Some(url) => Ok(url),
            None => bail!(
                "no Pointsman runs on the data folder {}; give the one of a running Pointsman with --data-dir, or its database with \
                 --database-url (DATABASE_URL)",
                self.data_dir.display()
            ),
        }
    }
}

/// The user of the operating system, by name where it has one.
fn operator() -> String {
    let uid = getuid();
    let user = User::from_uid(uid).ok().flatten();
    user.map_or_else(|| format!("uid {uid}"), |user| user.name)
}
