//! The receivers' side: what arrives within a few milliseconds is committed at once, and everybody is answered.

use std::sync::Arc;
use std::time::Duration;

use pointsman_domain::telemetry::Batch;
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot};

use super::commit::{Entry, committer};
use crate::codec::{self, Encoder};
use crate::connect::Store;
use crate::error::StoreError;

/// Bounds of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalOptions {
    /// How many bytes (encoded, not yet compressed) may wait for their commit.
    pub max_bytes_in_flight: usize,
    /// How long the first request of a group waits for others.
    pub gather: Duration,
}

impl Default for JournalOptions {
    /// 64 MiB, 2 ms.
    fn default() -> Self {
        Self {
            max_bytes_in_flight: 64 << 20,
            gather: Duration::from_millis(2),
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is durable.
    Committed,
    /// The same request is durable already; nothing was added.
    Duplicate,
}

/// Why a request is not durable. Both pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The database did not take it.
    #[error("the database is not available")]
    Unavailable,
    /// Too much is waiting.
    #[error("too much is waiting to be stored")]
    Overloaded,
}

/// While one commit waits for the disk, the next group is gathered and sent.
const COMMITTERS: usize = 2;

/// Bodies from this length on are compressed on a thread that may block.
const LONG: usize = 64 << 10;

/// The semaphore counts in this unit, so that its number of permits fits any bound.
const UNIT: usize = 1 << 10;

const DAY_NS: u64 = 86_400_000_000_000;

/// Appends to the journal. Cheap to clone; the committers end when the last clone is gone.
#[derive(Debug, Clone)]
pub struct JournalWriter {
    queue: mpsc::UnboundedSender<Entry>,
    /// What bounds the queue.
    in_flight: Arc<Semaphore>,
    bound: u32,
}

impl JournalWriter {
    /// Starts the committers. Must be called within a Tokio runtime.
    pub fn spawn(store: &Store, options: JournalOptions) -> Self {
        let (queue, entries) = mpsc::unbounded_channel();
        let entries = Arc::new(Mutex::new(entries));
        for _ in 0..COMMITTERS {
            tokio::spawn(committer(store.clone(), entries.clone(), options.gather));
        }
        let bound = (options.max_bytes_in_flight / UNIT).clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize));
        Self {
            queue,
            in_flight: Arc::new(Semaphore::new(bound)),
            bound: bound as u32,
        }
    }

    /// Makes the batch durable, then answers. `request_hash` tells a request that was sent before. An empty batch is
    /// nothing to store.
    pub async fn append(&self, request_hash: u128, batch: Batch) -> Result<Appended, AppendError> {
        if batch.is_empty() {
            return Ok(Appended::Committed);
        }
        if self.in_flight.available_permits() == 0 {
            return Err(AppendError::Overloaded);
        }
        let (signal, items, newest_ns) = (codec::signal(&batch), batch.len(), batch.newest_ns());
        let plain = match &batch {
            Batch::Spans(batch) => codec::plain(batch),
            Batch::Logs(batch) => codec::plain(batch),
        };
        drop(batch);
        let plain = plain.map_err(|error| lost(&error))?;
        // A request over the whole bound goes through alone.
        let units = u32::try_from(plain.len().div_ceil(UNIT))
            .unwrap_or(u32::MAX)
            .min(self.bound);
        let permit = self.in_flight.clone().try_acquire_many_owned(units);
        let permit = permit.map_err(|_| AppendError::Overloaded)?;
        let (answer, answered) = oneshot::channel();
        let entry = Entry {
            day: (newest_ns / DAY_NS) as i64,
            hash: request_hash.to_be_bytes(),
            signal,
            items: i32::try_from(items).unwrap_or(i32::MAX),
            body: compress(plain).await.map_err(|error| lost(&error))?,
            answer,
            _permit: permit,
        };
        self.queue.send(entry).map_err(|_| AppendError::Unavailable)?;
        answered.await.unwrap_or(Err(AppendError::Unavailable))
    }
}

async fn compress(plain: Vec<u8>) -> Result<Vec<u8>, StoreError> {
    if plain.len() < LONG {
        return Encoder::new(codec::FAST)?.compress(&plain);
    }
    tokio::task::spawn_blocking(move || Encoder::new(codec::FAST)?.compress(&plain))
        .await
        .map_err(StoreError::corrupt)?
}

/// What cannot be encoded cannot be stored: bounds on the request's size make it impossible.
fn lost(error: &StoreError) -> AppendError {
    tracing::error!(%error, "a request could not be encoded for the journal");
    AppendError::Unavailable
}
