//! The readers' side: merged windows and deltas not yet merged, in one query, summed.

use futures::TryStreamExt;
use pointsman_domain::Text;
use pointsman_domain::rollup::{Counts, EdgeKey, NodeKey, NodeKind, Resolution, SeriesKey};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use super::edges::endpoint;
use super::pieces::{Frame, Pieces, sum};
use super::series::series_key;
use crate::error::StoreError;
use crate::number::bigint;
use crate::text;

/// Reads series, a piece of their windows at a time.
#[derive(Debug)]
pub struct SeriesReader<'a> {
    pieces: Pieces,
    service: Option<&'a str>,
    served: bool,
}

impl<'a> SeriesReader<'a> {
    /// All series, or those of one service.
    pub fn new(frame: Frame, service: Option<&'a str>) -> Self {
        Self {
            pieces: Pieces::of(frame),
            service,
            served: false,
        }
    }

    /// What nodes served: all operations and kinds of a node together, the operation empty and the kind server.
    pub fn served(frame: Frame) -> Self {
        Self {
            served: true,
            ..Self::new(frame, None)
        }
    }

    /// The sums of the next piece, each with the start of its step, in no order; `None` after the last. No step is in two pieces. All
    /// pieces are to be read in one [`crate::Store::reader`], or what is merged in between is not counted, or twice.
    pub async fn next(
        &mut self,
        conn: &mut crate::Connection,
    ) -> Result<Option<Vec<(UnixNanos, SeriesKey, Counts)>>, StoreError> {
        let Some((from, to)) = self.pieces.next() else {
            return Ok(None);
        };
        let rows = sqlx::query_file!(
            "queries/series.sql",
            self.pieces.frame().resolution as i16,
            from,
            to,
            self.service.map(text::name),
            self.pieces.step(),
            self.served
        )
        .fetch(conn)
        .map_ok(|row| {
            let key = series_key(&row.service, &row.version, &row.instance, &row.operation, row.kind);
            sum!(row, key)
        });
        Ok(Some(self.pieces.gather(rows).await?))
    }
}

/// Reads edges, as [`SeriesReader`] reads series.
#[derive(Debug)]
pub struct EdgeReader<'a> {
    pieces: Pieces,
    touching: Option<&'a str>,
}

impl<'a> EdgeReader<'a> {
    /// All edges, or those that begin or end at what bears this name.
    pub fn new(frame: Frame, touching: Option<&'a str>) -> Self {
        Self {
            pieces: Pieces::of(frame),
            touching,
        }
    }

    /// The sums of the next piece; see [`SeriesReader::next`].
    pub async fn next(
        &mut self,
        conn: &mut crate::Connection,
    ) -> Result<Option<Vec<(UnixNanos, EdgeKey, Counts)>>, StoreError> {
        let Some((from, to)) = self.pieces.next() else {
            return Ok(None);
        };
        let rows = sqlx::query_file!(
            "queries/edges.sql",
            self.pieces.frame().resolution as i16,
            from,
            to,
            self.touching.map(text::name),
            self.pieces.step()
        )
        .fetch(conn)
        .map_ok(|row| {
            let key = EdgeKey {
                source: endpoint(row.source_kind, &row.source, &row.source_version),
                target: endpoint(row.target_kind, &row.target, &row.target_version),
            };
            sum!(row, key)
        });
        Ok(Some(self.pieces.gather(rows).await?))
    }
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
    let edges = rows.iter().map(|row| EdgeKey {
        source: endpoint(row.source_kind, &row.source, ""),
        target: endpoint(row.target_kind, &row.target, ""),
    });
    Ok(edges.collect())
}

/// The most nodes that one read answers with.
pub const MAX_NODES: usize = 50_000;

/// The nodes heard of in the range, with the first and last time they were ever heard of (the last to within 5 s). Errors: more than
/// [`MAX_NODES`].
pub async fn nodes(
    conn: &mut crate::Connection,
    range: TimeRange,
    service: Option<&str>,
) -> Result<Vec<(NodeKey, UnixNanos, UnixNanos)>, StoreError> {
    let rows = sqlx::query!(
        "SELECT service, version, instance, first_seen_ns, last_seen_ns FROM node_seen
        WHERE last_seen_ns >= $1 AND first_seen_ns < $2 AND ($3::text IS NULL OR service = $3)
        ORDER BY service, version, instance LIMIT $4",
        bigint(range.from_ns),
        bigint(range.to_ns),
        service.map(text::name),
        MAX_NODES as i64 + 1
    )
    .fetch_all(conn)
    .await?;
    if rows.len() > MAX_NODES {
        return Err(StoreError::TooMuch(format!("{MAX_NODES} nodes")));
    }
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

/// The names of the services heard of in the range.
pub async fn services(conn: &mut crate::Connection, range: TimeRange) -> Result<Vec<Text>, StoreError> {
    let rows = sqlx::query_scalar!(
        "SELECT DISTINCT service FROM node_seen WHERE last_seen_ns >= $1 AND first_seen_ns < $2 ORDER BY service",
        bigint(range.from_ns),
        bigint(range.to_ns)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.iter().map(|name| text::read(name)).collect())
}

/// When a service, or any, was last heard of (to within 5 s); `None` where it never was.
pub async fn last_seen(conn: &mut crate::Connection, service: Option<&str>) -> Result<Option<UnixNanos>, StoreError> {
    let last = sqlx::query_scalar!(
        "SELECT max(last_seen_ns) FROM node_seen WHERE $1::text IS NULL OR service = $1",
        service.map(text::name)
    )
    .fetch_one(conn)
    .await?;
    Ok(last.map(|at| at as u64))
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
