//! TRANSFORM: what a worker makes of the batches it took from the journal, as functions of their arguments.
//!
//! ```text
//! batches -> transform() -> fragments (one a trace, one a service for logs) + Delta (counts)
//!            pairing::complete()  edges of the calls that the new halves complete
//! slot    -> merge::*              whole segments of what has settled
//!            pairing::settle()    what found no partner
//! trace   -> waterfall::build()    what the trace page shows
//! ```
//!
//! Invariant: pure. The same input gives the same output, whatever the clock and the order of arrival.

mod aggregate;
mod fragment;
pub mod merge;
pub mod pairing;
mod terms;
pub mod waterfall;

pub use aggregate::{MAX_ERROR_KEYS, MAX_OPERATIONS, OTHER_ERRORS, OTHER_OPERATIONS, OperationBound};

use pointsman_domain::rollup::Delta;
use pointsman_domain::segment::{LogFragment, TraceFragment};
use pointsman_domain::telemetry::Batch;

/// What a set of batches becomes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transformed {
    /// One a trace, by trace id.
    pub traces: Vec<TraceFragment>,
    /// One a service, by name.
    pub logs: Vec<LogFragment>,
    /// Counts by series, errors and nodes; edges come from [`pairing`].
    pub delta: Delta,
}

/// Groups and counts what arrived. `bound` remembers, from call to call, which operation names a service has.
pub fn transform(batches: Vec<Batch>, bound: &mut OperationBound) -> Transformed {
    let mut delta = Delta::default();
    let (mut spans, mut records) = (Vec::new(), Vec::new());
    for batch in batches {
        match batch {
            Batch::Spans(batch) => {
                aggregate::spans(&batch, bound, &mut delta);
                spans.push(batch);
            }
            Batch::Logs(batch) => {
                aggregate::logs(&batch, &mut delta);
                records.push(batch);
            }
        }
    }
    Transformed {
        traces: fragment::traces(spans),
        logs: fragment::logs(records),
        delta,
    }
}
