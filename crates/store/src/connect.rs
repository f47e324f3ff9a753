//! Connections: the pools, what a session is set to, and transactions.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use pointsman_domain::rollup::Resolution;
use sqlx::SqlSafeStr as _;
use sqlx::postgres::{PgConnectOptions, PgTransactionManager};
use sqlx_core::transaction::TransactionManager as _;
use tokio::time::timeout;

use crate::connection::{Connection, silent};
use crate::error::StoreError;
use crate::journal::JournalGauge;
use crate::liveness::Liveness;
use crate::lock::{Turn, Turns};
use crate::partition::Known;
use crate::pool::{ACQUIRE_TIMEOUT, Pool, milliseconds};

/// How to reach the database and how long to keep what.
#[derive(Clone)]
pub struct StoreOptions {
    /// `postgres://user:password@host:port/database`.
    pub url: String,
    /// Connections for workers, loops, changes and readers; at least 8. A third of them is for readers alone. The journal and DDL have
    /// [`SIDE_CONNECTIONS`] more of their own, a [`crate::bus::Listener`] one, and one asks after statements that take long.
    pub max_connections: u32,
    /// How long to keep what.
    pub retention: Retention,
    /// How long one side may say nothing while the other waits for it; [`SILENCE`] unless a test is in a hurry. A connection on which the
    /// server has owed an answer for so long, and does not work on it, is given up. The server ends a transaction, and a session that holds
    /// a lock, of a client that has said nothing for twice as long.
    pub silence: Duration,
}

/// Without the URL, which may hold a password.
impl fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreOptions")
            .field("max_connections", &self.max_connections)
            .field("retention", &self.retention)
            .field("silence", &self.silence)
            .finish_non_exhaustive()
    }
}

/// How long one side may say nothing while the other waits for it.
pub const SILENCE: Duration = Duration::from_secs(10);

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
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(60);

/// As long as a reader waits for one statement. It ends with [`StoreError::TooLong`].
const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// Workers, loops, changes.
    pub(crate) pool: Pool,
    /// Callers' reads of what can be much: a dashboard must not keep workers and loops from their connections.
    readers: Pool,
    /// How many there are.
    reads: usize,
    /// The journal's commits and DDL.
    pub(crate) side: Pool,
    liveness: Liveness,
    pub(crate) options: PgConnectOptions,
    pub(crate) silence: Duration,
    pub(crate) retention: Retention,
    /// Who of this process waits for a lock.
    pub(crate) turns: Turns,
    /// Partitions that this process has seen.
    pub(crate) known: Arc<Known>,
    pub(crate) journal: Arc<JournalGauge>,
}

