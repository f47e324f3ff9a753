//! Connections: the pools, what a session is set to, and transactions.

use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use pointsman_domain::rollup::Resolution;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Connection as _, Postgres, Transaction};

use crate::error::StoreError;
use crate::partition::Known;

/// How to reach the database and how long to keep what.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// `postgres://user:password@host:port/database`.
    pub url: String,
    /// Connections for workers, loops, changes and readers; at least 8. A third of them is for readers alone. The journal and DDL have
    /// [`SIDE_CONNECTIONS`] more of their own, a [`crate::bus::Listener`] one.
    pub max_connections: u32,
    /// How long to keep what.
    pub retention: Retention,
}

/// How long to keep what. Whole partitions are dropped, so everything stays up to a partition's length longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Spans, logs, errors of nodes, and the hashes by which a repeated request is known. The rollup of 10 s is kept as
    /// long, but no longer than [`Retention::rollup_minute`].
    pub telemetry: Duration,
    /// The rollup of 1 min.
    pub rollup_minute: Duration,
    /// The rollup of 1 h.
    pub rollup_hour: Duration,
}

impl Retention {
    /// How long the rollup of this resolution is kept.
    pub fn of(&self, resolution: Resolution) -> Duration {
        match resolution {
            Resolution::TenSeconds => self.telemetry.min(self.rollup_minute),
            Resolution::Minute => self.rollup_minute,
            Resolution::Hour => self.rollup_hour,
        }
    }
}

impl Default for Retention {
    /// 7 days of telemetry, 30 days of minutes, 400 days of hours.
    fn default() -> Self {
        let days = |n: u64| Duration::from_secs(n * 86_400);
        Self {
            telemetry: days(7),
            rollup_minute: days(30),
            rollup_hour: days(400),
        }
    }
}

/// Connections that are the journal's and DDL's own, so that neither waits for a worker or a reader.
pub const SIDE_CONNECTIONS: u32 = 4;

/// What takes longer is ended by the server, whoever waits for it: nobody does any more.
const STATEMENT_TIMEOUT: &str = "60s";

/// As long as a reader waits for one statement. It ends with [`StoreError::TooLong`].
const READ_TIMEOUT: &str = "20s";

/// How often the server looks whether a reader is still there while it works for it: a page that was closed ends its statement.
const READER_GONE: &str = "1s";

/// How long what a reader left unread is read to its end, so that its connection serves others. Then it is closed, which ends the
/// statement.
const READ_OUT: Duration = Duration::from_millis(200);

/// The longest wait for a connection before the database counts as unavailable.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    /// Workers, loops, changes.
    pub(crate) pool: PgPool,
    /// Callers' reads of what can be much: a dashboard must not keep workers and loops from their connections.
    readers: PgPool,
    /// How many there are.
    reads: usize,
    /// The journal's commits and DDL.
    pub(crate) side: PgPool,
    pub(crate) url: Arc<str>,
    pub(crate) retention: Retention,
    /// Partitions that this process has seen.
    pub(crate) known: Arc<Known>,
}

impl Store {
    /// Connects once, to say early what is wrong. Errors: the URL, an unreachable server, a refused login.
    pub async fn connect(options: &StoreOptions) -> Result<Self, StoreError> {
        let connect = PgConnectOptions::from_str(&options.url)?
            .application_name("pointsman")
            // Searches touch many partitions in short queries: a plan made for the values at hand prunes them, and
            // compiling such a plan costs more than running it.
            .options([("jit", "off"), ("plan_cache_mode", "force_custom_plan")])
            .options([("statement_timeout", STATEMENT_TIMEOUT)]);
        let pool = |max: u32| {
            PgPoolOptions::new()
                .max_connections(max)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .idle_timeout(Duration::from_secs(300))
        };
        let max = options.max_connections.max(8);
        Ok(Self {
            pool: pool(max - max / 3).connect_with(connect.clone()).await?,
            readers: readers(pool(max / 3), connect.clone()),
            reads: max as usize / 3,
            side: pool(SIDE_CONNECTIONS).connect_lazy_with(connect),
            url: options.url.as_str().into(),
            retention: options.retention,
            known: Arc::default(),
        })
    }

