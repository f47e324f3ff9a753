//! Edges are the same in whatever order and pieces the halves arrive.

use std::collections::{BTreeMap, HashMap};

use pointsman_domain::ids::TraceId;
use pointsman_domain::rollup::{Counts, Delta};
use pointsman_domain::segment::Half;
use pointsman_domain::telemetry::{Batch, SpanKind};
use pointsman_transform::{MAX_TARGETS, OperationBound, TargetBound, merge, pairing, transform};
use proptest::prelude::*;

use crate::build::{span, spans, trace, with};

const QUEUE: &[(&str, &str)] = &[("messaging.system", "kafka"), ("messaging.destination.name", "orders")];

/// storefront -> checkout -> {payments, postgresql/orders, queue orders -> mailer}, and checkout -> bank.example.
fn shop() -> Vec<(&'static str, Vec<pointsman_domain::telemetry::Span>)> {
    use SpanKind::{Client, Consumer, Producer, Server};
    let database = [("db.system.name", "postgresql"), ("db.namespace", "orders")];
    vec![
        (
            "storefront",
            vec![span(1, 0, Server, 0, 100), span(2, 1, Client, 5, 95)],
        ),
        (
            "checkout",
            vec![
                span(3, 2, Server, 10, 90),
                span(4, 3, Client, 15, 30),
                with(span(5, 3, Client, 31, 40), &database),
                with(span(6, 3, Producer, 41, 42), QUEUE),
                with(span(7, 3, Client, 43, 60), &[("server.address", "bank.example")]),
            ],
        ),
        (
            "payments",
            vec![with(
                span(8, 4, Server, 16, 29),
                &[("http.response.status_code", "503")],
            )],
        ),
        ("mailer", vec![with(span(9, 6, Consumer, 70, 80), QUEUE)]),
    ]
}

type Edges = BTreeMap<String, (u64, u64)>;

fn edges(delta: &Delta) -> Edges {
    let mut sums: BTreeMap<String, Counts> = BTreeMap::new();
    for ((_, key), counts) in &delta.edges {
        sums.entry(format!("{} -> {}", key.source.name, key.target.name))
            .or_default()
            .merge(counts);
    }
    sums.into_iter()
        .map(|(edge, counts)| (edge, (counts.requests, counts.duration_sum_ns)))
        .collect()
}

/// Plays the workers: each piece sees the halves that earlier pieces have left; then the slot settles.
fn play(pieces: Vec<Vec<Batch>>) -> Delta {
    let mut known: HashMap<TraceId, Vec<Half>> = HashMap::new();
    let mut total = Delta::default();
    let mut all = Vec::new();
    for piece in pieces {
        let mut made = transform(piece, &OperationBound::default());
        pairing::complete(&known, &mut made.traces, &mut total);
        for fragment in &made.traces {
            known
                .entry(fragment.trace_id)
                .or_default()
                .extend(fragment.halves.iter().cloned());
        }
        all.extend(made.traces);
    }
    let whole = merge::fragments(all).unwrap();
    pairing::settle(&whole, &[], &mut total);
    total
}

#[test]
fn every_kind_of_edge_is_found_with_the_callers_figures() {
    let all = shop().into_iter().map(|(service, s)| spans(service, s)).collect();
    let delta = play(vec![all]);
    let found: Vec<_> = edges(&delta)
        .into_iter()
        .map(|(edge, (calls, ns))| (edge, calls, ns / 1_000_000))
        .collect();
    assert_eq!(
        found,
        [
            ("checkout -> bank.example", 1, 17),
            ("checkout -> orders", 1, 1),
            ("checkout -> payments", 1, 15),
            ("checkout -> postgresql/orders", 1, 9),
            ("orders -> mailer", 1, 10),
            ("storefront -> checkout", 1, 90),
        ]
        .map(|(edge, calls, ms)| (edge.to_owned(), calls, ms))
    );
    assert_eq!((delta.unpaired_clients, delta.unpaired_servers), (0, 0));
}

#[test]
fn halves_without_a_partner_are_counted() {
    let delta = play(vec![vec![
        spans("a", vec![span(1, 0, SpanKind::Client, 0, 5)]),
        spans("b", vec![span(2, 77, SpanKind::Server, 0, 5)]),
    ]]);
    assert_eq!((delta.unpaired_clients, delta.unpaired_servers), (1, 1));
    assert_eq!(edges(&delta), Edges::new());
}

#[test]
fn a_caller_without_client_spans_is_still_seen_once_settled() {
    let delta = play(vec![
        vec![spans("b", vec![span(2, 1, SpanKind::Server, 1, 4)])],
        vec![spans("a", vec![span(1, 0, SpanKind::Server, 0, 5)])],
    ]);
    assert_eq!(
        edges(&delta).into_iter().collect::<Vec<_>>(),
        [("a -> b".to_owned(), (1, 3_000_000))]
    );
}

