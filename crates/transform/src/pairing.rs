//! Topology edges from the two sides of each call, which arrive in any order, in different batches, at different replicas.
//!
//! A caller's half (client, producer) and a called half (server, consumer) belong together where the called one's
//! parent is the caller's span, or where both have the same id, as Zipkin's B3 lets them. [`complete`] counts a pair when its second half arrives, so each is counted once as long as
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
        let sides = Sides::of(known.iter().chain(halves));
        let known_callers = ids(known, Half::is_caller);
        let new_callers: HashSet<SpanId> = &ids(halves, Half::is_caller) - &known_callers;
        // The spans that were called by, or are called themselves, in a pair.
        let mut paired: HashSet<(SpanId, bool)> = HashSet::new();
        let mut under: HashMap<SpanId, Endpoint> = HashMap::new();
        for half in halves {
            named_by(half, delta);
            if let Some(caller) = sides.caller_of(half) {
                pair(caller, half, delta);
                paired.extend([(caller.span_id, true), (half.span_id, false)]);
            } else if let Some(parent) = parent_without_call(half, known) {
                under.insert(half.span_id, service(parent));
            }
        }
        for half in known {
            if let Some(caller) = sides.caller_of(half)
                && new_callers.contains(&caller.span_id)
                && !(half.paired && same_edge(half, caller, known))
            {
                pair(caller, half, delta);
                paired.insert((caller.span_id, true));
            }
        }
        for half in &mut fragment.halves {
            half.paired |= paired.contains(&(half.span_id, half.is_caller()));
            if half.is_called() {
                half.under = under.get(&half.span_id).cloned();
            }
        }
    }
}

/// The halves of a trace by what they are to each other.
struct Sides<'a> {
    callers: HashMap<SpanId, &'a Half>,
    called: HashSet<SpanId>,
}

impl<'a> Sides<'a> {
    fn of(halves: impl Iterator<Item = &'a Half>) -> Self {
        let mut sides = Self {
            callers: HashMap::new(),
            called: HashSet::new(),
        };
        for half in halves {
            if half.is_caller() {
                sides.callers.insert(half.span_id, half);
            } else if half.is_called() {
                sides.called.insert(half.span_id);
            }
        }
        sides
    }

    /// The half that called this one: the caller's side with the same id, where they share it; else the parent, unless that id is shared and
    /// so answered already: what is below it is below its called side.
    fn caller_of(&self, half: &Half) -> Option<&'a Half> {
        if !half.is_called() {
            return None;
        }
        let parent = || half.parent.filter(|parent| !self.called.contains(parent));
        let shared = self.callers.get(&half.span_id);
        shared.or_else(|| self.callers.get(&parent()?)).copied()
    }
}

/// Whether the known half was paired with its parent before the side came that shares its id, and that made the same edge. Where ids are
/// shared over several calls it made another one: the parent's call went to the service between.
fn same_edge(half: &Half, caller: &Half, known: &[Half]) -> bool {
    let parent = known
        .iter()
        .find(|known| known.is_caller() && Some(known.span_id) == half.parent);
    parent.is_none_or(|parent| caller.span_id != half.span_id || parent.service == caller.service)
}

fn ids(halves: &[Half], which: fn(&Half) -> bool) -> HashSet<SpanId> {
    halves
        .iter()
        .filter(|half| which(half))
        .map(|half| half.span_id)
        .collect()
}

/// Of the called half's parent: the half among those known that made no call of its own, in another service. What was stored before may be
/// out of reach when this one's slot settles.
fn parent_without_call<'a>(half: &Half, known: &'a [Half]) -> Option<&'a Half> {
    let parent = half.parent.filter(|_| half.is_called())?;
    known
        .iter()
        .find(|known| known.span_id == parent && !known.is_caller() && known.service != half.service)
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
        let known: HashSet<_> = known
            .iter()
            .map(|half| (half.span_id, half.kind, &half.service))
            .collect();
        let again = fragment
            .halves
            .iter()
            .filter(|half| known.contains(&(half.span_id, half.kind, &half.service)));
        repeated.extend(again.map(|half| (fragment.trace_id, half.span_id, half.kind, half.service.clone())));
    }
    repeated
}

/// Judges what is left of a trace whose slot has settled: `elsewhere` are the trace's halves in other slots.
pub fn settle(trace: &TraceFragment, elsewhere: &[Half], delta: &mut Delta) {
    let all = || trace.halves.iter().chain(elsewhere);
    let sides = Sides::of(all());
    let parents: HashSet<SpanId> = all().filter(|h| !h.is_caller()).filter_map(|h| h.parent).collect();
    for half in trace.halves.iter().filter(|half| !half.paired) {
        if half.is_caller() {
            if parents.contains(&half.span_id) || sides.called.contains(&half.span_id) {
                continue;
            }
            match &half.peer {
                Some(peer) if peer.kind == NodeKind::External => {
                    edge(service(half), peer.clone(), half, delta);
                }
                Some(_) => {}
                None => delta.unpaired_clients += 1,
            }
            continue;
        }
        let Some(parent) = half.parent else { continue };
        let is_paired = match half.under {
            Some(_) => sides.callers.contains_key(&half.span_id),
            None => sides.caller_of(half).is_some(),
        };
        if is_paired {
            continue;
        }
        // A parent that is no caller's side: its service has no client instrumentation, and still called.
        let source = half.under.clone();
        match source
            .or_else(|| here(parent, trace))
            .or_else(|| there(parent, elsewhere))
        {
            Some(source) if source.name != half.service => edge(source, service(half), half, delta),
            Some(_) => {}
            None if half.peer.is_some() => {}
            None => delta.unpaired_servers += 1,
        }
    }
}

/// The service of the span with this id in the trace; of its called side, where both sides have the id.
fn here(id: SpanId, trace: &TraceFragment) -> Option<Endpoint> {
    let spans = trace.batch.spans.iter().filter(|span| span.span_id == id);
    let span = spans.min_by_key(|span| span.kind.is_caller())?;
    let resource = trace.batch.resource(span);
    Some(Endpoint {
        kind: NodeKind::Service,
        name: resource.service.clone(),
        version: resource.version.clone(),
    })
}

/// The same among halves.
fn there(id: SpanId, halves: &[Half]) -> Option<Endpoint> {
    let halves = halves.iter().filter(|half| half.span_id == id);
    halves.min_by_key(|half| half.is_caller()).map(service)
}

/// Whether any half of the trace has no partner within the trace itself, so that [`settle`] needs to know the rest.
pub fn needs_elsewhere(trace: &TraceFragment) -> bool {
    let sides = Sides::of(trace.halves.iter());
    let parents: HashSet<SpanId> = trace
        .halves
        .iter()
        .filter(|half| !half.is_caller())
        .filter_map(|half| half.parent)
        .collect();
    let mut open = trace.halves.iter().filter(|half| !half.paired);
    open.any(|half| {
        if half.is_caller() {
            let answered = parents.contains(&half.span_id) || sides.called.contains(&half.span_id);
            !answered && half.peer.as_ref().is_none_or(|p| p.kind == NodeKind::External)
        } else if let Some(parent) = half.parent {
            // Below a span of its own service it is no edge, whoever else has its id.
            let own = half.under.is_none() && here(parent, trace).is_some_and(|above| above.name == half.service);
            !own && sides.caller_of(half).is_none()
        } else {
            false
        }
    })
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
