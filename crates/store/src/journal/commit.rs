//! The group commit. Two committers share the queue: while one waits for the disk, the other gathers.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use pointsman_domain::read::JournalFull;
use tokio::sync::{Mutex, OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

use super::writer::{AppendError, Appended};
use crate::bus;
use crate::connect::Store;
use crate::error::StoreError;
use crate::partition::{self, Scheme};

/// A group is full at this many compressed bytes.
const GROUP_BYTES: usize = 4 << 20;

/// A commit that takes longer counts as failed. Whether it was made is then unknown, and sending again is safe: the hash tells.
const COMMIT_TIMEOUT: Duration = Duration::from_secs(10);

/// A request that waits for its commit.
#[derive(Debug)]
pub(super) struct Entry {
    /// The day of its newest item, since the epoch.
    pub(super) day: i64,
    pub(super) hash: [u8; 16],
    pub(super) signal: i16,
    pub(super) items: i32,
    /// Compressed.
    pub(super) body: Vec<u8>,
    pub(super) answer: oneshot::Sender<Result<Appended, AppendError>>,
    pub(super) _permit: OwnedSemaphorePermit,
}

/// Commits groups until the queue is closed and empty.
pub(super) async fn committer(store: Store, queue: Arc<Mutex<mpsc::UnboundedReceiver<Entry>>>, gather: Duration) {
    loop {
        let group = next_group(&queue, gather).await;
        if group.is_empty() {
            return;
        }
        let late = || StoreError::Unavailable(sqlx::Error::PoolTimedOut);
        let committed = timeout(COMMIT_TIMEOUT, commit(&store, &group))
            .await
            .unwrap_or_else(|_| Err(late()));
        match committed {
            Ok(new) => {
                for (entry, new) in group.into_iter().zip(new) {
                    // A receiver whose sender has hung up does not wait for the answer.
                    let _ = entry
                        .answer
                        .send(Ok(if new { Appended::Committed } else { Appended::Duplicate }));
                }
            }
            Err(error) => {
                // What came while this failed would wait for the same failure: it is answered with it.
                let waiting = queue.try_lock().map(|mut queue| {
                    let mut waiting = Vec::new();
                    while let Ok(entry) = queue.try_recv() {
                        waiting.push(entry);
                    }
                    waiting
                });
                let mut refused = 0;
                let reason = if error.is_disk_full() {
                    store.journal.disk_is_full();
                    AppendError::Full(JournalFull::Disk)
                } else {
                    AppendError::Unavailable
                };
                for entry in group.into_iter().chain(waiting.unwrap_or_default()) {
                    let _ = entry.answer.send(Err(reason));
                    refused += 1;
                }
                tracing::warn!(%error, requests = refused, "requests were refused: the journal could not be written");
                store.known.forget_all();
            }
        }
    }
}

/// The first that comes and what comes within `gather` after it. Empty when the queue is closed.
async fn next_group(queue: &Mutex<mpsc::UnboundedReceiver<Entry>>, gather: Duration) -> Vec<Entry> {
    let mut queue = queue.lock().await;
    let Some(first) = queue.recv().await else {
        return Vec::new();
    };
    let until = Instant::now() + gather;
    let mut bytes = first.body.len();
    let mut group = vec![first];
    while bytes < GROUP_BYTES {
        let Ok(Some(entry)) = timeout_at(until, queue.recv()).await else {
            break;
        };
        bytes += entry.body.len();
        group.push(entry);
    }
    group
}

/// Writes a group in one transaction; answers which of it were new.
async fn commit(store: &Store, group: &[Entry]) -> Result<Vec<bool>, StoreError> {
    partition::ensure(store, Scheme::REQUESTS, group.iter().map(|entry| entry.day as u64)).await?;
    let mut tx = store.begin_side().await?;
    let (mut days, mut hashes) = (Vec::new(), Vec::new());
    for entry in group {
        days.push(entry.day);
        hashes.push(entry.hash.to_vec());
    }
    // In order: two committers with the same two requests must not wait for each other.
    let new = sqlx::query!(
        "INSERT INTO request_seen (day, hash)
        SELECT DISTINCT day, hash FROM unnest($1::bigint[], $2::bytea[]) AS seen (day, hash) ORDER BY day, hash
        ON CONFLICT DO NOTHING RETURNING day, hash",
        &days,
        &hashes
    )
    .fetch_all(&mut *tx)
    .await?;
    // Taken out one by one, so that the same request twice in a group is new once.
    let mut new: HashSet<(i64, Vec<u8>)> = new.into_iter().map(|row| (row.day, row.hash)).collect();
    let is_new: Vec<bool> = group
        .iter()
        .map(|entry| new.remove(&(entry.day, entry.hash.to_vec())))
        .collect();
    let fresh = || {
        group
            .iter()
            .zip(&is_new)
            .filter(|(_, new)| **new)
            .map(|(entry, _)| entry)
    };
    if fresh().next().is_some() {
        let signals: Vec<i16> = fresh().map(|entry| entry.signal).collect();
        let items: Vec<i32> = fresh().map(|entry| entry.items).collect();
        let bodies: Vec<&[u8]> = fresh().map(|entry| entry.body.as_slice()).collect();
        // By the database's clock, so that how long they wait is the same for all replicas.
        sqlx::query!(
            "INSERT INTO journal (received_ns, signal, items, body)
            SELECT (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint, signal, items, body
            FROM unnest($1::smallint[], $2::integer[], $3::bytea[]) AS entry (signal, items, body)",
            &signals,
            &items,
            &bodies as &[&[u8]]
        )
        .execute(&mut *tx)
        .await?;
        bus::announce(&mut tx, bus::JOURNAL).await?;
    }
    tx.commit().await?;
    let added: usize = fresh().map(|entry| entry.body.len()).sum();
    store.journal.added(added as u64);
    Ok(is_new)
}
