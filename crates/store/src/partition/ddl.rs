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
    if is_attached(conn, child).await? {
        return Ok(());
    }
    for statement in [
        format!("CREATE TABLE IF NOT EXISTS {child} (LIKE {table} INCLUDING ALL) {settings}"),
        format!("ALTER TABLE {table} ATTACH PARTITION {child} FOR VALUES {bounds}"),
    ] {
        run(conn, &statement).await?;
    }
    Ok(())
}

/// Whether it is a partition of its table: not missing, not by itself, and taking it off has not begun.
async fn is_attached(conn: &mut crate::Connection, child: &str) -> Result<bool, StoreError> {
    let attached = sqlx::query_scalar!(
        r#"SELECT EXISTS (
            SELECT FROM pg_inherits WHERE inhrelid = to_regclass($1) AND NOT inhdetachpending
        ) AS "attached!""#,
        child
    )
    .fetch_one(conn)
    .await?;
    Ok(attached)
}

/// What became of a partition that was to be dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// It is gone.
    Gone,
    /// Somebody reads it. Others of its table may be dropped.
    InUse,
    /// A transaction that is older than this has read the table, or may: none of its partitions can be taken off before it ends.
    TableInUse,
}

/// Where nothing is held while one waits.
const PATIENT: &str = "SET lock_timeout = '2s'";
/// Where others wait too: for the lock that making a partition needs, or for the partition.
const BRIEF: &str = "SET lock_timeout = '250ms'";

/// Takes one partition off its parent and drops it. Waits for those who read it, two seconds at most, and holds nobody up for longer
/// than a quarter of one.
pub(crate) async fn drop_child(store: &Store, table: &str, child: &str) -> Result<Dropped, StoreError> {
    store.known.forget(child);
    // Its own connection, closed after: it has other time limits, and DETACH CONCURRENTLY cannot be in a transaction.
    let mut conn = store.side.acquire().await?;
    conn.close_on_drop(true);
    run(&mut conn, "SET statement_timeout = '10s'").await?;
    match detach(&mut conn, table, child).await {
        Err(error) if error.is_lock_timeout() => return Ok(Dropped::TableInUse),
        detached => detached?,
    }
    run(&mut conn, BRIEF).await?;
    match run(&mut conn, &format!("DROP TABLE IF EXISTS {child}")).await {
        Err(error) if error.is_lock_timeout() => Ok(Dropped::InUse),
        dropped => dropped.map(|()| Dropped::Gone),
    }
}

/// Takes a partition off its parent. Where that ends too early it has begun, and the next one ends it: a table can have one such partition.
async fn detach(conn: &mut crate::Connection, table: &str, child: &str) -> Result<(), StoreError> {
    let begun = sqlx::query_scalar!(
        r#"SELECT class.relname::text AS "name!" FROM pg_inherits AS inherits
        JOIN pg_class AS class ON class.oid = inherits.inhrelid
        WHERE inherits.inhparent = to_regclass($1) AND inherits.inhdetachpending"#,
        table
    )
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(begun) = begun {
        // This waits for every snapshot that is older, with a lock in its hands that new partitions need.
        run(conn, BRIEF).await?;
        run(conn, &format!("ALTER TABLE {table} DETACH PARTITION {begun} FINALIZE")).await?;
    }
    if is_attached(conn, child).await? {
        run(conn, PATIENT).await?;
        run(
            conn,
            &format!("ALTER TABLE {table} DETACH PARTITION {child} CONCURRENTLY"),
        )
        .await?;
    }
    Ok(())
}

/// All parts of these statements are ours: names of tables and numbers.
async fn run(conn: &mut crate::Connection, statement: &str) -> Result<(), StoreError> {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(conn).await?;
    Ok(())
}
