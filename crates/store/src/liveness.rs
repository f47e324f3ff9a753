//! Asks the server, on another connection, whether it still works on what a session waits for.
//!
//! TCP alone does not tell: a connection whose other end is gone is as quiet as one whose statement takes long, and the sockets of the
//! driver can't be given keepalive. The server knows: it has no such session any more, or one that it has nothing to do for.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

/// How long an answer may be late before it is asked after, and how long asking may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long until it is asked again: so soon after the server is back what was lost with it is given up.
const AGAIN: Duration = Duration::from_secs(1);

/// What a process of the server does.
enum State {
    Gone,
    /// Nothing, for so long that it is not just about to be asked.
    Idle,
    Busy,
}

/// Asks after sessions. Clones share one connection, which is there once something took long.
#[derive(Clone)]
pub(crate) struct Liveness(Arc<Inner>);

/// Without the database's password.
impl fmt::Debug for Liveness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Liveness");
        shown.field("silence", &self.0.silence).finish_non_exhaustive()
    }
}

struct Inner {
    options: PgConnectOptions,
    silence: Duration,
    connection: Mutex<Option<PgConnection>>,
}

impl Liveness {
    /// `silence` is how long a message may be on its way, in either direction.
    pub(crate) fn new(options: PgConnectOptions, silence: Duration) -> Self {
        Self(Arc::new(Inner {
            options,
            silence,
            connection: Mutex::default(),
        }))
    }

    /// Returns once it is certain that no answer will come: the server has no process of this number, or one that has had nothing to do
    /// for longer than a message may be on its way. While the server can't be asked, nothing is certain.
    pub(crate) async fn lost(&self, process: i32) {
        let since = Instant::now();
        let mut wait = PATIENCE;
        loop {
            tokio::time::sleep(wait.min(self.0.silence)).await;
            wait = AGAIN;
            match timeout(PATIENCE, self.state(process)).await {
                Ok(Ok(State::Gone)) => return,
                Ok(Ok(State::Idle)) if since.elapsed() >= self.0.silence => return,
                _ => {}
            }
        }
    }

    async fn state(&self, process: i32) -> Result<State, sqlx::Error> {
        let mut kept = self.0.connection.lock().await;
        // Taken out: where this is given up, or fails, the connection is dropped with it.
        let mut connection = match kept.take() {
            Some(connection) => connection,
            None => PgConnection::connect_with(&self.0.options).await?,
        };
        let idle = sqlx::query_scalar!(
            r#"SELECT coalesce(state LIKE 'idle%' AND state_change < clock_timestamp() - make_interval(secs => $2), false) AS "idle!"
            FROM pg_stat_activity WHERE pid = $1 AND usename = current_user"#,
            process,
            self.0.silence.as_secs_f64()
        )
        .fetch_optional(&mut connection)
        .await?;
        *kept = Some(connection);
        Ok(match idle {
            None => State::Gone,
            Some(true) => State::Idle,
            Some(false) => State::Busy,
        })
    }

    /// Ends the connection.
    pub(crate) async fn close(&self) {
        if let Some(connection) = self.0.connection.lock().await.take() {
            let _ = timeout(PATIENCE, connection.close()).await;
        }
    }
}