/// Without the password.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("host", &self.options.get_host())
            .field("database", &self.options.get_database())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Connects once, to say early what is wrong. Errors: the URL, an unreachable server, a refused login.
    pub async fn connect(options: &StoreOptions) -> Result<Self, StoreError> {
        let silence = options.silence;
        let connect = PgConnectOptions::from_str(&options.url)?
            .application_name("pointsman")
            // Searches touch many partitions in short queries: a plan made for the values at hand prunes them, and
            // compiling such a plan costs more than running it.
            .options([("jit", "off"), ("plan_cache_mode", "force_custom_plan")])
            // A client that is frozen or gone must not keep what it holds.
            .options([("idle_in_transaction_session_timeout", milliseconds(2 * silence))])
            .options([("tcp_user_timeout", milliseconds(2 * silence))])
            .options([
                ("tcp_keepalives_idle", "10"),
                ("tcp_keepalives_interval", "5"),
                ("tcp_keepalives_count", "2"),
            ]);
        let liveness = Liveness::new(connect.clone(), silence);
        let pool = |max: u32, statement| Pool::new(connect.clone(), max, statement, liveness.clone());
        let max = options.max_connections.max(8);
        let store = Self {
            pool: pool(max - max / 3, STATEMENT_TIMEOUT),
            readers: pool(max / 3, READ_TIMEOUT),
            reads: max as usize / 3,
            side: pool(SIDE_CONNECTIONS, STATEMENT_TIMEOUT),
            liveness: liveness.clone(),
            options: connect.clone(),
            silence,
            retention: options.retention,
            turns: Turns::default(),
            known: Arc::default(),
            journal: Arc::default(),
        };
        store.pool.acquire().await?;
        Ok(store)
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
        conn.close_on_drop(true);
        sqlx::query!("SET statement_timeout = 0").execute(&mut *conn).await?;
        // As `run` does, but of one type: the future of `run` cannot be spawned.
        sqlx::migrate!("../../migrations")
            .run_direct(None, conn.unlimited()?, false)
            .await?;
        Ok(())
    }

    /// Whether the database answers, within two seconds.
    pub async fn ping(&self) -> Result<(), StoreError> {
        match timeout(ACQUIRE_TIMEOUT, self.side.acquire()).await {
            Ok(answered) => answered.map(|_| ()),
            Err(_) => Err(silent("no answer").into()),
        }
    }

    /// A connection for changes, and for reading little.
    pub async fn conn(&self) -> Result<Conn, StoreError> {
        Ok(Conn(self.pool.acquire().await?))
    }

    /// Begins a transaction.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Tx::begin(self, &self.pool, "BEGIN").await
    }

    /// Begins a transaction on a connection of the journal's and DDL's.
    pub(crate) async fn begin_side(&self) -> Result<Tx, StoreError> {
        Tx::begin(self, &self.side, "BEGIN").await
    }

    /// Begins a transaction in which every query sees the same moment: for loops.
    pub async fn snapshot(&self) -> Result<Tx, StoreError> {
        Tx::begin(self, &self.pool, SNAPSHOT).await
    }

    /// What waits in the journal, as this process last measured it; it does where it has a [`crate::journal::JournalWriter`].
    pub fn journal(&self) -> &JournalGauge {
        &self.journal
    }

    /// The same for callers, on connections of theirs: [`Store::readers`] of them. A statement may take 20 s, and ends where this is dropped
    /// before it has.
    pub async fn reader(&self) -> Result<Tx, StoreError> {
        Tx::begin(self, &self.readers, SNAPSHOT).await
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
        self.liveness.close().await;
    }
}

const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/// A connection of the pool; goes back when dropped.
#[derive(Debug)]
pub struct Conn(Connection);

impl Deref for Conn {
    type Target = Connection;

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
    inner: Connection,
    /// For partitions, which are made on another connection: their locks must not last as long as this transaction.
    pub(crate) store: Store,
    /// This process' turns at the locks that are held to the end.
    pub(crate) turns: Vec<Turn>,
}

impl Tx {
    async fn begin(store: &Store, pool: &Pool, statement: &'static str) -> Result<Self, StoreError> {
        let mut inner = pool.acquire().await?;
        let (connection, mut wait) = inner.parts()?;
        wait.answer(PgTransactionManager::begin(connection, Some(statement.into_sql_str())))
            .await??;
        Ok(Self {
            inner,
            store: store.clone(),
            turns: Vec::new(),
        })
    }

    /// Does what may fail without the rest: where it fails, what it did is undone and the transaction can go on. Errors: those of `run`, or that
    /// the database does not answer.
    pub async fn apart<T>(
        &mut self,
        run: impl AsyncFnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let (connection, mut wait) = self.inner.parts()?;
        // Within a transaction these are savepoints.
        wait.answer(PgTransactionManager::begin(connection, None)).await??;
        let outcome = run(self).await;
        let (connection, mut wait) = self.inner.parts()?;
        match &outcome {
            Ok(_) => wait.answer(PgTransactionManager::commit(connection)).await??,
            Err(_) => wait.answer(PgTransactionManager::rollback(connection)).await??,
        }
        outcome
    }

    /// Makes it last. Where the answer does not come, whether it lasts is unknown.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let (connection, mut wait) = self.inner.parts()?;
        Ok(wait.answer(PgTransactionManager::commit(connection)).await??)
    }

    /// Undoes it now rather than whenever the connection is next used.
    pub async fn rollback(mut self) -> Result<(), StoreError> {
        let (connection, mut wait) = self.inner.parts()?;
        Ok(wait.answer(PgTransactionManager::rollback(connection)).await??)
    }
}

impl Deref for Tx {
    type Target = Connection;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.inner
    }
}
