//! Objectives: what is promised, what is counted of it, how it stands, who was called, and what is to be sent.
//!
//! ```text
//! merger's transaction --> slo_count --[ evaluator ]--> slo_status, alert, outbox --[ sender ]--> channels
//! recorded rollups --[ recount, under the merger's lock ]--^
//! ```
//!
//! Counting is exactly once: what the merger takes out of the deltas it adds to the counts in the same transaction, and a recount reads
//! the merged windows while no merge runs, a piece at a time: the merger counts from where the recount has come to.

pub mod alerts;
pub mod channels;
mod count;
mod counting;
pub mod exclusions;
pub mod failures;
pub mod objectives;
pub mod outbox;
pub mod policies;
mod recorded;
mod recount;
pub mod silences;
pub mod status;

pub use count::{Row, bad_hours, counts_of, kept, sums};
pub(crate) use counting::Counting;
pub use recorded::{Whose, recorded, recorded_parts};
pub use recount::{recount_excluded, recount_piece};

use crate::error::StoreError;

/// A value as the database keeps it.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::corrupt)
}

/// A value that the database kept.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(StoreError::corrupt)
}
