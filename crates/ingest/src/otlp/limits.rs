//! The bounds of the receivers, and the budget of bytes that all requests together may hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pointsman_domain::time::AHEAD_NS;
use tokio::sync::Semaphore;

use super::refusal::Refusal;

/// What a receiver takes, and how long it waits.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most bytes of one request on the wire, compressed or not.
    pub body_bytes: usize,
    /// The most bytes of one request after decompression.
    pub decompressed_bytes: usize,
    /// The most bytes that all requests together hold while they are read and wait to be stored. More is refused, retryably.
    pub bytes_in_flight: usize,
    /// How long a sender may take to send one body.
    pub body_timeout: Duration,
    /// How long a receiver waits for a request to become durable, before it refuses it, retryably.
    pub acknowledge_timeout: Duration,
    /// How long ago an item may have ended.
    pub retention: Duration,
    /// How far in the future an item may be: clocks differ.
    pub future: Duration,
    /// After what time a refused sender shall try again.
    pub retry_after: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 16 << 20,
            decompressed_bytes: 64 << 20,
            bytes_in_flight: 256 << 20,
            body_timeout: Duration::from_secs(30),
            acknowledge_timeout: Duration::from_secs(10),
            retention: Duration::from_secs(7 * 86_400),
            future: Duration::from_nanos(AHEAD_NS),
            retry_after: Duration::from_secs(2),
        }
    }
}

/// What is left of [`Limits::bytes_in_flight`].
#[derive(Debug, Clone)]
pub(super) struct Budget(Arc<Semaphore>);

impl Budget {
    pub(super) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS))))
    }

    /// A share for one request, which gives back all it took when it is dropped.
    pub(super) fn share(&self) -> Share {
        Share {
            budget: Arc::clone(&self.0),
            taken: AtomicUsize::new(0),
        }
    }
}

/// The bytes that one request holds.
#[derive(Debug)]
pub(super) struct Share {
    budget: Arc<Semaphore>,
    taken: AtomicUsize,
}

impl Share {
    /// Takes so many bytes more, or refuses at once.
    pub(super) fn take(&self, bytes: usize) -> Result<(), Refusal> {
        let permits = u32::try_from(bytes).map_err(|_| Refusal::Overloaded)?;
        let permit = self.budget.try_acquire_many(permits).map_err(|_| Refusal::Overloaded)?;
        permit.forget();
        self.taken.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.add_permits(*self.taken.get_mut());
    }
}
