//! Figures: appended as deltas by workers, folded into windows of 10 s, 1 min and 1 h by the merger, summed by readers.
//!
//! ```text
//! Delta --append--> series_delta, edge_delta --merge--> series, edge --read--> sums, a piece of the range at a time
//!                                                |
//!                                                `----> counts of objectives, versions seen
//! ```
//!
//! A `table::Table` is what the merger folds: `series` and `edges` each name their key and their statements.

mod append;
mod columns;
mod edges;
mod errors;
mod merge;
mod pieces;
mod read;
mod series;
mod table;
mod versions;

pub use append::append_delta;
pub(crate) use columns::counts;
pub use errors::{MAX_ERRORS, errors};
pub use merge::{MergeStats, merge};
pub use pieces::{Frame, MAX_ROWS, MAX_SUMS};
pub use read::{EdgeReader, MAX_NODES, SeriesReader, last_seen, nodes, operations, services, targets, unpaired};
pub use versions::versions_seen;
