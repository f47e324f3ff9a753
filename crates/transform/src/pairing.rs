//! Topology edges from the two sides of each call, which arrive in any order, in different batches, at different replicas.
//!
//! A caller's half (client, producer) and a called half (server, consumer) belong together where the called one's
//! parent is the caller's span. [`complete`] counts a pair when its second half arrives, so each is counted once as long as
//! whoever calls it sees all halves that were committed before. An edge's figures are the caller's: what it waited, what it got.
//!
//! Some edges need no partner. A client span that names a database, and a producer or consumer that names its queue, is an
//! edge by itself, at once. What has found no partner when its slot settles ([`settle`]) is an edge to the external
//! host that it names, or is counted as unpaired. Calls of a service to itself are no edge.

use std::collections::{HashMap, HashSet};

use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::rollup::{Delta, EdgeKey, Endpoint, NodeKind, Resolution};
use pointsman_domain::segment::{Half, TraceFragment};
use pointsman_domain::telemetry::SpanKind;

use crate::SpanKey;

/// Adds the edges that the halves of `new` complete, with each other and with those `known` from before, and the
/// edges to databases and queues that a new half names. Marks the new halves that it paired: one that is second to commit knows by
/// itself that it is counted; one that was first finds its partner in the same slot or a later one when it settles.
#[allow(clippy::implicit_hasher, reason = "there is one map that this is called with")]
pub fn complete(known: &HashMap<TraceId, Vec<Half>>, new: &mut [TraceFragment], delta: &mut Delta) {
    for fragment in new {
        let known = known.get(&fragment.trace_id).map_or(&[][..], Vec::as_slice);
        let halves = &fragment.halves;
        let callers = callers(known.iter().chain(halves));
        let new_callers = self::callers(halves.iter());
        // The spans that were called by, or are called themselves, in a pair.
        let mut paired: HashSet<(SpanId, bool)> = HashSet::new();
        for half in halves {
            named_by(half, delta);
            if let Some(caller) = partner(half, &callers) {
                pair(caller, half, delta);
                paired.extend([(caller.span_id, true), (half.span_id, false)]);
            } else if let Some(parent) = parent_without_call(half, known) {
                edge(service(parent), service(half), half, delta);
                paired.insert((half.span_id, false));
            }
        }
        for half in known.iter().filter(|half| !half.paired) {
            if let Some(caller) = partner(half, &new_callers) {
                pair(caller, half, delta);
                paired.insert((caller.span_id, true));
            }
        }
        for half in &mut fragment.halves {
            half.paired |= paired.contains(&(half.span_id, is_caller(half)));
        }
    }
}

fn callers<'a>(halves: impl Iterator<Item = &'a Half>) -> HashMap<SpanId, &'a Half> {
    halves
        .filter(|half| is_caller(half))
        .map(|half| (half.span_id, half))
        .collect()
}

/// Of the called half's parent: the half among those known that made no call of its own, in another service. What was stored before may be
/// out of reach when this one's slot settles.
fn parent_without_call<'a>(half: &Half, known: &'a [Half]) -> Option<&'a Half> {
    let parent = half.parent.filter(|_| !is_caller(half))?;
    known
        .iter()
        .find(|known| known.span_id == parent && !is_caller(known) && known.service != half.service)
}

/// The spans of `new` that are `known` from before: another request brought them, and they are counted already. (Only those that
/// count for something are known.)
#[allow(clippy::implicit_hasher, reason = "there is one map that this is called with")]
pub fn repeated(known: &HashMap<TraceId, Vec<Half>>, new: &[TraceFragment]) -> HashSet<SpanKey> {
    let mut repeated = HashSet::new();
    for fragment in new {
        let Some(known) = known.get(&fragment.trace_id) else {
            continue;
        };
        let known: HashSet<(SpanId, SpanKind)> = known.iter().map(|half| (half.span_id, half.kind)).collect();
        let again = fragment
            .halves
            .iter()
            .filter(|half| known.contains(&(half.span_id, half.kind)));
        repeated.extend(again.map(|half| (fragment.trace_id, half.span_id, half.kind)));
    }
    repeated
}

