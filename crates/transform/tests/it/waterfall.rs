//! Every span is shown once, in its place.

use pointsman_domain::telemetry::{Batch, Span, SpanKind};
use pointsman_transform::waterfall;
use proptest::prelude::*;

use crate::build::{id, span, spans, trace};

fn build(list: Vec<Span>) -> pointsman_domain::read::TraceDetail {
    let Batch::Spans(batch) = spans("a", list) else {
        unreachable!()
    };
    waterfall::build(trace(1), &batch, Vec::new())
}

#[test]
fn order_depth_own_time_and_the_critical_path() {
    use SpanKind::Internal;
    let detail = build(vec![
        span(4, 1, Internal, 50, 90),
        span(1, 0, Internal, 0, 100),
        span(3, 2, Internal, 12, 20),
        span(2, 1, Internal, 10, 40),
        span(5, 1, Internal, 15, 35),
    ]);
    let seen: Vec<_> = detail
        .spans
        .iter()
        .map(|s| (s.span_id, s.depth, s.descendants, s.self_ns / 1_000_000))
        .collect();
    assert_eq!(
        seen,
        [
            (id(1), 0, 4, 30),
            (id(2), 1, 1, 22),
            (id(3), 2, 0, 8),
            (id(5), 1, 0, 20),
            (id(4), 1, 0, 40)
        ]
    );
    let critical: Vec<_> = detail.spans.iter().filter(|s| s.critical).map(|s| s.span_id).collect();
    assert_eq!(critical, [id(1), id(2), id(3), id(4)]);
}

#[test]
fn spans_that_are_each_others_parents_are_still_shown() {
    let detail = build(vec![
        span(1, 2, SpanKind::Internal, 5, 6),
        span(2, 1, SpanKind::Internal, 0, 9),
    ]);
    assert_eq!(
        detail.spans.iter().map(|s| (s.span_id, s.depth)).collect::<Vec<_>>(),
        [(id(2), 0), (id(1), 1)]
    );
    let own = build(vec![span(1, 1, SpanKind::Internal, 0, 1)]);
    assert!(own.spans[0].orphan);
}

/// A call of one service and what another did for it.
fn called(call: Span, answer: Span) -> pointsman_domain::read::TraceDetail {
    let batch = |service, span| match spans(service, vec![span]) {
        Batch::Spans(batch) => batch,
        Batch::Logs(_) => unreachable!(),
    };
    let mut whole = batch("caller", call);
    whole.absorb(batch("called", answer));
    waterfall::build(trace(1), &whole, Vec::new())
}

#[test]
fn clocks_that_differ_are_told_and_the_root_has_its_own_duration() {
    use SpanKind::{Client, Consumer, Internal, Producer, Server};
    let skewed = called(span(1, 0, Client, 7000, 7100), span(2, 1, Server, 0, 80));
    assert_eq!(
        (skewed.summary.duration_ns, skewed.summary.root_duration_ns),
        (7_100_000_000, 100_000_000)
    );
    let ahead = |detail: pointsman_domain::read::TraceDetail| {
        let spans = detail.spans.iter();
        spans.map(|span| span.clock_ahead_ns / 1_000_000).collect::<Vec<_>>()
    };
    let ahead = |call, answer| {
        let all = ahead(called(call, answer));
        all.into_iter().find(|ms| *ms != 0).unwrap_or(0)
    };
    for (call, answer, ms, why) in [
        (
            span(1, 0, Client, 7000, 7100),
            span(2, 1, Server, 0, 80),
            -7000,
            "begins before it is called",
        ),
        (
            span(1, 0, Client, 0, 100),
            span(2, 1, Server, 40, 130),
            30,
            "ends after it has answered",
        ),
        (span(1, 0, Client, 0, 100), span(2, 1, Server, 10, 90), 0, "lies within"),
        (
            span(1, 0, Client, 5, 100),
            span(2, 1, Server, 0, 90),
            0,
            "as near as clocks are kept",
        ),
        (
            span(1, 0, Client, 0, 100),
            span(2, 1, Server, 10, 400),
            0,
            "goes on after it was given up",
        ),
        (
            span(1, 0, Internal, 0, 100),
            span(2, 1, Server, 40, 130),
            0,
            "nobody waits for it",
        ),
        (
            span(1, 0, Producer, 0, 10),
            span(2, 1, Consumer, 500, 505),
            0,
            "is worked on later",
        ),
        (
            span(1, 0, Producer, 500, 510),
            span(2, 1, Consumer, 0, 5),
            -500,
            "is worked on before it is sent",
        ),
    ] {
        assert_eq!(ahead(call, answer), ms, "{why}");
    }
    // What one process says of itself is by one clock.
    let own = build(vec![span(1, 0, Client, 7000, 7100), span(2, 1, Server, 0, 80)]);
    assert!(own.spans.iter().all(|span| span.clock_ahead_ns == 0));
}

proptest! {
    #[test]
    fn every_span_once_and_children_right_under_their_parents(
        parents in proptest::collection::vec((0_u64..60, 0_u64..50, 0_u64..50), 1..50)
    ) {
        let list: Vec<_> = parents
            .iter()
            .enumerate()
            .map(|(i, (parent, start, length))| span(i as u64 + 1, *parent, SpanKind::Internal, *start, start + length))
            .collect();
        let detail = build(list);
        let mut ids: Vec<_> = detail.spans.iter().map(|s| s.span_id).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), parents.len());
        for (i, view) in detail.spans.iter().enumerate() {
            prop_assert!(view.self_ns <= view.duration_ns);
            let under = detail.spans[i + 1..].iter().take_while(|s| s.depth > view.depth).count();
            prop_assert_eq!(under as u32, view.descendants);
            if view.depth > 0 {
                let above = detail.spans[..i].iter().rev().find(|s| s.depth < view.depth).unwrap();
                prop_assert_eq!(Some(above.span_id), view.parent);
            }
        }
    }
}
