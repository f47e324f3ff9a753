//! Both sides of a call with one span id, as Zipkin's B3 has it: each is kept, and the edge is counted once, in whatever order, pieces and
//! slots they come.

use std::collections::{BTreeMap, HashMap};

use pointsman_domain::ids::TraceId;
use pointsman_domain::rollup::{Counts, Delta};
use pointsman_domain::segment::Half;
use pointsman_domain::telemetry::{Batch, Span, SpanBatch, SpanKind};
use pointsman_transform::{OperationBound, merge, pairing, transform, transform_after, waterfall};

use crate::build::{id, span, spans, trace};

type Sent = Vec<(&'static str, Vec<Span>)>;

/// Plays the workers over two slots: the first `cut` pieces lie in the first slot, which settles while the second is there; the second
/// settles when the first is gone. Answers the edges with their calls and milliseconds, and what found no partner.
fn play(pieces: &[Batch], cut: usize) -> (BTreeMap<String, (u64, u64)>, (u64, u64)) {
    let mut known: HashMap<TraceId, Vec<Half>> = HashMap::new();
    let mut delta = Delta::default();
    let mut slots = [Vec::new(), Vec::new()];
    for (at, piece) in pieces.iter().enumerate() {
        let mut made = transform(vec![piece.clone()], &OperationBound::default());
        let repeated = pairing::repeated(&known, &made.traces);
        if !repeated.is_empty() {
            made = transform_after(made.into_batches(), &repeated, &OperationBound::default());
        }
        pairing::complete(&known, &mut made.traces, &mut delta);
        for fragment in &made.traces {
            known
                .entry(fragment.trace_id)
                .or_default()
                .extend(fragment.halves.iter().cloned());
        }
        slots[usize::from(at >= cut)].extend(made.traces);
    }
    let [first, second] = slots.map(merge::fragments);
    if let Some(first) = &first {
        let elsewhere = second.as_ref().map_or(&[][..], |second| second.halves.as_slice());
        // Who needs nothing is not asked.
        let elsewhere = if pairing::needs_elsewhere(first) {
            elsewhere
        } else {
            &[]
        };
        pairing::settle(first, elsewhere, &mut delta);
    }
    if let Some(second) = &second {
        pairing::settle(second, &[], &mut delta);
    }
    let mut sums: BTreeMap<String, Counts> = BTreeMap::new();
    for ((_, key), counts) in &delta.edges {
        sums.entry(format!("{} -> {}", key.source.name, key.target.name))
            .or_default()
            .merge(counts);
    }
    let edges = sums
        .into_iter()
        .map(|(edge, counts)| (edge, (counts.requests, counts.duration_sum_ns / 1_000_000)));
    (edges.collect(), (delta.unpaired_clients, delta.unpaired_servers))
}

/// All orders of these.
fn orders<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    (0..items.len())
        .flat_map(|first| {
            let mut rest = items.to_vec();
            let first = rest.remove(first);
            orders(&rest).into_iter().map(move |mut order| {
                order.insert(0, first.clone());
                order
            })
        })
        .collect()
}

fn singles(sent: &Sent) -> Vec<Batch> {
    let one = |(service, list): &(&'static str, Vec<Span>)| {
        let (service, list) = (*service, list.clone());
        list.into_iter().map(move |span| spans(service, vec![span]))
    };
    sent.iter().flat_map(one).collect()
}

/// zip-a: server 1 > client 2; zip-b: server 2 > work 3.
fn zipkin() -> Sent {
    use SpanKind::{Client, Internal, Server};
    vec![
        ("zip-a", vec![span(1, 0, Server, 0, 100), span(2, 1, Client, 5, 95)]),
        ("zip-b", vec![span(2, 1, Server, 10, 90), span(3, 2, Internal, 20, 80)]),
    ]
}

/// The two sides, none of which has a parent.
fn bare() -> Sent {
    vec![
        ("zip-a", vec![span(2, 0, SpanKind::Client, 5, 95)]),
        (
            "zip-b",
            vec![
                span(2, 0, SpanKind::Server, 10, 90),
                span(3, 2, SpanKind::Internal, 20, 80),
            ],
        ),
    ]
}

#[test]
fn the_edge_is_counted_once_with_the_callers_figures_in_any_order_and_slots() {
    for sent in [zipkin(), bare()] {
        for order in orders(&singles(&sent)) {
            for cut in 0..=order.len() {
                let (edges, unpaired) = play(&order, cut);
                assert_eq!(
                    edges,
                    BTreeMap::from([("zip-a -> zip-b".to_owned(), (1, 90))]),
                    "{order:#?} cut at {cut}"
                );
                assert_eq!(unpaired, (0, 0), "{order:#?} cut at {cut}");
            }
        }
        // In one request, and sent twice.
        let whole: Vec<Batch> = sent
            .iter()
            .map(|(service, list)| spans(service, list.clone()))
            .collect();
        let twice = [whole.clone(), whole].concat();
        for cut in 0..=twice.len() {
            let (edges, _) = play(&twice, cut);
            assert_eq!(
                edges,
                BTreeMap::from([("zip-a -> zip-b".to_owned(), (1, 90))]),
                "cut at {cut}"
            );
        }
    }
}

