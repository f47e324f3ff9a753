//! The receivers' side: what arrives within a few milliseconds is committed at once, and everybody is answered.

use std::time::Duration;

use pointsman_domain::telemetry::Batch;

use crate::connect::Store;

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

/// Appends to the journal. Cheap to clone; the committers end when the last clone is gone.
#[derive(Debug, Clone)]
pub struct JournalWriter {
    store: Store,
}

impl JournalWriter {
    /// Starts the committers. Must be called within a Tokio runtime.
    pub fn spawn(store: &Store, options: JournalOptions) -> Self {
        let _ = options;
        Self { store: store.clone() }
    }

    /// Makes the batch durable, then answers. `request_hash` tells a request that was sent before.
    pub async fn append(&self, request_hash: u128, batch: Batch) -> Result<Appended, AppendError> {
        let _ = (&self.store, request_hash, batch);
        Err(AppendError::Unavailable)
    }
}
