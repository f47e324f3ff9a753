//! The recorded past of an objective: its events in merged windows.

use std::collections::BTreeMap;

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

/// The counts of all windows of a resolution that begin in the range and hold events of the objective, without what is not merged yet,
/// each given to `found`.
pub async fn recorded(
    conn: &mut crate::Connection,
    objective: &Objective,
    resolution: Resolution,
    range: TimeRange,
    mut found: impl FnMut(UnixNanos, &Counts),
) -> Result<(), StoreError> {
    if !objective.is_counted() {
        return Ok(());
    }
    let (mut from, to) = (resolution.floor(range.from_ns), range.to_ns);
    // Nothing is read of the time before anything was recorded.
    let first = first_window(conn, resolution).await?;
    from = from.max(first.unwrap_or(to));
    while from < to {
        let until = (from + CHUNK_WINDOWS * resolution.ns()).min(to);
        let mut windows: BTreeMap<UnixNanos, Counts> = BTreeMap::new();
        let mut add = |at, counts: &Counts| windows.entry(at).or_default().merge(counts);
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
                        add(at, &counts);
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
                        add(at, &counts);
                    }
                }
            }
        }
        for (at, counts) in &windows {
            found(*at, counts);
        }
        from = until;
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
