//! The keeper's side: retention, and upkeep of the search indexes.

use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::telemetry::UnixNanos;
use sqlx::AssertSqlSafe;

use super::{Dropped, Scheme, drop_child};
use crate::connect::{Retention, Store};
use crate::error::StoreError;
use crate::lock::{self, LoopName};
use crate::segment::Slot;

/// What was accepted just within the retention may still be on its way through the journal.
const GRACE_NS: u64 = 3600 * SECOND_NS;

/// Drops every partition of which all has expired (an hour ago or more), and what was set aside as long ago; answers how
/// many partitions. What is in use is left for the next time. What expires when is said at [`Retention`]. Does nothing while another replica is at it.
pub async fn drop_expired(store: &Store, now_ns: UnixNanos, retention: &Retention) -> Result<u32, StoreError> {
    let Some(guard) = lock::try_advisory(store, LoopName::Drop).await? else {
        return Ok(0);
    };
    let dropped = drop_all(store, now_ns, retention).await;
    guard.release().await?;
    dropped
}

async fn drop_all(store: &Store, now_ns: UnixNanos, retention: &Retention) -> Result<u32, StoreError> {
    let oldest = |kept: std::time::Duration| {
        let kept = u64::try_from(kept.as_nanos()).unwrap_or(u64::MAX);
        now_ns.saturating_sub(kept).saturating_sub(GRACE_NS)
    };
    let mut dropped = 0;
    for (scheme, kept) in Scheme::expiring(retention) {
        for child in children(store, scheme.table).await? {
            if scheme.upper_ns(&child).is_some_and(|upper| upper <= oldest(kept)) {
                match drop_child(store, scheme.table, &child).await? {
                    Dropped::Gone => dropped += 1,
                    Dropped::InUse => {}
                    Dropped::TableInUse => break,
                }
            }
        }
    }
    let mut conn = store.conn().await?;
    // Slots that could not be compacted. They are dropped as compacted ones are.
    let slots = sqlx::query_scalar!(
        "UPDATE slot SET compacted_ns = $2 WHERE slot IN (
            SELECT slot FROM slot WHERE compacted_ns IS NULL AND slot < $1 FOR UPDATE SKIP LOCKED)
        RETURNING slot",
        Slot::at(oldest(retention.telemetry)).0,
        i64::try_from(now_ns).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *conn)
    .await?;
    if !slots.is_empty() {
        tracing::error!(
            ?slots,
            "slots that were never compacted have expired with what was in them"
        );
    }
    sqlx::query!(
        "DELETE FROM journal_dead WHERE received_ns < $1",
        oldest(retention.telemetry) as i64
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM node_seen WHERE last_seen_ns < $1",
        oldest(retention.rollup_hour) as i64
    )
    .execute(&mut *conn)
    .await?;
    Ok(dropped)
}

/// The partitions of a table, those among them that a crash has left half dropped.
async fn children(store: &Store, table: &str) -> Result<Vec<String>, StoreError> {
    let mut conn = store.conn().await?;
    let names = sqlx::query_scalar!(
        r#"SELECT relname::text AS "name!" FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname ~ ('^' || $1 || '_p[0-9]+$')
        ORDER BY relname"#,
        table
    )
    .fetch_all(&mut *conn)
    .await?;
    Ok(names)
}

/// Moves what waits in the search indexes' pending lists into the indexes, so that no writer has to.
pub async fn clean_pending_lists(store: &Store) -> Result<(), StoreError> {
    let mut conn = store.conn().await?;
    let indexes = sqlx::query_scalar!(
        r#"SELECT index.indexrelid::regclass::text AS "name!"
        FROM pg_index AS index JOIN pg_class AS class ON class.oid = index.indexrelid JOIN pg_am AS am ON am.oid = class.relam
        WHERE am.amname = 'gin' AND class.relkind = 'i' AND class.relnamespace = current_schema()::regnamespace
            AND class.relispartition"#
    )
    .fetch_all(&mut *conn)
    .await?;
    for index in indexes {
        let statement = format!("SELECT gin_clean_pending_list('{index}'::regclass)");
        match sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *conn).await {
            Ok(_) => {}
            // Its partition was dropped in the meantime.
            Err(sqlx::Error::Database(error)) if error.code().is_some_and(|code| code == "42P01") => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
