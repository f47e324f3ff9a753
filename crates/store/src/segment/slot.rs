//! The table of slots, and the partitions that come and go with it.

use super::row::Slot;
use crate::connect::{Store, Tx};
use crate::error::StoreError;
use crate::lock::{self, LoopName};
use crate::partition::{Dropped, create, drop_child};

/// Fragments are many, short-lived and read at once.
const SETTINGS: &str = "WITH (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000)";

const TABLES: [&str; 2] = ["span_fragment", "log_fragment"];

fn child(table: &str, slot: Slot) -> String {
    format!("{table}_s{}", slot.0)
}

/// The slots that readers look into: those that are not compacted, oldest first. Queries name them one by one, so that those that are compacted
/// and not dropped yet are neither opened nor locked, however many they are.
pub(crate) async fn live(conn: &mut crate::Connection) -> Result<Vec<Slot>, StoreError> {
    let slots = sqlx::query_scalar!("SELECT slot FROM slot WHERE compacted_ns IS NULL ORDER BY slot")
        .fetch_all(conn)
        .await?;
    Ok(slots.into_iter().map(Slot).collect())
}

/// Makes a slot and its partitions unless they are there, in a transaction of its own. The next one is made along with
/// it, so that it is there when the first worker needs it.
async fn ensure(store: &Store, slot: Slot) -> Result<(), StoreError> {
    if store.known.has_slot(slot.0) {
        return Ok(());
    }
    let mut tx = store.begin_side().await?;
    lock::within(&mut tx, LoopName::Ddl).await?;
    for slot in [slot, Slot(slot.0 + 1)] {
        // One that is compacted is over, and perhaps being dropped.
        let is_over = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM slot WHERE slot = $1 AND compacted_ns IS NOT NULL) AS "is_over!""#,
            slot.0
        )
        .fetch_one(&mut *tx)
        .await?;
        if is_over {
            continue;
        }
        for table in TABLES {
            create(
                &mut tx,
                table,
                &child(table, slot),
                &format!("IN ({})", slot.0),
                SETTINGS,
            )
            .await?;
        }
        sqlx::query!("INSERT INTO slot (slot) VALUES ($1) ON CONFLICT DO NOTHING", slot.0)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    store.known.add_slot(slot.0);
    Ok(())
}

/// Opens a slot for writing until the end of the transaction, so that no compactor takes it before: `wanted`, or a later
/// one where that is compacted or being compacted.
pub(super) async fn open(tx: &mut Tx, wanted: Slot) -> Result<Slot, StoreError> {
    let mut slot = wanted;
    loop {
        let store = tx.store.clone();
        ensure(&store, slot).await?;
        let open = sqlx::query_scalar!(
            "SELECT slot FROM slot WHERE slot = $1 AND compacted_ns IS NULL FOR KEY SHARE SKIP LOCKED",
            slot.0
        )
        .fetch_optional(&mut **tx)
        .await?;
        if open.is_some() {
            return Ok(slot);
        }
        // This one's time is over: the clock that gave it is far behind, or the transaction took very long.
        store.known.forget_slot(slot.0);
        let newest = sqlx::query_scalar!(r#"SELECT coalesce(max(slot), 0) AS "newest!" FROM slot"#)
            .fetch_one(&mut **tx)
            .await?;
        slot = Slot(newest.max(slot.0 + 1));
    }
}

/// Drops the partitions of compacted slots; what is in use and cannot be dropped soon is left for the next call. Answers how many.
pub async fn drop_compacted(store: &Store) -> Result<u32, StoreError> {
    let Some(guard) = lock::try_advisory(store, LoopName::Drop).await? else {
        return Ok(0);
    };
    let dropped = drop_all(store).await;
    guard.release().await?;
    dropped
}

async fn drop_all(store: &Store) -> Result<u32, StoreError> {
    let mut conn = store.conn().await?;
    let slots = sqlx::query_scalar!("SELECT slot FROM slot WHERE compacted_ns IS NOT NULL ORDER BY slot")
        .fetch_all(&mut *conn)
        .await?;
    drop(conn);
    let mut dropped = 0;
    // Whoever keeps one partition of a table from being taken off keeps all of them.
    let mut in_use = [false; TABLES.len()];
    for slot in slots {
        store.known.forget_slot(slot);
        let mut gone = true;
        for (table, in_use) in TABLES.into_iter().zip(&mut in_use) {
            let outcome = if *in_use {
                Dropped::TableInUse
            } else {
                drop_child(store, table, &child(table, Slot(slot))).await?
            };
            gone &= outcome == Dropped::Gone;
            *in_use |= outcome == Dropped::TableInUse;
        }
        if gone {
            let mut conn = store.conn().await?;
            sqlx::query!("DELETE FROM slot WHERE slot = $1 AND compacted_ns IS NOT NULL", slot)
                .execute(&mut *conn)
                .await?;
            dropped += 1;
        }
        if in_use.iter().all(|in_use| *in_use) {
            break;
        }
    }
    Ok(dropped)
}
