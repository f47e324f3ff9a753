//! A session with the database in which every wait has an end.
//!
//! The driver waits for an answer for ever, and asks a connection that is given back, without a limit too, whether it is well. Here each
//! answer is waited for so long and no longer: a little longer than the server itself allows a statement, and less where the server has
//! nothing to answer any more ([`Liveness`]). A connection that was given up is closed, never used again and never waited for.

use std::io;
use std::pin::pin;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, stream};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgQueryResult, PgRow, PgStatement, PgTransactionManager, PgTypeInfo};
use sqlx::{Describe, Either, Execute, Executor, PgConnection, Postgres, SqlStr};
use sqlx_core::transaction::TransactionManager as _;
use tokio::time::timeout;

use crate::liveness::Liveness;

/// How long a connection that is given back may take to show that it is well.
const GIVE_BACK: Duration = Duration::from_secs(2);

/// What queries run on: a [`crate::Conn`] and a [`crate::Tx`] both lend one.
#[derive(Debug)]
pub struct Connection {
    /// Taken when this is dropped.
    inner: Option<PoolConnection<Postgres>>,
    liveness: Liveness,
    /// The server's process; 0 while it is not known.
    process: i32,
    limit: Duration,
    /// An answer is waited for, or was given up: what comes next from the server answers nothing that is asked now.
    unanswered: bool,
    /// Not for others after this.
    close: bool,
}

impl Connection {
    /// `limit` is how long one answer may take.
    pub(crate) fn new(inner: PoolConnection<Postgres>, liveness: Liveness, limit: Duration) -> Self {
        Self {
            inner: Some(inner),
            liveness,
            process: 0,
            limit,
            unanswered: false,
            close: false,
        }
    }

    /// Finds out which process serves this session, which shows that it is alive.
    pub(crate) async fn identify(&mut self) -> Result<(), sqlx::Error> {
        let process = sqlx::query_scalar!(r#"SELECT pg_backend_pid() AS "pid!""#)
            .fetch_one(&mut *self)
            .await?;
        self.process = process;
        Ok(())
    }

    /// Closes the connection when it is dropped, rather than giving it back: what the session was set to or holds is for nobody else.
    pub(crate) fn close_on_drop(&mut self, close: bool) {
        self.close = close;
    }

    /// How long one answer may take.
    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// The driver's connection, and what to wait for its answers with. Errors: it was given up.
    pub(crate) fn parts(&mut self) -> Result<(&mut PgConnection, Wait<'_>), sqlx::Error> {
        let Some(inner) = self.inner.as_mut().filter(|_| !self.unanswered) else {
            return Err(silent("the connection was given up"));
        };
        let wait = Wait {
            unanswered: &mut self.unanswered,
            liveness: (self.process != 0).then_some(&self.liveness),
            process: self.process,
            limit: self.limit,
        };
        Ok((inner, wait))
    }

    /// The driver's connection, for what may take as long as it likes.
    pub(crate) fn unlimited(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        self.parts().map(|(connection, _)| connection)
    }
}

/// The error of a server that does not answer.
pub(crate) fn silent(what: &str) -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, what))
}

/// Waits for answers on a connection.
#[derive(Debug)]
pub(crate) struct Wait<'c> {
    unanswered: &'c mut bool,
    liveness: Option<&'c Liveness>,
    process: i32,
    limit: Duration,
}

impl Wait<'_> {
    /// Waits for what comes next. Given up by this or by its caller, the connection is of no further use.
    pub(crate) async fn answer<T>(&mut self, answer: impl Future<Output = T>) -> Result<T, sqlx::Error> {
        *self.unanswered = true;
        let mut answer = pin!(answer);
        // Rows that are there already are by far the most.
        if let Some(answered) = (&mut answer).now_or_never() {
            *self.unanswered = false;
            return Ok(answered);
        }
        let liveness = self.liveness;
        let lost = async {
            match liveness {
                Some(liveness) => liveness.lost(self.process).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            answered = &mut answer => {
                *self.unanswered = false;
                Ok(answered)
            }
            () = tokio::time::sleep(self.limit) => Err(silent(&format!("no answer within {:?}", self.limit))),
            () = lost => Err(silent("the connection was lost")),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take() else { return };
        let runtime = tokio::runtime::Handle::try_current();
        let (false, false, Ok(runtime)) = (self.unanswered, self.close, runtime) else {
            // Closes the socket, which waits for nobody. The server undoes what was under way.
            drop(inner.detach());
            return;
        };
        if PgTransactionManager::get_transaction_depth(&inner) > 0 {
            PgTransactionManager::start_rollback(&mut inner);
        }
        let returned = inner.return_to_pool();
        runtime.spawn(async move {
            // Given up, it is dropped, which closes it.
            let _ = timeout(GIVE_BACK, returned).await;
        });
    }
}

type Answer = Either<PgQueryResult, PgRow>;

impl<'c> Executor<'c> for &'c mut Connection {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Answer, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let (connection, wait) = match self.parts() {
            Ok(parts) => parts,
            Err(error) => return stream::once(async { Err(error) }).boxed(),
        };
        let answers = connection.fetch_many(query);
        stream::unfold(Some((answers, wait)), |state| async move {
            let (mut answers, mut wait) = state?;
            match wait.answer(answers.next()).await {
                Ok(answer) => answer.map(|answer| (answer, Some((answers, wait)))),
                Err(error) => Some((Err(error), None)),
            }
        })
        .boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        async move {
            let (connection, mut wait) = self.parts()?;
            wait.answer(connection.fetch_optional(query)).await?
        }
        .boxed()
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, sqlx::Error>>
    where
        'c: 'e,
    {
        async move {
            let (connection, mut wait) = self.parts()?;
            wait.answer(connection.prepare_with(sql, parameters)).await?
        }
        .boxed()
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, sqlx::Error>>
    where
        'c: 'e,
    {
        async move {
            let (connection, mut wait) = self.parts()?;
            wait.answer(connection.describe(sql)).await?
        }
        .boxed()
    }
}