#[test]
fn a_queue_that_only_one_side_names_is_still_between_them() {
    for (producer, consumer) in [(QUEUE, &[][..]), (&[][..], QUEUE)] {
        let delta = play(vec![
            vec![spans(
                "mailer",
                vec![with(span(2, 1, SpanKind::Consumer, 5, 9), consumer)],
            )],
            vec![spans(
                "shop",
                vec![with(span(1, 0, SpanKind::Producer, 0, 1), producer)],
            )],
        ]);
        let names: Vec<_> = edges(&delta).into_keys().collect();
        assert_eq!(names, ["orders -> mailer", "shop -> orders"]);
    }
}

proptest! {
    #[test]
    fn order_and_pieces_do_not_matter(cuts in proptest::collection::vec(0_usize..9, 9), seed in any::<u64>()) {
        let mut singles: Vec<Batch> =
            shop().into_iter().flat_map(|(service, s)| s.into_iter().map(move |one| spans(service, vec![one]))).collect();
        // A shuffle that the seed decides.
        let mut state = seed;
        for i in (1..singles.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            singles.swap(i, (state >> 33) as usize % (i + 1));
        }
        let mut pieces: Vec<Vec<Batch>> = vec![Vec::new(); 9];
        for (batch, cut) in singles.into_iter().zip(cuts) {
            pieces[cut].push(batch);
        }
        let whole = play(vec![shop().into_iter().map(|(service, s)| spans(service, s)).collect()]);
        prop_assert_eq!(edges(&play(pieces)), edges(&whole));
    }
}

#[test]
fn what_settles_in_two_slots_is_settled_once() {
    use SpanKind::{Client, Consumer, Server};
    // The one lies in a slot and the other in the next. The first slot settles while the second is still there, the second when
    // the first is gone: neither half is unpaired, and the edge is counted once.
    let host = [("server.address", "b.internal")];
    let client = || ("a", with(span(1, 0, Client, 0, 5), &host));
    let server = || ("b", span(2, 1, Server, 1, 4));
    let job = || ("a", span(1, 0, Server, 0, 5));
    let consumer = || ("b", span(2, 1, Consumer, 60, 64));
    for (first, second) in [
        (client(), server()),
        (server(), client()),
        (client(), consumer()),
        (job(), server()),
    ] {
        let stored = |(service, span)| transform(vec![spans(service, vec![span])], &OperationBound::default()).traces;
        let mut delta = Delta::default();
        let (mut first, mut second) = (stored(first), stored(second));
        pairing::complete(&HashMap::new(), &mut first, &mut delta);
        let known = HashMap::from([(trace(1), first[0].halves.clone())]);
        pairing::complete(&known, &mut second, &mut delta);
        pairing::settle(&first[0], &second[0].halves, &mut delta);
        // Whether the caller's side of the called one is still to come is not known where its parent made no call.
        let is_open = second[0].halves[0].under.is_some();
        assert_eq!(pairing::needs_elsewhere(&second[0]), is_open);
        pairing::settle(&second[0], &[], &mut delta);
        let found: Vec<_> = edges(&delta)
            .into_iter()
            .map(|(edge, (calls, _))| (edge, calls))
            .collect();
        assert_eq!(found, [("a -> b".to_owned(), 1)]);
        assert_eq!((delta.unpaired_clients, delta.unpaired_servers), (0, 0));
    }
}

#[test]
fn hosts_beyond_the_bound_are_one_station() {
    let bound = TargetBound::default();
    let call = |host: usize| {
        let host = host.to_string();
        let name = [("server.address", host.as_str())];
        let made = transform(
            vec![spans("a", vec![with(span(1, 0, SpanKind::Client, 0, 5), &name)])],
            &OperationBound::default(),
        );
        let mut delta = Delta::default();
        pairing::settle(&made.traces[0], &[], &mut delta);
        delta
    };
    // Those of before a start come first.
    bound.seed((0..MAX_TARGETS).flat_map(|host| call(host).edges.into_keys().map(|(_, key)| key)));
    let named = |host: usize| {
        let mut delta = call(host);
        bound.bound(&mut delta);
        edges(&delta)
    };
    assert_eq!(named(0).into_keys().collect::<Vec<_>>(), ["a -> 0"]);
    assert_eq!(
        named(MAX_TARGETS),
        Edges::from([("a -> (other hosts)".to_owned(), (1, 5_000_000))])
    );
    assert_eq!(
        named(MAX_TARGETS + 1).into_keys().collect::<Vec<_>>(),
        ["a -> (other hosts)"]
    );
}