/// Judges what is left of a trace whose slot has settled: `elsewhere` are the trace's halves in other slots.
pub fn settle(trace: &TraceFragment, elsewhere: &[Half], delta: &mut Delta) {
    let all = || trace.halves.iter().chain(elsewhere);
    let callers = callers(all());
    let answered: HashSet<SpanId> = all().filter(|h| !is_caller(h)).filter_map(|h| h.parent).collect();
    let here = |parent: SpanId| {
        let span = trace
            .batch
            .spans
            .iter()
            .find(|span| span.span_id == parent)
            .map(|span| trace.batch.resource(span));
        let half = || {
            elsewhere
                .iter()
                .find(|half| half.span_id == parent)
                .map(|half| (&half.service, &half.version))
        };
        span.map(|resource| (&resource.service, &resource.version))
            .or_else(half)
    };
    for half in trace.halves.iter().filter(|half| !half.paired) {
        if is_caller(half) {
            if answered.contains(&half.span_id) {
                continue;
            }
            match &half.peer {
                Some(peer) if peer.kind == NodeKind::External => {
                    edge(service(half), peer.clone(), half, delta);
                }
                Some(_) => {}
                None => delta.unpaired_clients += 1,
            }
        } else if let Some(parent) = half.parent.filter(|parent| !callers.contains_key(parent)) {
            // A parent that is no caller's side: its service has no client instrumentation, and still called.
            match here(parent) {
                Some((name, version)) if *name != half.service => {
                    let source = Endpoint {
                        kind: NodeKind::Service,
                        name: name.clone(),
                        version: version.clone(),
                    };
                    edge(source, service(half), half, delta);
                }
                Some(_) => {}
                None if half.peer.is_some() => {}
                None => delta.unpaired_servers += 1,
            }
        }
    }
}

/// Whether any half of the trace has no partner within the trace itself, so that [`settle`] needs to know the rest.
pub fn needs_elsewhere(trace: &TraceFragment) -> bool {
    let ids: HashSet<SpanId> = trace.batch.spans.iter().map(|span| span.span_id).collect();
    let answered: HashSet<SpanId> = trace
        .halves
        .iter()
        .filter(|h| !is_caller(h))
        .filter_map(|h| h.parent)
        .collect();
    trace.halves.iter().filter(|half| !half.paired).any(|half| {
        if is_caller(half) {
            !answered.contains(&half.span_id) && half.peer.as_ref().is_none_or(|p| p.kind == NodeKind::External)
        } else {
            half.parent.is_some_and(|parent| !ids.contains(&parent))
        }
    })
}

fn is_caller(half: &Half) -> bool {
    matches!(half.kind, SpanKind::Client | SpanKind::Producer)
}

fn partner<'a>(half: &Half, callers: &HashMap<SpanId, &'a Half>) -> Option<&'a Half> {
    if is_caller(half) {
        None
    } else {
        callers.get(&half.parent?).copied()
    }
}

/// The edge that a half is by itself.
fn named_by(half: &Half, delta: &mut Delta) {
    match (&half.peer, half.kind) {
        (Some(peer), SpanKind::Client | SpanKind::Producer) if peer.kind != NodeKind::External => {
            edge(service(half), peer.clone(), half, delta);
        }
        (Some(queue), SpanKind::Consumer) => edge(queue.clone(), service(half), half, delta),
        _ => {}
    }
}

/// The edge that two halves are together, as far as neither is one by itself.
fn pair(caller: &Half, called: &Half, delta: &mut Delta) {
    let named = |half: &Half| half.peer.clone().filter(|peer| peer.kind != NodeKind::External);
    match (named(caller), named(called)) {
        (None, None) => edge(service(caller), service(called), caller, delta),
        (Some(queue), None) if queue.kind == NodeKind::Queue => edge(queue, service(called), called, delta),
        (None, Some(queue)) => edge(service(caller), queue, caller, delta),
        // Both are edges already; or a database that sends spans itself, which its callers name.
        (Some(_), _) => {}
    }
}

fn service(half: &Half) -> Endpoint {
    Endpoint {
        kind: NodeKind::Service,
        name: half.service.clone(),
        version: half.version.clone(),
    }
}

fn edge(source: Endpoint, target: Endpoint, seen_by: &Half, delta: &mut Delta) {
    if source.kind == target.kind && source.name == target.name {
        return;
    }
    let window = Resolution::TenSeconds.floor(seen_by.end_ns);
    let counts = delta.edges.entry((window, EdgeKey { source, target })).or_default();
    counts.record(seen_by.duration_ns, seen_by.error);
}
