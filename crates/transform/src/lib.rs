//! TRANSFORM: what follows from data over time, as functions of their arguments.
//!
//! ```text
//! batches -> transform() -> fragments (one a trace, one a service for logs) + Delta (counts)
//!            pairing::repeated()  spans that another request brought before
//!            pairing::complete()  edges of the calls that the new halves complete
//! slot    -> merge::*              whole segments of what has settled
//!            pairing::settle()    what found no partner
//! figures -> evidence::*           how services, versions, nodes and edges are, and since when
//! status  -> alerting::steps()     which alerts begin, go on and end
//! trace   -> waterfall::build()    what the trace page shows
//! ```
//!
//! Words and the arithmetic of one value, which the browser needs too, are `domain`'s. Here is what needs many of them to conclude something.
//!
//! Invariant: pure. The same input gives the same output, whatever the clock and the order of arrival. (Names beyond a bound are the
//! exception: which come first decides.)

mod aggregate;
pub mod alerting;
pub mod evidence;
mod fragment;
pub mod merge;
pub mod pairing;
mod targets;
mod terms;
pub mod waterfall;

pub use aggregate::{MAX_ERROR_KEYS, MAX_OPERATIONS, OTHER_ERRORS, OTHER_OPERATIONS, OperationBound};
pub use targets::{MAX_TARGETS, TargetBound};

use std::collections::HashSet;

use pointsman_domain::Text;
use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::rollup::Delta;
use pointsman_domain::segment::{LogFragment, TraceFragment};
use pointsman_domain::telemetry::{Batch, Resource, Span, SpanBatch, SpanKind};

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

/// A span in all that was ever sent: its ids, its kind and its service. The two sides of one call have one span id in systems that share
/// it (Zipkin's B3), and so have the proxies between them.
pub type SpanKey = (TraceId, SpanId, SpanKind, Text);

impl Transformed {
    /// The batches that this was made of, grouped otherwise: to be transformed again.
    pub fn into_batches(self) -> Vec<Batch> {
        let traces = self.traces.into_iter().map(|trace| Batch::Spans(trace.batch));
        traces
            .chain(self.logs.into_iter().map(|logs| Batch::Logs(logs.batch)))
            .collect()
    }
}

fn key(span: &Span, resources: &[Resource]) -> SpanKey {
    let service = resources[span.resource as usize].service.clone();
    (span.trace_id, span.span_id, span.kind, service)
}

/// Groups and counts what arrived. A span that came several times is kept each time and counted once. `bound` remembers, from call to call,
/// which operation names a service has.
pub fn transform(batches: Vec<Batch>, bound: &OperationBound) -> Transformed {
    transform_after(batches, &HashSet::new(), bound)
}

/// The same, after others: spans that are `known` to have come before are kept, and not counted again.
#[allow(clippy::implicit_hasher, reason = "there is one set that this is called with")]
pub fn transform_after(batches: Vec<Batch>, known: &HashSet<SpanKey>, bound: &OperationBound) -> Transformed {
    let mut delta = Delta::default();
    let (mut spans, mut repeated, mut records) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for batch in batches {
        match batch {
            Batch::Spans(mut batch) => {
                let resources = &batch.resources;
                let is_again = |span: &mut Span| {
                    let key = key(span, resources);
                    known.contains(&key) || !seen.insert(key)
                };
                let again: Vec<Span> = batch.spans.extract_if(.., is_again).collect();
                if !again.is_empty() {
                    repeated.push(SpanBatch {
                        resources: batch.resources.clone(),
                        scopes: batch.scopes.clone(),
                        spans: again,
                    });
                }
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
        traces: fragment::traces(spans, repeated),
        logs: fragment::logs(records),
        delta,
    }
}
