//! A pool of connections of which none is handed out unless it has just answered.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Executor as _, PgConnection};
use tokio::time::timeout;

use crate::connection::{Connection, silent};
use crate::error::StoreError;
use crate::liveness::Liveness;

/// The longest wait for a connection, and for its first answer, before the database counts as unavailable.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// How much longer than the server allows a statement its answer is waited for.
const ON_THE_WAY: Duration = Duration::from_secs(5);

/// A running query looks this often whether anybody waits for it. Not every server's system can tell, so it is no error where it is
/// refused.
const CHECK_CLIENT: &str = "SET client_connection_check_interval = '2s'";

/// Connections that are all set alike.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    inner: PgPool,
    liveness: Liveness,
    limit: Duration,
}

impl Pool {
    /// Connects when it is first used. `statement` is how long the server is told to work on one statement.
    pub(crate) fn new(options: PgConnectOptions, max: u32, statement: Duration, liveness: Liveness) -> Self {
        let inner = PgPoolOptions::new()
            .max_connections(max)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(Duration::from_secs(300))
            // It would wait without a limit; `acquire` sees to it.
            .test_before_acquire(false)
            .after_connect(|connection, _| Box::pin(check_client(connection)))
            .connect_lazy_with(options.options([("statement_timeout", milliseconds(statement))]));
        Self {
            inner,
            liveness,
            limit: statement + ON_THE_WAY,
        }
    }

    /// A connection that has just answered. Errors: `Unavailable` where there is none within a few seconds.
    pub(crate) async fn acquire(&self) -> Result<Connection, StoreError> {
        if let Ok(connection) = self.try_one().await? {
            return Ok(connection);
        }
        // It lay idle and is dead, silent or told to end. So are, most likely, the others that lay idle.
        while let Some(idle) = self.inner.try_acquire() {
            drop(idle.detach());
        }
        Ok(self.try_one().await??)
    }

    /// Errors: outside, there is no connection to be had; inside, the one that was had is no good.
    async fn try_one(&self) -> Result<Result<Connection, sqlx::Error>, StoreError> {
        let mut connection = Connection::new(self.inner.acquire().await?, self.liveness.clone(), self.limit);
        let identified = timeout(ACQUIRE_TIMEOUT, connection.identify())
            .await
            .unwrap_or_else(|_| Err(silent("no answer on a connection that was idle")));
        if identified.is_err() {
            connection.close_on_drop(true);
        }
        Ok(identified.map(|()| connection))
    }

    /// Ends all connections, once they are given back.
    pub(crate) async fn close(&self) {
        self.inner.close().await;
    }
}

async fn check_client(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    match connection.execute(CHECK_CLIENT).await {
        Ok(_) | Err(sqlx::Error::Database(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// As PostgreSQL's settings take times.
pub(crate) fn milliseconds(time: Duration) -> String {
    format!("{}ms", time.as_millis())
}
