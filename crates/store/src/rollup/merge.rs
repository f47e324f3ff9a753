//! The merger: deltas into windows. It changes no figure that a reader gets.
//!
//! One merger works at a time among all replicas, under an advisory lock. In one transaction it takes a bounded number of deltas out, reads
//! the windows that they belong to, adds them up (histograms are merged here, not in SQL), and writes the windows back. What it takes
//! out is counted for the objectives in the same transaction, and versions that were never seen are noted.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

use pointsman_domain::rollup::{Counts, EdgeKey, Resolution, SeriesKey};

use super::columns::{EdgeColumns, EdgeRow, SeriesColumns, SeriesRow, counts};
use crate::connect::{Store, Tx};
use crate::error::StoreError;
use crate::lock::{self, LoopName};
use crate::partition::{self, Scheme};
use crate::slo::Counting;

/// The most deltas that one transaction folds.
const ROWS: i64 = 10_000;

/// What a merge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MergeStats {
    /// Deltas of series that were folded.
    pub series: u64,
    /// Deltas of edges that were folded.
    pub edges: u64,
    /// Whether another replica was at it, and nothing more was done.
    pub busy: bool,
}

/// Folds the deltas that are there, in transactions of a bounded number of rows.
pub async fn merge(store: &Store) -> Result<MergeStats, StoreError> {
    let mut stats = MergeStats::default();
    loop {
        let mut tx = store.begin().await?;
        if !lock::try_within(&mut tx, LoopName::Merger).await? {
            stats.busy = true;
            return Ok(stats);
        }
        let mut counting = Counting::load(&mut tx).await?;
        let series = merge_series(&mut tx, &mut counting).await?;
        let edges = merge_edges(&mut tx, &mut counting).await?;
        counting.write(&mut tx).await?;
        super::errors::fold(&mut tx).await?;
        fold_unpaired(&mut tx).await?;
        tx.commit().await?;
        stats.series += series;
        stats.edges += edges;
        if series.max(edges) < ROWS as u64 {
            return Ok(stats);
        }
    }
}

async fn merge_series(tx: &mut Tx, counting: &mut Counting) -> Result<u64, StoreError> {
    let deltas = sqlx::query_as!(
        SeriesRow,
        "DELETE FROM series_delta WHERE id = ANY (ARRAY(SELECT id FROM series_delta ORDER BY id LIMIT $1))
        RETURNING window_ns, service, version, instance, operation, kind, requests, errors, duration_sum_ns, latency",
        ROWS
    )
    .fetch_all(&mut **tx)
    .await?;
    let deltas = deltas.iter().map(SeriesRow::read).collect::<Result<Vec<_>, _>>()?;
    for resolution in Resolution::ALL {
        write_series(tx, resolution, sum(resolution, &deltas)).await?;
    }
    counting.series(&deltas);
    super::versions::note(tx, &deltas).await?;
    Ok(deltas.len() as u64)
}

/// Deltas by the window of a resolution that they belong to.
fn sum<K: Clone + Eq + Hash>(resolution: Resolution, deltas: &[(u64, K, Counts)]) -> HashMap<(u64, K), Counts> {
    let mut windows: HashMap<(u64, K), Counts> = HashMap::new();
    for (window_ns, key, counts) in deltas {
        match windows.entry((resolution.floor(*window_ns), key.clone())) {
            Entry::Occupied(mut window) => window.get_mut().merge(counts),
            Entry::Vacant(window) => {
                window.insert(counts.clone());
            }
        }
    }
    windows
}

