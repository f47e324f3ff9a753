//! The bus: every change of truth is announced in its own transaction and heard by every replica once it is committed.

use std::fmt;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::time::timeout;

use crate::connect::Store;
use crate::connection::silent;
use crate::error::StoreError;
use crate::pool::ACQUIRE_TIMEOUT;

/// PostgreSQL's channel; the payload is the topic.
const CHANNEL: &str = "pointsman";

/// There are rows in the journal.
pub const JOURNAL: &str = "journal";
/// Workers have stored spans, logs and figures.
pub const TELEMETRY: &str = "telemetry";

/// Announces a topic when the transaction commits.
pub async fn announce(conn: &mut crate::Connection, topic: &str) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_notify($1, $2)", CHANNEL, topic)
        .execute(conn)
        .await?;
    Ok(())
}

/// What a listener hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A topic was announced.
    Topic(String),
    /// The connection was lost and is there again: anything may have been announced in between.
    Gap,
}

/// Hears what is announced, on a connection of its own.
pub struct Listener {
    options: PgConnectOptions,
    silence: Duration,
    /// None while the connection is lost.
    inner: Option<PgListener>,
}

/// Without the database's password.
impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Listener");
        shown.field("silence", &self.silence).finish_non_exhaustive()
    }
}

impl Listener {
    /// Begins to listen.
    pub async fn connect(store: &Store) -> Result<Self, StoreError> {
        let mut listener = Self {
            options: store.options.clone(),
            silence: store.silence,
            inner: None,
        };
        listener.inner = Some(listener.listen().await?);
        Ok(listener)
    }

    /// The next that is heard. Answers `Unavailable` when the connection is lost, and again at each try to get it back that fails: the
    /// caller waits a moment and asks again. Nothing is lost when it is cancelled.
    ///
    /// While nothing is announced, the server is asked now and then whether it is there: a lost connection is as quiet.
    pub async fn next(&mut self) -> Result<Heard, StoreError> {
        let Some(inner) = &mut self.inner else {
            self.inner = Some(self.listen().await?);
            return Ok(Heard::Gap);
        };
        let heard = hear(inner, self.silence).await;
        if heard.is_err() {
            self.inner = None;
        }
        heard.map(Heard::Topic)
    }

    async fn listen(&self) -> Result<PgListener, StoreError> {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(self.options.clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.ignore_pool_close_event(true);
        // A lost connection is told first, then sought again: the caller must know that something may have been missed.
        listener.eager_reconnect(false);
        timeout(self.silence, listener.listen(CHANNEL))
            .await
            .map_err(|_| silent("no answer to LISTEN"))??;
        Ok(listener)
    }
}

async fn hear(listener: &mut PgListener, silence: Duration) -> Result<String, StoreError> {
    loop {
        let quiet = tokio::time::sleep(silence / 2);
        tokio::select! {
            heard = listener.try_recv() => {
                let lost = || StoreError::Unavailable(sqlx::Error::WorkerCrashed);
                return Ok(heard?.ok_or_else(lost)?.payload().to_owned());
            }
            () = quiet => {}
        }
        let asked = sqlx::query!("SELECT 1 AS here").fetch_one(&mut *listener);
        timeout(silence, asked)
            .await
            .map_err(|_| silent("the connection that listens does not answer"))??;
    }
}
