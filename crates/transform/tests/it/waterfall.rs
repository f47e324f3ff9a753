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