async fn write_series(
    tx: &mut Tx,
    resolution: Resolution,
    windows: HashMap<(u64, SeriesKey), Counts>,
) -> Result<(), StoreError> {
    if windows.is_empty() {
        return Ok(());
    }
    partition::ensure(
        &tx.store,
        Scheme::series(resolution),
        windows.keys().map(|(window_ns, _)| *window_ns),
    )
    .await?;
    let mut rows = SeriesColumns::default();
    for ((window_ns, key), counts) in &windows {
        rows.push(*window_ns, key, counts)?;
    }
    let known = sqlx::query!(
        r#"SELECT at AS "at!", requests, errors, duration_sum_ns, latency
        FROM unnest($2::bigint[], $3::bytea[]) WITH ORDINALITY AS wanted (window_ns, key, at)
        JOIN series USING (window_ns, key) WHERE resolution = $1"#,
        resolution as i16,
        &rows.counts.window_ns,
        &rows.key
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in known {
        let old = counts(row.requests, row.errors, row.duration_sum_ns, &row.latency)?;
        rows.counts.add(row.at as usize - 1, &old)?;
    }
    let SeriesColumns { counts, .. } = &rows;
    let written = sqlx::query_file!(
        "queries/upsert_series.sql",
        resolution as i16,
        &counts.window_ns,
        &rows.key,
        &rows.service,
        &rows.version,
        &rows.instance,
        &rows.operation,
        &rows.kind,
        &counts.requests,
        &counts.errors,
        &counts.duration_sum_ns,
        &counts.latency
    )
    .execute(&mut **tx)
    .await;
    written.inspect_err(|_| tx.store.known.forget_all())?;
    Ok(())
}

async fn merge_edges(tx: &mut Tx, counting: &mut Counting) -> Result<u64, StoreError> {
    let deltas = sqlx::query_as!(
        EdgeRow,
        "DELETE FROM edge_delta WHERE id = ANY (ARRAY(SELECT id FROM edge_delta ORDER BY id LIMIT $1))
        RETURNING window_ns, source_kind, source, source_version, target_kind, target, target_version,
            requests, errors, duration_sum_ns, latency",
        ROWS
    )
    .fetch_all(&mut **tx)
    .await?;
    let deltas = deltas.iter().map(EdgeRow::read).collect::<Result<Vec<_>, _>>()?;
    for resolution in Resolution::ALL {
        write_edges(tx, resolution, sum(resolution, &deltas)).await?;
    }
    counting.edges(&deltas);
    Ok(deltas.len() as u64)
}

async fn write_edges(
    tx: &mut Tx,
    resolution: Resolution,
    windows: HashMap<(u64, EdgeKey), Counts>,
) -> Result<(), StoreError> {
    if windows.is_empty() {
        return Ok(());
    }
    partition::ensure(
        &tx.store,
        Scheme::edges(resolution),
        windows.keys().map(|(window_ns, _)| *window_ns),
    )
    .await?;
    let mut rows = EdgeColumns::default();
    for ((window_ns, key), counts) in &windows {
        rows.push(*window_ns, key, counts)?;
    }
    let known = sqlx::query!(
        r#"SELECT at AS "at!", requests, errors, duration_sum_ns, latency
        FROM unnest($2::bigint[], $3::bytea[]) WITH ORDINALITY AS wanted (window_ns, key, at)
        JOIN edge USING (window_ns, key) WHERE resolution = $1"#,
        resolution as i16,
        &rows.counts.window_ns,
        &rows.key
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in known {
        let old = counts(row.requests, row.errors, row.duration_sum_ns, &row.latency)?;
        rows.counts.add(row.at as usize - 1, &old)?;
    }
    let EdgeColumns { counts, .. } = &rows;
    let written = sqlx::query_file!(
        "queries/upsert_edges.sql",
        resolution as i16,
        &counts.window_ns,
        &rows.key,
        &rows.source_kind,
        &rows.source,
        &rows.source_version,
        &rows.target_kind,
        &rows.target,
        &rows.target_version,
        &counts.requests,
        &counts.errors,
        &counts.duration_sum_ns,
        &counts.latency
    )
    .execute(&mut **tx)
    .await;
    written.inspect_err(|_| tx.store.known.forget_all())?;
    Ok(())
}

/// Makes one row of many.
async fn fold_unpaired(tx: &mut Tx) -> Result<(), StoreError> {
    sqlx::query!(
        "WITH gone AS (DELETE FROM unpaired WHERE (SELECT count(*) FROM unpaired) > 1 RETURNING clients, servers)
        INSERT INTO unpaired (clients, servers)
        SELECT sum(clients)::bigint, sum(servers)::bigint FROM gone HAVING count(*) > 0"
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
