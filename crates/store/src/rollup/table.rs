//! What the tables of figures have in common: each has deltas, which are appended, and windows of every resolution, into which they are
//! folded. A table names its key and its statements; how they are used stands once, in [`super::append`] and [`super::merge`].

use std::hash::Hash;

use pointsman_domain::rollup::{Counts, Resolution};
use pointsman_domain::telemetry::UnixNanos;

use super::columns::CountColumns;
use crate::connect::Tx;
use crate::error::StoreError;
use crate::partition::Scheme;

/// The start of a window, of whom something was counted, and what.
pub(super) type Figures<T> = (UnixNanos, <T as Table>::Key, <T as Table>::Value);

/// The columns of a table's values.
pub(super) type Values<T> = <<T as Table>::Value as Value>::Columns;

/// What is counted in a window, and can be added up.
pub(super) trait Value: Clone {
    /// Many of them.
    type Columns: Default;

    /// Adds another.
    fn merge(&mut self, other: &Self);

    /// Adds one to its columns.
    fn push(&self, columns: &mut Self::Columns) -> Result<(), StoreError>;
}

/// A table of figures.
pub(super) trait Table {
    /// Of whom something is counted.
    type Key: Clone + Eq + Hash;
    /// What is.
    type Value: Value;
    /// The columns that tell a row: the window's start, and the key.
    type Keys: Default;

    /// How the windows of a resolution are partitioned.
    fn scheme(resolution: Resolution) -> Scheme;

    /// Adds a row to the columns.
    fn push(keys: &mut Self::Keys, window_ns: UnixNanos, key: &Self::Key);

    /// Inserts deltas.
    async fn append(tx: &mut Tx, keys: &Self::Keys, values: &Values<Self>) -> Result<(), StoreError>;

    /// Takes the oldest deltas out, at most so many.
    async fn take(tx: &mut Tx, most: i64) -> Result<Vec<Figures<Self>>, StoreError>;

    /// What the windows of these keys have so far, each with its place among the keys; nothing of those that are not there yet.
    async fn stored(
        tx: &mut Tx,
        resolution: Resolution,
        keys: &Self::Keys,
    ) -> Result<Vec<(usize, Self::Value)>, StoreError>;

    /// Writes windows, in place of what they had.
    async fn write(
        tx: &mut Tx,
        resolution: Resolution,
        keys: &Self::Keys,
        values: &Values<Self>,
    ) -> Result<(), StoreError>;
}

impl Value for Counts {
    type Columns = CountColumns;

    fn merge(&mut self, other: &Self) {
        Self::merge(self, other);
    }

    fn push(&self, columns: &mut CountColumns) -> Result<(), StoreError> {
        columns.push(self)
    }
}
