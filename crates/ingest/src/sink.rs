//! The port through which a receiver hands on what it accepted. The journal is behind it.

use std::future::Future;

use pointsman_domain::telemetry::Batch;

/// One checked request, on its way to where it becomes durable.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// 128-bit hash of the request's decompressed bytes: the same bytes sent again count once.
    pub request_hash: u128,
    /// What the request brought, without the items that were rejected. Not empty.
    pub batch: Batch,
}

/// What became of a submission that is now durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It is committed, and was not there before.
    Accepted,
    /// The same request was committed before; nothing was added.
    Duplicate,
}

/// Why a submission is not durable. All of it is retryable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SinkError {
    /// The database can't be reached or refuses.
    #[error("the database is not available; nothing was stored, send it again")]
    Unavailable,
    /// As much is waiting for the database as may wait.
    #[error("too much is waiting to be stored; nothing was stored, send it again later")]
    Overloaded,
    /// As much is stored and not yet worked off as may be, or there is no room on disk.
    #[error("{0}; nothing was stored, send it again later")]
    Full(&'static str),
}

/// Takes submissions and answers when they are durable.
pub trait Sink: Clone + Send + Sync + 'static {
    /// Why it would refuse anything just now, where that is known beforehand: then requests need not be decoded.
    fn refuses(&self) -> Option<SinkError> {
        None
    }

    /// Makes the submission durable before it answers. Waits for nothing but that: where it would have to queue without
    /// bound it answers [`SinkError::Overloaded`].
    fn append(&self, submission: Submission) -> impl Future<Output = Result<Receipt, SinkError>> + Send;
}
