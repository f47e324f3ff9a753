//! The recorded past of an objective: its events in merged windows.

use std::collections::BTreeMap;

use pointsman_domain::Text;
use pointsman_domain::rollup::{Counts, Resolution};
use pointsman_domain::slo::Objective;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use super::bigint;
use crate::error::StoreError;
use crate::rollup::{EdgeRow, SeriesRow};
use crate::text;

/// How much is read at a time.
const CHUNK_WINDOWS: u64 = 360;

/// Whose requests a row has counted.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// Which operation; none of calls, which are not told apart by it.
    pub operation: Option<&'a Text>,
    /// `service.version`, or empty.
    pub version: &'a Text,
    /// The node; none of calls.
    pub instance: Option<&'a Text>,
}

/// The counts of all windows of a resolution that begin in the range and hold events of the objective, without what is not merged yet,
/// each given to `found`.
pub async fn recorded(
    conn: &mut crate::Connection,
    objective: &Objective,
    resolution: Resolution,
    range: TimeRange,
    mut found: impl FnMut(UnixNanos, &Counts),
) -> Result<(), StoreError> {
    for chunk in Chunks::of(conn, objective, resolution, range).await? {
        let mut windows: BTreeMap<UnixNanos, Counts> = BTreeMap::new();
        let add = |at, _: Whose<'_>, counts: &Counts| windows.entry(at).or_default().merge(counts);
        rows(conn, objective, resolution, chunk, add).await?;
        for (at, counts) in &windows {
            found(*at, counts);
        }
    }
    Ok(())
}

/// The same, part by part of the service.
pub async fn recorded_parts(
    conn: &mut crate::Connection,
    objective: &Objective,
    resolution: Resolution,
    range: TimeRange,
    mut found: impl FnMut(Whose<'_>, &Counts),
) -> Result<(), StoreError> {
    for chunk in Chunks::of(conn, objective, resolution, range).await? {
        rows(conn, objective, resolution, chunk, |_, whose, counts| {
            found(whose, counts);
        })
        .await?;
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

/// The rows of the objective in a chunk.
async fn rows(
    conn: &mut crate::Connection,
    objective: &Objective,
    resolution: Resolution,
    chunk: TimeRange,
    mut found: impl FnMut(UnixNanos, Whose<'_>, &Counts),
) -> Result<(), StoreError> {
    let (from, until) = (chunk.from_ns, chunk.to_ns);
    match &objective.caller {
        None => {
            let rows = sqlx::query_as!(
                SeriesRow,
                "SELECT window_ns, service, version, instance, operation, kind, requests, errors, duration_sum_ns, latency
                    FROM series WHERE resolution = $1 AND service = $2 AND window_ns >= $3 AND window_ns < $4
                        AND ($5::text IS NULL OR version = $5) AND ($6::text IS NULL OR operation = $6)",
                resolution as i16,
                text::name(&objective.service),
                bigint(from),
                bigint(until),
                objective.version.as_deref().map(text::name),
                objective.operation.as_deref().map(text::name)
            )
            .fetch_all(&mut *conn)
            .await?;
            for row in &rows {
                let (at, key, counts) = row.read()?;
                if objective.counts_series(&key) {
                    let whose = Whose {
                        operation: Some(&key.operation),
                        version: &key.version,
                        instance: Some(&key.instance),
                    };
                    found(at, whose, &counts);
                }
            }
        }
        Some(caller) => {
            let rows = sqlx::query_as!(
                EdgeRow,
                "SELECT window_ns, source_kind, source, source_version, target_kind, target, target_version,
                        requests, errors, duration_sum_ns, latency
                    FROM edge WHERE resolution = $1 AND source = $2 AND target = $3 AND window_ns >= $4 AND window_ns < $5",
                resolution as i16,
                text::name(caller),
                text::name(&objective.service),
                bigint(from),
                bigint(until)
            )
            .fetch_all(&mut *conn)
            .await?;
            for row in &rows {
                let (at, key, counts) = row.read()?;
                if objective.counts_edge(&key) {
                    let whose = Whose {
                        operation: None,
                        version: &key.target.version,
                        instance: None,
                    };
                    found(at, whose, &counts);
                }
            }
        }
    }
    Ok(())
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
