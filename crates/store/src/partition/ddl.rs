//! Makes and drops single partitions.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sqlx::AssertSqlSafe;

use super::Scheme;
use crate::connect::Store;
use crate::error::StoreError;
use crate::lock::{self, LoopName};

/// Partitions that this process knows to be there, so that writers need not ask each time.
#[derive(Debug, Default)]
pub(crate) struct Known {
    children: Mutex<HashSet<String>>,
    slots: Mutex<BTreeSet<i64>>,
}

impl Known {
    fn has(&self, child: &str) -> bool {
        locked(&self.children).contains(child)
    }

    fn add(&self, child: String) {
        locked(&self.children).insert(child);
    }

    fn forget(&self, child: &str) {
        locked(&self.children).remove(child);
    }

    /// After a write failed: perhaps another replica has dropped a partition.
    pub(crate) fn forget_all(&self) {
        locked(&self.children).clear();
    }

    pub(crate) fn has_slot(&self, slot: i64) -> bool {
        locked(&self.slots).contains(&slot)
    }

    pub(crate) fn add_slot(&self, slot: i64) {
        let mut slots = locked(&self.slots);
        slots.insert(slot);
        while slots.len() > 16 {
            slots.pop_first();
        }
    }

    pub(crate) fn forget_slot(&self, slot: i64) {
        locked(&self.slots).remove(&slot);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the partitions that these values fall into, where they are missing.
pub(crate) async fn ensure(
    store: &Store,
    scheme: Scheme,
    values: impl IntoIterator<Item = u64>,
) -> Result<(), StoreError> {
    let lowers: BTreeSet<u64> = values.into_iter().map(|value| scheme.lower(value)).collect();
    let missing: Vec<u64> = lowers
        .into_iter()
        .filter(|lower| !store.known.has(&scheme.child(*lower)))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut tx = store.begin_side().await?;
    lock::within(&mut tx, LoopName::Ddl).await?;
    for &lower in &missing {
        let bounds = format!("FROM ({lower}) TO ({})", lower + scheme.step);
        create(&mut tx, scheme.table, &scheme.child(lower), &bounds, scheme.settings).await?;
    }
    tx.commit().await?;
    for lower in missing {
        store.known.add(scheme.child(lower));
    }
    Ok(())
}

/// Where the partitions that there are begin, ascending.
pub(crate) async fn lowers(conn: &mut crate::Connection, scheme: Scheme) -> Result<Vec<u64>, StoreError> {
    let names = sqlx::query_scalar!(
        r#"SELECT class.relname::text AS "name!" FROM pg_inherits AS inherits
        JOIN pg_class AS class ON class.oid = inherits.inhrelid WHERE inherits.inhparent = to_regclass($1)"#,
        scheme.table
    )
    .fetch_all(conn)
    .await?;
    let mut lowers: Vec<u64> = names.iter().filter_map(|name| scheme.lower_of(name)).collect();
    lowers.sort_unstable();
    Ok(lowers)
}

/// Makes one partition, unless it is there. The transaction must hold the lock for DDL.
pub(crate) async fn create(
    conn: &mut crate::Connection,
    table: &str,
    child: &str,
    bounds: &str,
    settings: &str,
) -> Result<(), StoreError> {
    if state(conn, child).await? == State::Attached {
        return Ok(());
    }
    // All parts of these statements are ours: names of tables and numbers.
    for statement in [
        format!("CREATE TABLE IF NOT EXISTS {child} (LIKE {table} INCLUDING ALL) {settings}"),
        format!("ALTER TABLE {table} ATTACH PARTITION {child} FOR VALUES {bounds}"),
    ] {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *conn).await?;
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Missing,
    Attached,
    /// Taking it off has begun and not ended.
    Detaching,
    Loose,
}

async fn state(conn: &mut crate::Connection, child: &str) -> Result<State, StoreError> {
    let row = sqlx::query!(
        r#"SELECT inherits.inhdetachpending AS "pending?"
        FROM pg_class AS class LEFT JOIN pg_inherits AS inherits ON inherits.inhrelid = class.oid
        WHERE class.oid = to_regclass($1)"#,
        child
    )
    .fetch_optional(conn)
    .await?;
    Ok(match row.map(|row| row.pending) {
        None => State::Missing,
        Some(None) => State::Loose,
        Some(Some(false)) => State::Attached,
        Some(Some(true)) => State::Detaching,
    })
}

/// Takes one partition off its parent and drops it. Waits for those who read it, a few seconds at most.
pub(crate) async fn drop_child(store: &Store, table: &str, child: &str) -> Result<(), StoreError> {
    store.known.forget(child);
    // Its own connection, closed after: it has other time limits, and DETACH CONCURRENTLY cannot be in a transaction.
    let mut conn = store.side.acquire().await?;
    conn.close_on_drop(true);
    sqlx::raw_sql("SET statement_timeout = '10s'; SET lock_timeout = '5s'")
        .execute(&mut conn)
        .await?;
    let detach = match state(&mut conn, child).await? {
        State::Attached => Some(format!("ALTER TABLE {table} DETACH PARTITION {child} CONCURRENTLY")),
        State::Detaching => Some(format!("ALTER TABLE {table} DETACH PARTITION {child} FINALIZE")),
        State::Missing | State::Loose => None,
    };
    for statement in detach.into_iter().chain([format!("DROP TABLE IF EXISTS {child}")]) {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut conn).await?;
    }
    Ok(())
}
