//! The worker's side: rows are taken out in the transaction that writes what becomes of them.

use pointsman_domain::telemetry::{Batch, UnixNanos};

use crate::codec::Decoder;
use crate::connect::Tx;
use crate::error::StoreError;

/// How often a row may fail before it is set aside.
pub const MAX_ATTEMPTS: i16 = 5;

/// The most rows that are taken at a time.
const MAX_ROWS: u64 = 64;

/// A row that was taken out.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// Its number; ascending with the order of arrival, about.
    pub id: i64,
    /// When the request arrived.
    pub received_ns: UnixNanos,
    /// How often transforming it has failed.
    pub attempts: i16,
    /// What it brought.
    pub batch: Batch,
}

/// Takes rows out of the journal, oldest first: as many as hold about `max_items` spans and records and never more than `max_rows` (at
/// least 1), at least one if there is one. Others do not wait for it; when the transaction is undone they are back. A row that cannot
/// be read is set aside at once.
pub async fn claim(tx: &mut Tx, max_items: u32, max_rows: u32) -> Result<Vec<Claimed>, StoreError> {
    let mut claimed = Vec::new();
    let mut decoder = Decoder::new()?;
    let (mut items, mut largest) = (0, 0);
    let mut left = u64::from(max_rows.max(1));
    // One row tells how large rows are about; then as many at a time as should fit.
    let mut rows = 1;
    loop {
        let taken = take(tx, rows).await?;
        let exhausted = (taken.len() as u64) < rows;
        left = left.saturating_sub(taken.len() as u64);
        for row in taken {
            items += u64::from(row.items.unsigned_abs());
            largest = largest.max(u64::from(row.items.unsigned_abs()));
            match decoder.batch(row.signal, &row.body) {
                Ok(batch) => claimed.push(Claimed {
                    id: row.id,
                    received_ns: row.received_ns as u64,
                    attempts: row.attempts,
                    batch,
                }),
                Err(error) => set_aside(tx, row, &error.to_string()).await?,
            }
        }
        rows = u64::from(max_items).saturating_sub(items) / largest.max(1);
        rows = rows.min(MAX_ROWS).min(left);
        if exhausted || rows == 0 {
            return Ok(claimed);
        }
    }
}

struct Row {
    id: i64,
    received_ns: i64,
    signal: i16,
    items: i32,
    attempts: i16,
    body: Vec<u8>,
}

async fn take(tx: &mut Tx, rows: u64) -> Result<Vec<Row>, StoreError> {
    let floor = tx.store.journal.floor();
    // As an array the choice is made once. `IN (SELECT ... SKIP LOCKED LIMIT n)` may be run again for each row of a join, and then
    // chooses n others each time.
    let mut taken = sqlx::query_as!(
        Row,
        "DELETE FROM journal WHERE id = ANY (ARRAY(
            SELECT id FROM journal WHERE id >= $2 ORDER BY id FOR UPDATE SKIP LOCKED LIMIT $1))
        RETURNING id, received_ns, signal, items, attempts, body",
        rows as i64,
        floor
    )
    .fetch_all(&mut **tx)
    .await?;
    taken.sort_unstable_by_key(|row| row.id);
    Ok(taken)
}

async fn set_aside(tx: &mut Tx, row: Row, reason: &str) -> Result<(), StoreError> {
    tracing::error!(
        journal.id = row.id,
        journal.items = row.items,
        reason,
        "a journal row was set aside"
    );
    sqlx::query!(
        "INSERT INTO journal_dead (id, received_ns, signal, items, attempts, body, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        row.id,
        row.received_ns,
        row.signal,
        row.items,
        row.attempts,
        row.body,
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Tells that transforming these rows failed, for a reason of theirs rather than of the database's: after the transaction that
/// claimed them was undone. At its [`MAX_ATTEMPTS`]th failure a row is set aside with the reason. Answers how many were.
pub async fn failed(conn: &mut crate::Connection, ids: &[i64], reason: &str) -> Result<u64, StoreError> {
    let reason = reason.replace('\0', "\u{fffd}");
    let moved = sqlx::query!(
        "WITH counted AS (
            UPDATE journal SET attempts = attempts + 1 WHERE id = ANY($1) AND attempts + 1 < $2
        ), gone AS (
            DELETE FROM journal WHERE id = ANY($1) AND attempts + 1 >= $2 RETURNING *
        )
        INSERT INTO journal_dead (id, received_ns, signal, items, attempts, body, reason)
        SELECT id, received_ns, signal, items, attempts + 1, body, $3 FROM gone",
        ids,
        i32::from(MAX_ATTEMPTS),
        reason
    )
    .execute(conn)
    .await?;
    Ok(moved.rows_affected())
}
