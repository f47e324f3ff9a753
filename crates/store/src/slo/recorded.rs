//! The recorded past of an objective: its events in merged windows.
//!
//! A service may have a million rows a day. They are added up where they lie, by the database; histograms, which it can't read, come as a stream
//! and are decoded a piece at a time on a thread for computing. What memory holds are windows or parts of the service, never rows.

use std::collections::HashMap;
use std::hash::Hash;

use futures::TryStreamExt;
use futures::stream::TryChunksError;
use pointsman_domain::Text;
use pointsman_domain::rollup::{Counts, NodeKind, Resolution};
use pointsman_domain::slo::{Count, Indicator, Objective};
use pointsman_domain::telemetry::{SpanKind, UnixNanos};
use pointsman_domain::time::TimeRange;

use crate::error::StoreError;
use crate::number::bigint;
use crate::rollup::counts;
use crate::text;

/// How many windows are read at a time.
const CHUNK_WINDOWS: u64 = 360;
/// How many rows are decoded at a time.
const PIECE: usize = 4096;

/// Whose requests were counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Whose {
    /// Which operation; none of calls, which are not told apart by it.
    pub operation: Option<Text>,
    /// `service.version`, or empty.
    pub version: Text,
    /// The node; none of calls.
    pub instance: Option<Text>,
}

/// The events of the objective in all windows of a resolution that begin in the range, without what is not merged yet, each given to `found`
/// in the order of time. Errors: [`StoreError::TooMuch`] where more rows than `most` are gone through.
pub async fn recorded(
    conn: &mut crate::Connection,
    objective: &Objective,
    resolution: Resolution,
    range: TimeRange,
    most: u64,
    mut found: impl FnMut(UnixNanos, Count),
) -> Result<(), StoreError> {
    let mut rows = Rows::new(objective, resolution, most);
    for chunk in Chunks::of(conn, objective, resolution, range).await? {
        let windows = if rows.is_of_durations() {
            rows.durations(conn, chunk, |row| row.window_ns as u64).await?
        } else {
            rows.windows(conn, chunk).await?
        };
        let mut windows: Vec<(UnixNanos, Count)> = windows.into_iter().collect();
        windows.sort_unstable_by_key(|(at, _)| *at);
        for (at, events) in windows {
            found(at, events);
        }
    }
    Ok(())
}

/// The same, part by part of the service instead of window by window. A part may be given several times.
pub async fn recorded_parts(
    conn: &mut crate::Connection,
    objective: &Objective,
    resolution: Resolution,
    range: TimeRange,
    most: u64,
    mut found: impl FnMut(&Whose, Count),
) -> Result<(), StoreError> {
    let mut rows = Rows::new(objective, resolution, most);
    for chunk in Chunks::of(conn, objective, resolution, range).await? {
        let parts = if rows.is_of_durations() {
            rows.durations(conn, chunk, |row| {
                whose(
                    row.operation.take(),
                    std::mem::take(&mut row.version),
                    row.instance.take(),
                )
            })
            .await?
        } else {
            rows.parts(conn, chunk).await?
        };
        for (whose, events) in &parts {
            found(whose, *events);
        }
    }
    Ok(())
}

/// A range, so much at a time. Nothing is read of the time before anything was recorded.
struct Chunks {
    from: UnixNanos,
    to: UnixNanos,
    step: u64,
}

impl Chunks {
    async fn of(
        conn: &mut crate::Connection,
        objective: &Objective,
        resolution: Resolution,
        range: TimeRange,
    ) -> Result<Self, StoreError> {
        let first = if objective.is_counted() {
            first_window(conn, resolution).await?
        } else {
            None
        };
        Ok(Self {
            from: resolution.floor(range.from_ns).max(first.unwrap_or(range.to_ns)),
            to: range.to_ns,
            step: CHUNK_WINDOWS * resolution.ns(),
        })
    }
}

impl Iterator for Chunks {
    type Item = TimeRange;

    fn next(&mut self) -> Option<TimeRange> {
        (self.from < self.to).then(|| {
            let from_ns = self.from;
            self.from = (from_ns + self.step).min(self.to);
            TimeRange {
                from_ns,
                to_ns: self.from,
            }
        })
    }
}

/// Counts by what they are of.
type CountsBy<K> = HashMap<K, Count>;

/// A row whose durations decide.
struct DurationRow {
    window_ns: i64,
    operation: Option<String>,
    version: String,
    instance: Option<String>,
    requests: i64,
    latency: Vec<u8>,
}

/// What is decoded of it: requests, and the histogram as it is stored.
type Durations<K> = (K, i64, Vec<u8>);

/// A query for a piece of what an objective counts. All of them take the same parameters.
macro_rules! of_objective {
    ($query:ident!($($about:tt)+), $rows:expr, $chunk:expr) => {
        sqlx::$query!(
            $($about)+,
            $rows.resolution,
            $rows.service.clone(),
            bigint($chunk.from_ns),
            bigint($chunk.to_ns),
            &$rows.kinds.clone(),
            $rows.version.clone(),
            $rows.operation.clone(),
            $rows.caller.clone(),
            NodeKind::Service.code()
        )
    };
}

