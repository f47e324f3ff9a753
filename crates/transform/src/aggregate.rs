//! Counting: which series, error and node each span and record belongs to.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use pointsman_domain::Text;
use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::rollup::{Delta, EXAMPLES, NodeErrorKey, NodeKey, Resolution, SeriesKey};
use pointsman_domain::semconv::{error_text, is_call, is_error, is_request, level};
use pointsman_domain::telemetry::{LogBatch, LogSeverity, Resource, SpanBatch, UnixNanos};

/// How many operation names of one service are counted apart. A service that puts ids into span names would
/// otherwise make a series of every request.
pub const MAX_OPERATIONS: usize = 500;

/// How many services have their operation names remembered.
const MAX_SERVICES: usize = 10_000;

/// What operations beyond the bound are counted as.
pub const OTHER_OPERATIONS: &str = "(other operations)";

/// How many different errors one set of batches can bring before the rest is counted as [`OTHER_ERRORS`].
pub const MAX_ERROR_KEYS: usize = 2000;

/// What errors beyond the bound are counted as.
pub const OTHER_ERRORS: &str = "(other errors)";

/// The operation names of each service, the first [`MAX_OPERATIONS`] of them and those that are named. One is for all workers of a process:
/// each takes it for a moment at each span.
#[derive(Debug, Default)]
pub struct OperationBound {
    known: RwLock<HashMap<Text, HashSet<Text>>>,
    named: RwLock<HashMap<Text, HashSet<Text>>>,
}

impl OperationBound {
    /// Admits operations that were counted before: `(service, operation)`.
    pub fn seed(&self, known: impl IntoIterator<Item = (Text, Text)>) {
        for (service, operation) in known {
            if operation != OTHER_OPERATIONS {
                self.admit(&service, &operation);
            }
        }
    }

    /// Admits these from now on, whatever else there is, and no others in this way: `(service, operation)`.
    pub fn always(&self, named: impl IntoIterator<Item = (Text, Text)>) {
        let mut operations: HashMap<Text, HashSet<Text>> = HashMap::new();
        for (service, operation) in named {
            operations.entry(service).or_default().insert(operation);
        }
        *self.named.write().unwrap_or_else(PoisonError::into_inner) = operations;
    }

    fn is_named(&self, service: &Text, operation: &Text) -> bool {
        let named = self.named.read().unwrap_or_else(PoisonError::into_inner);
        named.get(service).is_some_and(|named| named.contains(operation))
    }

    /// The name to count this operation under.
    fn admit(&self, service: &Text, operation: &Text) -> Text {
        if self.is_named(service, operation) {
            return operation.clone();
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(service) {
            if known.contains(operation) {
                return operation.clone();
            }
            if known.len() >= MAX_OPERATIONS {
                return Text::const_new(OTHER_OPERATIONS);
            }
        }
        drop(known);
        let mut services = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if services.len() >= MAX_SERVICES && !services.contains_key(service) {
            return Text::const_new(OTHER_OPERATIONS);
        }
        let known = services.entry(service.clone()).or_default();
        // Another worker may have been here in between.
        if known.len() < MAX_OPERATIONS || known.contains(operation) {
            known.insert(operation.clone());
            return operation.clone();
        }
        Text::const_new(OTHER_OPERATIONS)
    }
}

/// Counts spans: requests served and calls made by series, failures by node, nodes heard of.
pub(crate) fn spans(batch: &SpanBatch, bound: &OperationBound, delta: &mut Delta) {
    let mut heard: Vec<Option<(UnixNanos, UnixNanos)>> = vec![None; batch.resources.len()];
    for span in &batch.spans {
        extend(&mut heard[span.resource as usize], span.start_ns, span.end_ns);
        if !is_request(span) && !is_call(span) {
            continue;
        }
        let resource = batch.resource(span);
        let error = is_error(span);
        let window = Resolution::TenSeconds.floor(span.end_ns);
        let operation = bound.admit(&resource.service, &span.name);
        if error {
            let key = error_key(resource, operation.clone(), &error_text(span), false);
            count_error(
                delta,
                window,
                key,
                span.end_ns,
                Some((span.trace_id, Some(span.span_id))),
            );
        }
        let key = SeriesKey {
            service: resource.service.clone(),
            version: resource.version.clone(),
            instance: resource.instance.clone(),
            operation,
            kind: span.kind,
        };
        delta
            .series
            .entry((window, key))
            .or_default()
            .record(span.duration_ns(), error);
    }
    note_nodes(&batch.resources, &heard, delta);
}

/// Counts log records: those of severity ERROR or worse as failures of their node, and nodes heard of.
pub(crate) fn logs(batch: &LogBatch, delta: &mut Delta) {
    let mut heard: Vec<Option<(UnixNanos, UnixNanos)>> = vec![None; batch.resources.len()];
    for record in &batch.records {
        extend(&mut heard[record.resource as usize], record.time_ns, record.time_ns);
        if record.severity < LogSeverity::ERROR {
            continue;
        }
        let scope = batch.scopes[record.scope as usize].name.clone();
        let exception = record.attributes.first_str(&["exception.type"]);
        let text = exception.map_or_else(|| record.body.to_string(), |kind| format!("{kind}: {}", record.body));
        let key = error_key(batch.resource(record), scope, &text, true);
        let window = Resolution::TenSeconds.floor(record.time_ns);
        count_error(
            delta,
            window,
            key,
            record.time_ns,
            record.trace_id.map(|trace| (trace, record.span_id)),
        );
    }
    note_nodes(&batch.resources, &heard, delta);
}

fn extend(seen: &mut Option<(UnixNanos, UnixNanos)>, from: UnixNanos, to: UnixNanos) {
    *seen = Some(seen.map_or((from, to), |(first, last)| (first.min(from), last.max(to))));
}

fn note_nodes(resources: &[Resource], heard: &[Option<(UnixNanos, UnixNanos)>], delta: &mut Delta) {
    for (resource, (from, to)) in resources
        .iter()
        .zip(heard)
        .filter_map(|(r, seen)| seen.map(|seen| (r, seen)))
    {
        let key = NodeKey {
            service: resource.service.clone(),
            version: resource.version.clone(),
            instance: resource.instance.clone(),
        };
        let seen = delta.nodes.entry(key).or_insert((from, to));
        *seen = (seen.0.min(from), seen.1.max(to));
    }
}

fn error_key(resource: &Resource, operation: Text, error: &str, from_log: bool) -> NodeErrorKey {
    NodeErrorKey {
        service: resource.service.clone(),
        version: resource.version.clone(),
        instance: resource.instance.clone(),
        operation,
        error: level(error),
        from_log,
    }
}

fn count_error(
    delta: &mut Delta,
    window: UnixNanos,
    mut key: NodeErrorKey,
    at: UnixNanos,
    example: Option<(TraceId, Option<SpanId>)>,
) {
    if delta.errors.len() >= MAX_ERROR_KEYS {
        key.error = Text::const_new(OTHER_ERRORS);
    }
    let entry = delta.errors.entry((window, key)).or_default();
    entry.count += 1;
    entry.last_ns = entry.last_ns.max(at);
    if let Some(example) = example.filter(|_| entry.examples.len() < EXAMPLES) {
        entry.examples.push(example);
    }
}
