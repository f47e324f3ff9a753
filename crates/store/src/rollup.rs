//! Figures: appended as deltas by workers, folded into windows of 10 s, 1 min and 1 h by the merger, summed by readers.

mod append;
mod columns;
mod errors;
mod merge;
mod pieces;
mod read;
mod versions;

pub use append::append_delta;
pub(crate) use columns::counts;
pub use errors::{MAX_ERRORS, errors};
pub use merge::{MergeStats, merge};
pub use pieces::{Frame, MAX_ROWS, MAX_SUMS};
pub use read::{EdgeReader, MAX_NODES, SeriesReader, last_seen, nodes, operations, services, targets, unpaired};
pub use versions::versions_seen;