/// The events of rows that the database has added up, each of another key.
macro_rules! sums {
    ($self:ident, $found:expr, |$row:ident| $key:expr) => {{
        let found = $found;
        let mut sums = CountsBy::with_capacity(found.len());
        for $row in found {
            $self.went_through($row.rows)?;
            let events = $self.events($row.requests, $row.errors);
            sums.insert($key, events);
        }
        Ok(sums)
    }};
}

/// Reads the rows of an objective.
struct Rows<'o> {
    objective: &'o Objective,
    resolution: i16,
    service: String,
    caller: Option<String>,
    version: Option<String>,
    operation: Option<String>,
    kinds: Vec<i16>,
    most: u64,
    left: u64,
}

impl<'o> Rows<'o> {
    fn new(objective: &'o Objective, resolution: Resolution, most: u64) -> Self {
        Self {
            objective,
            resolution: resolution as i16,
            service: text::name(&objective.service),
            caller: objective.caller.as_deref().map(text::name),
            version: objective.version.as_deref().map(text::name),
            operation: objective.operation.as_deref().map(text::name),
            kinds: SpanKind::SERVED.map(SpanKind::code).into(),
            most,
            left: most,
        }
    }

    fn is_of_durations(&self) -> bool {
        matches!(self.objective.indicator, Indicator::Latency { .. })
    }

    fn went_through(&mut self, rows: i64) -> Result<(), StoreError> {
        let left = self.left.checked_sub(rows as u64);
        self.left = left.ok_or_else(|| StoreError::TooMuch(format!("{} rows of figures", self.most)))?;
        Ok(())
    }

    fn events(&self, requests: i64, errors: i64) -> Count {
        self.objective.events(&Counts {
            requests: requests as u64,
            errors: errors as u64,
            ..Counts::default()
        })
    }

    async fn windows(
        &mut self,
        conn: &mut crate::Connection,
        chunk: TimeRange,
    ) -> Result<CountsBy<UnixNanos>, StoreError> {
        let rows = of_objective!(query_file!("queries/recorded_windows.sql"), self, chunk);
        sums!(self, rows.fetch_all(conn).await?, |row| row.window_ns as u64)
    }

    async fn parts(&mut self, conn: &mut crate::Connection, chunk: TimeRange) -> Result<CountsBy<Whose>, StoreError> {
        let rows = of_objective!(query_file!("queries/recorded_parts.sql"), self, chunk);
        sums!(self, rows.fetch_all(conn).await?, |row| whose(
            row.operation,
            row.version,
            row.instance
        ))
    }

    /// CountsBy of rows whose durations decide, by what `key` makes of them.
    async fn durations<K: Eq + Hash + Send + 'static>(
        &mut self,
        conn: &mut crate::Connection,
        chunk: TimeRange,
        key: impl Fn(&mut DurationRow) -> K + Send,
    ) -> Result<CountsBy<K>, StoreError> {
        let rows = of_objective!(
            query_file_as!(DurationRow, "queries/recorded_durations.sql"),
            self,
            chunk
        )
        .fetch(conn)
        .map_ok(|mut row| (key(&mut row), row.requests, row.latency));
        let mut sums = CountsBy::new();
        let mut pieces = std::pin::pin!(rows.try_chunks(PIECE));
        while let Some(piece) = pieces.try_next().await.map_err(|TryChunksError(_, error)| error)? {
            self.went_through(piece.len() as i64)?;
            self.decode(piece, &mut sums).await?;
        }
        Ok(sums)
    }

    /// Adds the events of rows, on a thread for computing.
    async fn decode<K: Eq + Hash + Send + 'static>(
        &self,
        piece: Vec<Durations<K>>,
        sums: &mut CountsBy<K>,
    ) -> Result<(), StoreError> {
        let objective = self.objective.clone();
        let adding = tokio::task::spawn_blocking(move || {
            let mut sums = CountsBy::new();
            for (key, requests, latency) in piece {
                let events = objective.events(&counts(requests, 0, 0, &latency)?);
                let sum: &mut Count = sums.entry(key).or_default();
                *sum = *sum + events;
            }
            Ok::<_, StoreError>(sums)
        });
        for (key, events) in adding.await.map_err(StoreError::corrupt)?? {
            let sum = sums.entry(key).or_default();
            *sum = *sum + events;
        }
        Ok(())
    }
}

fn whose(operation: Option<String>, version: String, instance: Option<String>) -> Whose {
    Whose {
        operation: operation.map(Text::from),
        version: version.into(),
        instance: instance.map(Text::from),
    }
}

/// The first window of a resolution that is kept; `None` where there is none.
pub(super) async fn first_window(
    conn: &mut crate::Connection,
    resolution: Resolution,
) -> Result<Option<UnixNanos>, StoreError> {
    let first = sqlx::query_scalar!(
        "SELECT window_ns FROM (
            (SELECT window_ns FROM series WHERE resolution = $1 ORDER BY window_ns LIMIT 1)
            UNION ALL
            (SELECT window_ns FROM edge WHERE resolution = $1 ORDER BY window_ns LIMIT 1)
        ) AS first ORDER BY window_ns LIMIT 1",
        resolution as i16
    )
    .fetch_optional(conn)
    .await?;
    Ok(first.flatten().map(|at| at as u64))
}
