//! Requests, errors and nodes are counted by the one definition.

use pointsman_domain::rollup::SeriesKey;
use pointsman_domain::telemetry::{LogSeverity, SpanKind, StatusCode};
use pointsman_transform::{MAX_OPERATIONS, OTHER_OPERATIONS, OperationBound, transform};

use crate::build::{record, records, span, spans, with};

#[test]
fn requests_and_calls_are_counted_and_inner_work_is_not() {
    let mut failed = span(1, 9, SpanKind::Server, 0, 9);
    failed.status = StatusCode::Error;
    let made = transform(
        vec![spans(
            "a",
            vec![
                failed,
                span(2, 1, SpanKind::Internal, 1, 2),
                span(3, 0, SpanKind::Internal, 1, 2),
                with(
                    span(4, 1, SpanKind::Client, 1, 2),
                    &[("http.response.status_code", "404")],
                ),
            ],
        )],
        &OperationBound::default(),
    );
    let mut counted: Vec<_> = made
        .delta
        .series
        .iter()
        .map(|((_, key), c)| (key.kind, c.requests, c.errors))
        .collect();
    counted.sort();
    assert_eq!(
        counted,
        [
            (SpanKind::Internal, 1, 0),
            (SpanKind::Server, 1, 1),
            (SpanKind::Client, 1, 1)
        ]
    );
    let mut errors: Vec<_> = made.delta.errors.keys().map(|(_, key)| key.error.as_str()).collect();
    errors.sort_unstable();
    assert_eq!(errors, ["HTTP 404", "status ERROR"]);
    assert_eq!(made.delta.nodes.values().copied().collect::<Vec<_>>(), [(0, 9_000_000)]);
}

#[test]
fn names_beyond_the_bound_are_counted_together() {
    let many = (1..=MAX_OPERATIONS as u64 + 50).map(|n| {
        let mut span = span(n, 0, SpanKind::Server, 0, 1);
        span.name = format!("GET /orders/{n}").into();
        span
    });
    let made = transform(vec![spans("a", many.collect())], &OperationBound::default());
    assert_eq!(made.delta.series.len(), MAX_OPERATIONS + 1);
    let other = made
        .delta
        .series
        .iter()
        .find(|((_, SeriesKey { operation, .. }), _)| operation == OTHER_OPERATIONS);
    assert_eq!(other.unwrap().1.requests, 50);
}

#[test]
fn a_named_operation_is_counted_apart_always() {
    let bound = OperationBound::default();
    bound.always([("a".into(), "weekly".into()), ("b".into(), "GET /orders/1".into())]);
    let named = |n: u64, name: &str| {
        let mut span = span(n, 0, SpanKind::Server, 0, 1);
        span.name = name.into();
        span
    };
    let many = (1..=MAX_OPERATIONS as u64 + 50).map(|n| named(n, &format!("GET /orders/{n}")));
    transform(vec![spans("a", many.collect())], &bound);
    let operations = |names: &[&str]| -> Vec<String> {
        let all = names.iter().zip(2000..).map(|(name, n)| named(n, name)).collect();
        let made = transform(vec![spans("a", all)], &bound);
        let mut found: Vec<String> = made
            .delta
            .series
            .keys()
            .map(|(_, key)| key.operation.to_string())
            .collect();
        found.sort();
        found
    };
    assert_eq!(operations(&["weekly", "monthly"]), [OTHER_OPERATIONS, "weekly"]);
    // What is named changes.
    bound.always([("a".into(), "monthly".into())]);
    assert_eq!(operations(&["weekly", "monthly"]), [OTHER_OPERATIONS, "monthly"]);
}

#[test]
fn error_logs_are_failures_of_their_node_with_numbers_levelled() {
    let lines = vec![
        record(1, LogSeverity(17), "order 1234 failed"),
        record(2, LogSeverity(17), "order 99 failed"),
        record(3, LogSeverity(13), "order 1 is late"),
    ];
    let made = transform(vec![records("a", lines)], &OperationBound::default());
    let [((_, key), count)] = made.delta.errors.iter().collect::<Vec<_>>()[..] else {
        panic!("one error")
    };
    assert_eq!(
        (key.error.as_str(), key.from_log, count.count, count.examples.len()),
        ("order # failed", true, 2, 2)
    );
}