#[test]
fn each_call_of_a_chain_is_counted_once() {
    use SpanKind::{Client, Server};
    let a = spans("a", vec![span(1, 0, Server, 0, 100), span(2, 1, Client, 5, 95)]);
    let b = spans("b", vec![span(2, 1, Server, 10, 90), span(3, 2, Client, 15, 85)]);
    let c = spans("c", vec![span(3, 2, Server, 20, 80)]);
    for order in orders(&[("a", a), ("b", b), ("c", c)]) {
        let names: Vec<&str> = order.iter().map(|(name, _)| *name).collect();
        let pieces: Vec<Batch> = order.iter().map(|(_, piece)| piece.clone()).collect();
        for cut in 0..=pieces.len() {
            let (mut edges, unpaired) = play(&pieces, cut);
            // What lies between is not known yet when both ends are there: they look like the two sides of one call, and are counted as such.
            if names[2] == "b" {
                assert_eq!(edges.remove("a -> c"), Some((1, 90)), "{names:?}");
            }
            let expected = [("a -> b", (1, 90)), ("b -> c", (1, 70))].map(|(edge, counts)| (edge.to_owned(), counts));
            assert_eq!(edges, BTreeMap::from(expected), "{names:?} cut at {cut}");
            assert_eq!(unpaired, (0, 0), "{names:?} cut at {cut}");
        }
    }
}

#[test]
fn both_sides_are_counted_and_a_repeat_of_either_is_not() {
    let requests = |pieces: &[Batch]| {
        let mut known = std::collections::HashSet::new();
        let mut counted = 0;
        for piece in pieces {
            let made = transform_after(vec![piece.clone()], &known, &OperationBound::default());
            counted += made.delta.series.values().map(|counts| counts.requests).sum::<u64>();
            let halves = made.traces.iter().map(|t| (t.trace_id, t.halves.clone())).collect();
            known.extend(pairing::repeated(&halves, &made.traces));
        }
        counted
    };
    let pieces = singles(&bare());
    assert_eq!(requests(&pieces), 2);
    assert_eq!(requests(&[pieces.clone(), pieces].concat()), 2);
    // A proxy that takes part in the same span, of the same kind.
    let proxy = spans("proxy", vec![span(2, 0, SpanKind::Server, 8, 92)]);
    assert_eq!(requests(&[singles(&bare()), vec![proxy]].concat()), 3);
}

fn whole(sent: &[Batch]) -> SpanBatch {
    let mut batch = SpanBatch::default();
    for piece in sent.iter().cloned() {
        let Batch::Spans(piece) = piece else { unreachable!() };
        batch.absorb(piece);
    }
    batch
}

#[test]
fn the_called_side_is_below_the_callers_with_its_children_below_it() {
    let mut sent = zipkin();
    // The client itself has work in its own service below it.
    sent[0].1.push(span(4, 2, SpanKind::Internal, 6, 9));
    for order in orders(&singles(&sent)) {
        let detail = waterfall::build(trace(1), &whole(&order), Vec::new());
        let seen: Vec<_> = detail
            .spans
            .iter()
            .map(|s| (s.service.as_str(), s.span_id, s.kind, s.depth, s.descendants, s.orphan))
            .collect();
        assert_eq!(
            seen,
            [
                ("zip-a", id(1), SpanKind::Server, 0, 4, false),
                ("zip-a", id(2), SpanKind::Client, 1, 3, false),
                ("zip-a", id(4), SpanKind::Internal, 2, 0, false),
                ("zip-b", id(2), SpanKind::Server, 2, 1, false),
                ("zip-b", id(3), SpanKind::Internal, 3, 0, false),
            ]
        );
        // What the caller waited for the called side is not its own.
        assert_eq!(detail.spans[1].self_ns, 90_000_000 - 3_000_000 - 80_000_000);
        assert_eq!(detail.summary.root_service, "zip-a");
    }
}

#[test]
fn without_a_parent_the_caller_is_the_root() {
    for order in orders(&singles(&bare())) {
        let detail = waterfall::build(trace(1), &whole(&order), Vec::new());
        let seen: Vec<_> = detail.spans.iter().map(|s| (s.kind, s.depth)).collect();
        assert_eq!(
            seen,
            [(SpanKind::Client, 0), (SpanKind::Server, 1), (SpanKind::Internal, 2)]
        );
        assert_eq!(detail.summary.root_service, "zip-a");
    }
}
