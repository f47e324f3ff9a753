//! The readers' side: merged windows and deltas not yet merged, in one query, summed.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use futures::{Stream, StreamExt, TryStreamExt};
use pointsman_domain::Text;
use pointsman_domain::rollup::{Counts, EdgeKey, Endpoint, NodeKey, NodeKind, Resolution, SeriesKey};
use pointsman_domain::telemetry::{SpanKind, UnixNanos};
use pointsman_domain::time::TimeRange;

use super::columns::{EdgeRow, SeriesRow, bigint, counts};
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
    .fetch(conn);
    sum(rows.map(|row| row?.read())).await
}

/// What nodes served in all windows that begin in the range, as [`series`], but all operations and kinds of a node together: the operation is
/// empty and the kind server. Where the windows are not asked for, all of a node is one row, at the range's start. Rows are added up as
/// they come, so that memory holds what is answered and not what is read.
pub async fn served(
    conn: &mut crate::Connection,
    resolution: Resolution,
    range: TimeRange,
    by_window: bool,
) -> Result<Vec<(UnixNanos, SeriesKey, Counts)>, StoreError> {
    let (from, to) = windows(resolution, range);
    let rows = sqlx::query_file!(
        "queries/served.sql",
        resolution as i16,
        from,
        to,
        bigint(resolution.ns())
    )
    .fetch(conn);
    let rows = rows.map(|row| -> Result<_, StoreError> {
        let row = row?;
        let key = SeriesKey {
            service: text::read(&row.service),
            version: text::read(&row.version),
            instance: text::read(&row.instance),
            operation: "".into(),
            kind: SpanKind::Server,
        };
        let counts = counts(row.requests, row.errors, row.duration_sum_ns, &row.latency)?;
        Ok((if by_window { row.window_ns } else { from } as u64, key, counts))
    });
    sum(rows).await
}

/// The operations that services have had since, each once, at most 100,000.
pub async fn operations(
    conn: &mut crate::Connection,
    from_ns: UnixNanos,
    service: Option<&str>,
) -> Result<Vec<(Text, Text)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT service AS "service!", operation AS "operation!" FROM series
        WHERE resolution = $1 AND window_ns >= $2 AND ($3::text IS NULL OR service = $3)
        UNION SELECT service, operation FROM series_delta
        WHERE window_ns >= $2 AND ($3::text IS NULL OR service = $3) LIMIT 100000"#,
        Resolution::Hour as i16,
        bigint(Resolution::Hour.floor(from_ns)),
        service.map(text::name)
    )
    .fetch_all(conn)
    .await?;
    let operation = |service: &str, operation: &str| (text::read(service), text::read(operation));
    Ok(rows.iter().map(|row| operation(&row.service, &row.operation)).collect())
}

/// The edges that there have been since to and from what is no service, each once and without versions, at most 100,000.
pub async fn targets(conn: &mut crate::Connection, from_ns: UnixNanos) -> Result<Vec<EdgeKey>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT source_kind AS "source_kind!", source AS "source!", target_kind AS "target_kind!", target AS "target!" FROM edge
        WHERE resolution = $1 AND window_ns >= $2 AND (source_kind <> $3 OR target_kind <> $3)
        UNION SELECT source_kind, source, target_kind, target FROM edge_delta
        WHERE window_ns >= $2 AND (source_kind <> $3 OR target_kind <> $3) LIMIT 100000"#,
        Resolution::Hour as i16,
        bigint(Resolution::Hour.floor(from_ns)),
        NodeKind::Service.code()
    )
    .fetch_all(conn)
    .await?;
    let end = |kind, name: &str| Endpoint {
        kind: NodeKind::from_code(kind),
        name: text::read(name),
        version: Text::default(),
    };
    let edges = rows.iter().map(|row| EdgeKey {
        source: end(row.source_kind, &row.source),
        target: end(row.target_kind, &row.target),
    });
    Ok(edges.collect())
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
    .fetch(conn);
    sum(rows.map(|row| row?.read())).await
}

/// The bounds that the starts of the range's windows have, in terms of any finer window too.
pub(super) fn windows(resolution: Resolution, range: TimeRange) -> (i64, i64) {
    let step = resolution.ns();
    let to = resolution.floor(range.to_ns.saturating_add(step - 1));
    (bigint(resolution.floor(range.from_ns)), bigint(to))
}

/// One row for each window and key, in order.
async fn sum<K: Eq + Hash + Ord>(
    mut rows: impl Stream<Item = Result<(u64, K, Counts), StoreError>> + Unpin,
) -> Result<Vec<(u64, K, Counts)>, StoreError> {
    let mut sums: HashMap<(u64, K), Counts> = HashMap::new();
    while let Some((window_ns, key, counts)) = rows.try_next().await? {
        match sums.entry((window_ns, key)) {
            Entry::Occupied(mut sum) => sum.get_mut().merge(&counts),
            Entry::Vacant(sum) => {
                sum.insert(counts);
            }
        }
    }
    let mut sums: Vec<_> = sums
        .into_iter()
        .map(|((window_ns, key), counts)| (window_ns, key, counts))
        .collect();
    sums.sort_unstable_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    Ok(sums)
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
