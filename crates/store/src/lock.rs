//! What must run only once among all replicas holds an advisory lock of the database while it works.

use crate::connect::{Conn, Store};
use crate::error::StoreError;

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

/// A held lock. It is released by [`Guard::release`], or, when dropped, by closing its connection.
#[derive(Debug)]
pub struct Guard {
    conn: Option<Conn>,
    name: LoopName,
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
    Ok(taken.then_some(Guard { conn: Some(conn), name }))
}

impl Guard {
    /// Gives the lock back and keeps the connection for others.
    pub async fn release(mut self) -> Result<(), StoreError> {
        if let Some(conn) = &mut self.conn {
            sqlx::query!("SELECT pg_advisory_unlock($1, $2)", NAMESPACE, self.name as i32)
                .fetch_one(&mut **conn)
                .await?;
        }
        self.conn = None;
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(conn) = &mut self.conn {
            conn.0.close_on_drop();
        }
    }
}

/// Waits for the lock and holds it to the end of the transaction.
pub(crate) async fn within(conn: &mut crate::Connection, name: LoopName) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_advisory_xact_lock($1, $2)", NAMESPACE, name as i32)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes the lock until the end of the transaction if nobody has it.
pub(crate) async fn try_within(conn: &mut crate::Connection, name: LoopName) -> Result<bool, StoreError> {
    let taken = sqlx::query_scalar!(
        r#"SELECT pg_try_advisory_xact_lock($1, $2) AS "taken!""#,
        NAMESPACE,
        name as i32
    )
    .fetch_one(conn)
    .await?;
    Ok(taken)
}
