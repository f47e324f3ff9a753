//! The readers' side: merged windows and deltas not yet merged, in one query, summed.

use pointsman_domain::rollup::{Counts, EdgeKey, NodeErrorCount, NodeErrorKey, NodeKey, Resolution, SeriesKey};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use crate::error::StoreError;

/// Which series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeriesFilter<'a> {
    /// Only those of this service.
    pub service: Option<&'a str>,
}

/// Which edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EdgeFilter<'a> {
    /// Only those that begin or end at a station of this name.
    pub touching: Option<&'a str>,
}

/// The most errors that [`errors`] answers.
pub const MAX_ERRORS: usize = 200;

/// The figures of all windows that begin in the range (its start is taken down to that of its window), by window and key.
pub async fn series(
    conn: &mut crate::Connection,
    resolution: Resolution,
    range: TimeRange,
    filter: SeriesFilter<'_>,
) -> Result<Vec<(UnixNanos, SeriesKey, Counts)>, StoreError> {
    let _ = (conn, resolution, range, filter);
    Ok(Vec::new())
}

/// The edges of all windows that begin in the range (its start is taken down to that of its window), by window and key.
pub async fn edges(
    conn: &mut crate::Connection,
    resolution: Resolution,
    range: TimeRange,
    filter: EdgeFilter<'_>,
) -> Result<Vec<(UnixNanos, EdgeKey, Counts)>, StoreError> {
    let _ = (conn, resolution, range, filter);
    Ok(Vec::new())
}

/// The errors of a service's nodes in the windows of 10 s that begin in the range, the most frequent first, at most
/// [`MAX_ERRORS`].
pub async fn errors(
    conn: &mut crate::Connection,
    range: TimeRange,
    service: &str,
) -> Result<Vec<(NodeErrorKey, NodeErrorCount)>, StoreError> {
    let _ = (conn, range, service);
    Ok(Vec::new())
}

/// The nodes heard of in the range, with the first and last time they were ever heard of (the last to within 5 s).
pub async fn nodes(
    conn: &mut crate::Connection,
    range: TimeRange,
    service: Option<&str>,
) -> Result<Vec<(NodeKey, UnixNanos, UnixNanos)>, StoreError> {
    let _ = (conn, range, service);
    Ok(Vec::new())
}

/// How many client and server halves were settled without a partner, ever.
pub async fn unpaired(conn: &mut crate::Connection) -> Result<(u64, u64), StoreError> {
    let _ = conn;
    Ok((0, 0))
}
