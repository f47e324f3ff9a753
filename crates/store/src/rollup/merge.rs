//! The merger: deltas into windows. It changes no figure that a reader gets.
//!
//! ```text
//! deltas of a Table --take--> sums by window --+ what is stored --> written back, for each resolution
//!                     `------> what counts for objectives, versions that were never seen
//! ```
//!
//! One merger works at a time among all replicas, under an advisory lock. In one transaction it takes a bounded number of deltas out, reads
//! the windows that they belong to, adds them up (histograms are merged here, not in SQL), and writes the windows back. What it takes
//! out is counted for the objectives in the same transaction, and versions that were never seen are noted.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use pointsman_domain::rollup::Resolution;

use super::edges::Edges;
use super::series::Series;
use super::table::{Figures, Table, Value, Values};
use crate::connect::{Store, Tx};
use crate::error::StoreError;
use crate::lock::{self, LoopName};
use crate::partition;
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
        let series = fold::<Series>(&mut tx).await?;
        counting.add(&series);
        super::versions::note(&mut tx, &series).await?;
        let edges = fold::<Edges>(&mut tx).await?;
        counting.add(&edges);
        counting.write(&mut tx).await?;
        super::errors::fold(&mut tx).await?;
        fold_unpaired(&mut tx).await?;
        tx.commit().await?;
        stats.series += series.len() as u64;
        stats.edges += edges.len() as u64;
        if series.len().max(edges.len()) < ROWS as usize {
            return Ok(stats);
        }
    }
}

/// Folds deltas of a table into its windows of every resolution; answers them.
async fn fold<T: Table>(tx: &mut Tx) -> Result<Vec<Figures<T>>, StoreError> {
    let deltas = T::take(tx, ROWS).await?;
    for resolution in Resolution::ALL {
        add::<T>(tx, resolution, sum::<T>(resolution, &deltas)).await?;
    }
    Ok(deltas)
}

/// Deltas by the window of a resolution that they belong to.
fn sum<T: Table>(resolution: Resolution, deltas: &[Figures<T>]) -> Vec<Figures<T>> {
    let mut windows: HashMap<(u64, T::Key), T::Value> = HashMap::new();
    for (window_ns, key, value) in deltas {
        match windows.entry((resolution.floor(*window_ns), key.clone())) {
            Entry::Occupied(mut window) => window.get_mut().merge(value),
            Entry::Vacant(window) => {
                window.insert(value.clone());
            }
        }
    }
    let windows = windows.into_iter();
    windows
        .map(|((window_ns, key), value)| (window_ns, key, value))
        .collect()
}

/// Adds to the windows of a resolution.
async fn add<T: Table>(tx: &mut Tx, resolution: Resolution, mut windows: Vec<Figures<T>>) -> Result<(), StoreError> {
    if windows.is_empty() {
        return Ok(());
    }
    let starts = windows.iter().map(|(window_ns, ..)| *window_ns);
    partition::ensure(&tx.store, T::scheme(resolution), starts).await?;
    let mut keys = T::Keys::default();
    for (window_ns, key, _) in &windows {
        T::push(&mut keys, *window_ns, key);
    }
    for (at, stored) in T::stored(tx, resolution, &keys).await? {
        windows[at].2.merge(&stored);
    }
    let mut values = Values::<T>::default();
    for (_, _, value) in &windows {
        value.push(&mut values)?;
    }
    let written = T::write(tx, resolution, &keys, &values).await;
    written.inspect_err(|_| tx.store.known.forget_all())
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
