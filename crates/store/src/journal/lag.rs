//! How far the workers are behind.

use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct JournalLag {
    /// Requests that wait.
    pub rows: u64,
    /// Spans and records in them.
    pub items: u64,
    /// When the oldest of them arrived.
    pub oldest_received_ns: Option<UnixNanos>,
    /// Requests that were set aside because they could not be transformed.
    pub dead: u64,
}

/// What waits now.
pub async fn lag(conn: &mut crate::Connection) -> Result<JournalLag, StoreError> {
    let _ = conn;
    Ok(JournalLag::default())
}
