//! The database: the one that is given, or a private PostgreSQL in the data folder.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use pointsman_localpg::{LocalPg, LocalPgOptions};
use pointsman_store::{Store, StoreError, StoreOptions};
use tokio::time::{Duration, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::settings::{DatabaseSettings, RetentionSettings};

const BETWEEN_TRIES: Duration = Duration::from_secs(1);

/// How long connections may take to end. What is left then ends with the process.
const CLOSING: Duration = Duration::from_secs(2);

/// A database with an up-to-date schema.
pub struct Database {
    /// The connections.
    pub store: Store,
    private: Option<LocalPg>,
}

impl Database {
    /// Connects and migrates, starting the private PostgreSQL first where no URL is given. `None` where it was asked to stop meanwhile.
    /// Errors: a sentence that says what is missing.
    pub async fn open(
        settings: &DatabaseSettings,
        retention: &RetentionSettings,
        stop: &CancellationToken,
    ) -> Result<Option<Self>> {
        let private = match settings.database_url {
            Some(_) => None,
            None => Some(start_private(settings).await?),
        };
        let url = private
            .as_ref()
            .map(LocalPg::url)
            .or_else(|| settings.database_url.clone());
        let options = StoreOptions {
            url: url.unwrap_or_default(),
            max_connections: settings.database_connections,
            retention: retention.store(),
            silence: settings.database_silence,
        };
        let ready = tokio::select! {
            ready = connect(&options, settings.database_wait) => Some(ready),
            () = stop.cancelled() => None,
        };
        match ready {
            Some(Ok(store)) => Ok(Some(Self { store, private })),
            other => {
                stop_private(private).await;
                other.transpose().map(|_| None)
            }
        }
    }

    /// The folder of the private PostgreSQL's files, where there is one.
    pub fn private_folder(&self) -> Option<&Path> {
        self.private.as_ref().map(LocalPg::folder)
    }

    /// Closes the connections, then stops the private PostgreSQL.
    pub async fn close(self) {
        if timeout(CLOSING, self.store.close()).await.is_err() {
            tracing::warn!("connections to the database did not end in time and are cut off");
        }
        stop_private(self.private).await;
    }
}

async fn start_private(settings: &DatabaseSettings) -> Result<LocalPg> {
    tracing::info!(data.dir = %settings.data_dir.display(), "starting the private PostgreSQL");
    LocalPg::start(LocalPgOptions::new(&settings.data_dir))
        .await
        .context("can't start the private PostgreSQL (set DATABASE_URL to use another one)")
}

async fn stop_private(private: Option<LocalPg>) {
    let Some(private) = private else { return };
    match private.stop().await {
        Ok(()) => tracing::info!("the private PostgreSQL has stopped"),
        Err(error) => tracing::error!(error = %error, "the private PostgreSQL did not stop"),
    }
}

/// Tries until it works or so much time has passed. Only what can pass is tried again.
async fn connect(options: &StoreOptions, wait: Duration) -> Result<Store> {
    let started = Instant::now();
    loop {
        match connect_once(options).await {
            Ok(store) => return Ok(store),
            Err(error) if !error.is_unavailable() => {
                return Err(error).context("can't use the database");
            }
            Err(error) if started.elapsed() >= wait => {
                bail!(
                    "gave up after {wait:?}: {error}; check --database-url (DATABASE_URL), or wait longer with --database-wait"
                );
            }
            Err(error) => {
                let left = wait.saturating_sub(started.elapsed());
                tracing::warn!(error = %error, left.seconds = left.as_secs(), "waiting for the database");
                sleep(BETWEEN_TRIES.min(left)).await;
            }
        }
    }
}

async fn connect_once(options: &StoreOptions) -> Result<Store, StoreError> {
    let store = Store::connect(options).await?;
    store.migrate().await?;
    Ok(store)
}
