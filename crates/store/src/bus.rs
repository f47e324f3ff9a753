//! The bus: every change of truth is announced in its own transaction and heard by every replica once it is committed.

use sqlx::postgres::PgListener;

use crate::connect::Store;
use crate::error::StoreError;

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
#[derive(Debug)]
pub struct Listener {
    url: std::sync::Arc<str>,
    /// None while the connection is lost.
    inner: Option<PgListener>,
}

impl Listener {
    /// Begins to listen.
    pub async fn connect(store: &Store) -> Result<Self, StoreError> {
        let inner = Some(listen(&store.url).await?);
        Ok(Self {
            url: store.url.clone(),
            inner,
        })
    }

    /// The next that is heard. Answers `Unavailable` when the connection is lost, and again at each try to get it back that fails: the
    /// caller waits a moment and asks again. Nothing is lost when it is cancelled.
    pub async fn next(&mut self) -> Result<Heard, StoreError> {
        let Some(inner) = &mut self.inner else {
            self.inner = Some(listen(&self.url).await?);
            return Ok(Heard::Gap);
        };
        match inner.try_recv().await {
            Ok(Some(notification)) => Ok(Heard::Topic(notification.payload().to_owned())),
            Ok(None) => {
                self.inner = None;
                Err(StoreError::Unavailable(sqlx::Error::WorkerCrashed))
            }
            Err(error) => {
                self.inner = None;
                Err(error.into())
            }
        }
    }
}

async fn listen(url: &str) -> Result<PgListener, StoreError> {
    let mut listener = PgListener::connect(url).await?;
    // A lost connection is told first, then sought again: the caller must know that something may have been missed.
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
