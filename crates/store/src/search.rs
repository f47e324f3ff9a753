//! Search: the index narrows by columns and terms, the spans and records themselves decide.
//!
//! Every query names a span of time, at most [`STEP_NS`] of it, so that it opens few partitions: each takes a lock for itself and for each of
//! its indexes, and a database has room for some thousands. A search over a longer range goes down in steps, each as of one moment.

mod logs;
mod matches;
mod traces;

use pointsman_domain::rollup::SECOND_NS;

pub use logs::{LogHit, LogHits, logs};
pub use traces::{MAX_CANDIDATES, MAX_SPANS, StoredTrace, TraceHit, TraceHits, trace, traces, traces_as};

use crate::error::StoreError;
use crate::segment;

/// How much time one query goes through: a day, which is 24 partitions.
const STEP_NS: u64 = 24 * 3600 * SECOND_NS;

/// The slots that are not compacted, as the queries name them. To be asked in the snapshot that they are read in.
async fn live(conn: &mut crate::Connection) -> Result<Vec<i64>, StoreError> {
    let slots = segment::live(conn).await?;
    Ok(slots.into_iter().map(|slot| slot.0).collect())
}

/// Where the step that ends at `until_ns` begins, in a range from `from_ns` on.
fn step_down(until_ns: u64, from_ns: u64) -> u64 {
    until_ns.saturating_sub(STEP_NS).max(from_ns)
}
