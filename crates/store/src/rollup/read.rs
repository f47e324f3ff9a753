//! The readers' side: merged windows and deltas not yet merged, in one query, summed.

use std::hash::Hash;

use pointsman_domain::rollup::{Counts, EdgeKey, NodeKey, Resolution, SeriesKey};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use super::columns::{EdgeRow, SeriesRow, bigint};
use crate::error::StoreError;
use crate::text;

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

/// The figures of all windows that begin in the range (its start is taken down to that of its window), by window and key.
pub async fn series(
    conn: &mut crate::Connection,
    resolution: Resolution,
    range: TimeRange,
    filter: SeriesFilter<'_>,
) -> Result<Vec<(UnixNanos, SeriesKey, Counts)>, StoreError> {
    let (from, to) = windows(resolution, range);
    let rows = sqlx::query_file_as!(
        SeriesRow,
        "queries/series.sql",
        resolution as i16,
        from,
        to,
        filter.service.map(text::name),
        bigint(resolution.ns())
    )
    .fetch_all(conn)
    .await?;
    Ok(sum(rows.iter().map(SeriesRow::read).collect::<Result<_, _>>()?))
}

/// The edges of all windows that begin in the range (its start is taken down to that of its window), by window and key.
pub async fn edges(
    conn: &mut crate::Connection,
    resolution: Resolution,
    range: TimeRange,
    filter: EdgeFilter<'_>,
) -> Result<Vec<(UnixNanos, EdgeKey, Counts)>, StoreError> {
    let (from, to) = windows(resolution, range);
    let rows = sqlx::query_file_as!(
        EdgeRow,
        "queries/edges.sql",
        resolution as i16,
        from,
        to,
        filter.touching.map(text::name),
        bigint(resolution.ns())
    )
    .fetch_all(conn)
    .await?;
    Ok(sum(rows.iter().map(EdgeRow::read).collect::<Result<_, _>>()?))
}

/// The bounds that the starts of the range's windows have, in terms of any finer window too.
pub(super) fn windows(resolution: Resolution, range: TimeRange) -> (i64, i64) {
    let step = resolution.ns();
    let to = resolution.floor(range.to_ns.saturating_add(step - 1));
    (bigint(resolution.floor(range.from_ns)), bigint(to))
}

/// One row for each window and key, in order.
fn sum<K: Clone + Eq + Hash + Ord>(mut rows: Vec<(u64, K, Counts)>) -> Vec<(u64, K, Counts)> {
    rows.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    rows.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0 && later.1 == earlier.1;
        if same {
            earlier.2.merge(&later.2);
        }
        same
    });
    rows
}

/// The nodes heard of in the range, with the first and last time they were ever heard of (the last to within 5 s).
pub async fn nodes(
    conn: &mut crate::Connection,
    range: TimeRange,
    service: Option<&str>,
) -> Result<Vec<(NodeKey, UnixNanos, UnixNanos)>, StoreError> {
    let rows = sqlx::query!(
        "SELECT service, version, instance, first_seen_ns, last_seen_ns FROM node_seen
        WHERE last_seen_ns >= $1 AND first_seen_ns < $2 AND ($3::text IS NULL OR service = $3)
        ORDER BY service, version, instance",
        bigint(range.from_ns),
        bigint(range.to_ns),
        service.map(text::name)
    )
    .fetch_all(conn)
    .await?;
    let node = |service: &str, version: &str, instance: &str| NodeKey {
        service: text::read(service),
        version: text::read(version),
        instance: text::read(instance),
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let key = node(&row.service, &row.version, &row.instance);
            (key, row.first_seen_ns as u64, row.last_seen_ns as u64)
        })
        .collect())
}

/// How many client and server halves were settled without a partner, ever.
pub async fn unpaired(conn: &mut crate::Connection) -> Result<(u64, u64), StoreError> {
    let row = sqlx::query!(
        r#"SELECT coalesce(sum(clients), 0)::bigint AS "clients!", coalesce(sum(servers), 0)::bigint AS "servers!"
        FROM unpaired"#
    )
    .fetch_one(conn)
    .await?;
    Ok((row.clients as u64, row.servers as u64))
}
