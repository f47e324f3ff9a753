//! What must run only once among all replicas holds an advisory lock of the database while it works.
//!
//! A lock is held either to the end of a transaction, or by a [`Guard`], over several. The server ends the session of a client that has
//! said nothing for a while ([`crate::StoreOptions::silence`]), so a replica that is frozen or gone keeps neither. What goes on after
//! such a loss, unaware of it, is stopped by [`Guard::fence`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::connect::{Conn, Store, Tx};
use crate::connection::silent;
use crate::error::StoreError;
use crate::pool::milliseconds;

/// The advisory locks of Pointsman, one number each; the first key of the pair is [`NAMESPACE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum LoopName {
    /// Makes partitions; held for a moment.
    Ddl = 1,
    /// From reading the known halves to the commit, see [`crate::segment::lock_pairing`].
    Pairing = 2,
    /// Folds deltas.
    Merger = 3,
    /// Compacts settled slots.
    Compactor = 4,
    /// Drops what has expired, cleans indexes.
    Keeper = 5,
    /// Drops partitions one after the other; held while one is dropped.
    Drop = 6,
    /// Evaluates objectives.
    Evaluator = 7,
}

/// The first key of all advisory locks of Pointsman, so that they do not meet those of another program.
pub(crate) const NAMESPACE: i32 = 0x706f_696e;

/// A lock that is held over several transactions, by a session of its own. It is released by [`Guard::release`], or, when dropped, by
/// closing that session.
#[derive(Debug)]
pub struct Guard {
    name: LoopName,
    /// Every holder has another.
    token: i64,
    stop: oneshot::Sender<()>,
    session: JoinHandle<Option<Conn>>,
}

/// Takes the lock if nobody has it.
pub async fn try_advisory(store: &Store, name: LoopName) -> Result<Option<Guard>, StoreError> {
    let mut conn = store.conn().await?;
    let taken = sqlx::query_scalar!(
        r#"SELECT pg_try_advisory_lock($1, $2) AS "taken!""#,
        NAMESPACE,
        name as i32
    )
    .fetch_one(&mut *conn)
    .await?;
    if !taken {
        return Ok(None);
    }
    conn.close_on_drop(true);
    let idle = milliseconds(2 * store.silence);
    sqlx::query!("SELECT set_config('idle_session_timeout', $1, false)", idle)
        .fetch_one(&mut *conn)
        .await?;
    // Waits for those that are within the fence of the holder before.
    let token = sqlx::query_scalar!(
        "INSERT INTO lock_token (name, token) VALUES ($1, 1)
        ON CONFLICT (name) DO UPDATE SET token = lock_token.token + 1 RETURNING token",
        name as i32
    )
    .fetch_one(&mut *conn)
    .await?;
    let (stop, stopped) = oneshot::channel();
    let session = tokio::spawn(keep(conn, store.silence / 2, stopped));
    Ok(Some(Guard {
        name,
        token,
        stop,
        session,
    }))
}

/// Tells the server every now and then that somebody is there, until it is stopped or the session is lost.
async fn keep(mut conn: Conn, period: Duration, mut stopped: oneshot::Receiver<()>) -> Option<Conn> {
    loop {
        tokio::select! {
            _ = &mut stopped => return Some(conn),
            () = tokio::time::sleep(period) => {}
        }
        if let Err(error) = sqlx::query!("SELECT 1 AS here").fetch_one(&mut *conn).await {
            tracing::warn!(error = %error, "the session of a lock was lost");
            return None;
        }
    }
}

impl Guard {
    /// Whether the session that holds the lock is known to be lost: another replica may be at work.
    pub fn is_lost(&self) -> bool {
        self.session.is_finished()
    }

    /// To be called in each transaction that writes what was found out under the lock. Until it ends, nobody else gets the lock. Errors:
    /// `LostLock` where somebody has got it.
    pub async fn fence(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let token = sqlx::query_scalar!(
            "SELECT token FROM lock_token WHERE name = $1 FOR SHARE",
            self.name as i32
        )
        .fetch_one(&mut **tx)
        .await?;
        if token == self.token {
            Ok(())
        } else {
            Err(StoreError::LostLock)
        }
    }

    /// Gives the lock back and keeps the connection for others.
    pub async fn release(self) -> Result<(), StoreError> {
        let _ = self.stop.send(());
        let Ok(Some(mut conn)) = self.session.await else {
            return Ok(());
        };
        sqlx::query!(
            "SELECT pg_advisory_unlock($1, $2), set_config('idle_session_timeout', '0', false)",
            NAMESPACE,
            self.name as i32
        )
        .fetch_one(&mut *conn)
        .await?;
        conn.close_on_drop(false);
        Ok(())
    }
}

/// Waits for the lock and holds it to the end of the transaction.
pub(crate) async fn within(tx: &mut Tx, name: LoopName) -> Result<(), StoreError> {
    if !tx.turns.iter().any(|turn| turn.name == name) {
        let turn = timeout(tx.limit(), tx.store.turns.of(name).lock_owned())
            .await
            .map_err(|_| silent("others of this process hold the lock"))?;
        tx.turns.push(Turn { name, _held: turn });
    }
    sqlx::query!("SELECT pg_advisory_xact_lock($1, $2)", NAMESPACE, name as i32)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes the lock until the end of the transaction if nobody has it.
pub(crate) async fn try_within(tx: &mut Tx, name: LoopName) -> Result<bool, StoreError> {
    let taken = sqlx::query_scalar!(
        r#"SELECT pg_try_advisory_xact_lock($1, $2) AS "taken!""#,
        NAMESPACE,
        name as i32
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(taken)
}

/// At most one transaction of a process waits for a lock. So of a process that is frozen, one session at a time can have it granted, not
/// one after the other all those that wait.
#[derive(Debug, Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<HashMap<LoopName, Arc<tokio::sync::Mutex<()>>>>>);

impl Turns {
    fn of(&self, name: LoopName) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.entry(name).or_default().clone()
    }
}

/// A transaction's turn.
#[derive(Debug)]
pub(crate) struct Turn {
    name: LoopName,
    _held: OwnedMutexGuard<()>,
}