    /// Brings the schema up to date. Several replicas may do so at once: the first one does it, the others wait.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let mut conn = self.conn().await?;
        let version = sqlx::query_scalar!(r#"SELECT current_setting('server_version') AS "version!""#)
            .fetch_one(&mut *conn)
            .await?;
        let major = version.split(['.', ' ']).next().and_then(|major| major.parse().ok());
        if major.is_none_or(|major: u32| major < 15) {
            return Err(StoreError::TooOld { found: version });
        }
        // A migration may take its time. The connection is not for others after it.
        sqlx::query!("SET statement_timeout = 0").execute(&mut *conn).await?;
        conn.0.close_on_drop();
        // As `run` does, but of one type: the future of `run` cannot be spawned.
        sqlx::migrate!("../../migrations")
            .run_direct(None, &mut *conn.0, false)
            .await?;
        Ok(())
    }

    /// Whether the database answers, within two seconds.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let ping = async {
            self.side.acquire().await?.ping().await?;
            Ok(())
        };
        let late = || StoreError::Unavailable(sqlx::Error::PoolTimedOut);
        tokio::time::timeout(ACQUIRE_TIMEOUT, ping)
            .await
            .unwrap_or_else(|_| Err(late()))
    }

    /// A connection for changes, and for reading little.
    pub async fn conn(&self) -> Result<Conn, StoreError> {
        Ok(Conn(self.pool.acquire().await?))
    }

    /// Begins a transaction.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(Tx {
            inner: self.pool.begin().await?,
            store: self.clone(),
        })
    }

    /// Begins a transaction in which every query sees the same moment: for loops.
    pub async fn snapshot(&self) -> Result<Tx, StoreError> {
        Ok(Tx {
            inner: self.pool.begin_with(SNAPSHOT).await?,
            store: self.clone(),
        })
    }

    /// The same for callers, on connections of theirs: [`Store::readers`] of them. A statement may take 20 s, and ends where this is dropped
    /// before it has.
    pub async fn reader(&self) -> Result<Tx, StoreError> {
        Ok(Tx {
            inner: self.readers.begin_with(SNAPSHOT).await?,
            store: self.clone(),
        })
    }

    /// How many callers can read at once.
    pub fn readers(&self) -> usize {
        self.reads
    }

    /// How long to keep what.
    pub fn retention(&self) -> Retention {
        self.retention
    }

    /// Closes all connections; what is under way ends first.
    pub async fn close(&self) {
        self.readers.close().await;
        self.side.close().await;
        self.pool.close().await;
    }
}

const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// The pool of callers' reads. What a reader that has gone leaves behind is not waited for.
fn readers(pool: PgPoolOptions, connect: PgConnectOptions) -> PgPool {
    let connect = connect.options([
        ("statement_timeout", READ_TIMEOUT),
        ("client_connection_check_interval", READER_GONE),
    ]);
    pool.after_release(|conn, _| {
        Box::pin(async move {
            match tokio::time::timeout(READ_OUT, conn.ping()).await {
                Ok(read_out) => read_out.map(|()| true),
                Err(_) => Ok(false),
            }
        })
    })
    .connect_lazy_with(connect)
}

/// A connection of the pool; goes back when dropped.
#[derive(Debug)]
pub struct Conn(pub(crate) PoolConnection<Postgres>);

impl Deref for Conn {
    type Target = crate::Connection;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Conn {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

/// A transaction; undone when dropped without [`Tx::commit`].
#[derive(Debug)]
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    /// For partitions, which are made on another connection: their locks must not last as long as this transaction.
    pub(crate) store: Store,
}

impl Tx {
    /// Makes it last.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.inner.commit().await?)
    }

    /// Undoes it now rather than whenever the connection is next used.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.inner.rollback().await?)
    }
}

impl Deref for Tx {
    type Target = crate::Connection;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.inner
    }
}
