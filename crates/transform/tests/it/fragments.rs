//! Grouping and merging keep every span and record, and terms find them.

use pointsman_domain::telemetry::{LogSeverity, SpanKind};
use pointsman_domain::terms::{pair, word};
use pointsman_transform::{OperationBound, merge, transform};

use crate::build::{record, records, span, spans, trace, with};

#[test]
fn spans_of_one_trace_from_several_requests_are_one_fragment_with_shared_resources() {
    let made = transform(
        vec![
            spans("a", vec![span(1, 0, SpanKind::Server, 0, 9)]),
            spans("a", vec![span(2, 1, SpanKind::Internal, 2, 12)]),
            spans(
                "b",
                vec![with(
                    span(3, 1, SpanKind::Server, 3, 4),
                    &[("http.route", "/Cart items")],
                )],
            ),
        ],
        &OperationBound::default(),
    );
    let [fragment] = &made.traces[..] else {
        panic!("one trace, one fragment")
    };
    assert_eq!(fragment.batch.spans.len(), 3);
    assert_eq!(fragment.batch.resources.len(), 2);
    assert_eq!(
        (fragment.start_ns, fragment.end_ns, fragment.max_duration_ns),
        (0, 12_000_000, 10_000_000)
    );
    for term in [
        pair("service.name", "b"),
        pair("http.route", "/Cart items"),
        word("cart"),
        word("work"),
    ] {
        assert!(fragment.terms.binary_search(&term).is_ok());
    }
    assert!(fragment.terms.binary_search(&word("Cart")).is_err());
    for span in &fragment.batch.spans {
        let service = &fragment.batch.resource(span).service;
        assert_eq!(service == "b", span.span_id == crate::build::id(3));
    }
}

#[test]
fn merged_fragments_have_all_spans_and_all_terms() {
    let one = transform(
        vec![spans("a", vec![span(1, 0, SpanKind::Server, 5, 9)])],
        &OperationBound::default(),
    );
    let two = transform(
        vec![spans("b", vec![span(2, 1, SpanKind::Server, 0, 7)])],
        &OperationBound::default(),
    );
    let merged = merge::fragments(one.traces.into_iter().chain(two.traces)).unwrap();
    assert_eq!(
        (merged.trace_id, merged.batch.spans.len(), merged.halves.len()),
        (trace(1), 2, 2)
    );
    assert_eq!((merged.start_ns, merged.end_ns), (0, 9_000_000));
    assert!(merged.terms.is_sorted() && merged.terms.binary_search(&pair("service.name", "b")).is_ok());
}

#[test]
fn logs_merge_into_rows_by_time_and_none_is_lost() {
    let lines = |from: u64| {
        (0..700)
            .map(|i| record(from + i * 2, LogSeverity(9), &format!("line {i}")))
            .collect()
    };
    let made = transform(
        vec![records("a", lines(1)), records("a", lines(0))],
        &OperationBound::default(),
    );
    assert_eq!(made.logs.len(), 1);
    let rows = merge::logs(made.logs);
    assert_eq!(
        rows.iter().map(|row| row.batch.records.len()).collect::<Vec<_>>(),
        [512, 512, 376]
    );
    assert!(rows.windows(2).all(|pair| pair[0].end_ns <= pair[1].start_ns));
    assert!(rows.iter().all(|row| {
        row.terms
            .binary_search(&pair("trace_id", &trace(1).to_string()))
            .is_ok()
    }));
}

#[test]
fn a_row_of_logs_spans_minutes_and_not_hours() {
    let lines = [0, 5, 10, 11, 300].map(|minute| record(minute * 60_000, LogSeverity(9), "line"));
    let made = transform(vec![records("a", lines.to_vec())], &OperationBound::default());
    let rows = merge::logs(made.logs);
    assert_eq!(
        rows.iter().map(|row| row.batch.records.len()).collect::<Vec<_>>(),
        [3, 1, 1]
    );
}

#[test]
fn what_took_longer_than_an_hour_stands_an_hour_before_its_end() {
    const MINUTE: u64 = 60_000;
    let made = |from, to| {
        let spans = spans("a", vec![span(1, 0, SpanKind::Internal, from * MINUTE, to * MINUTE)]);
        transform(vec![spans], &OperationBound::default()).traces.remove(0)
    };
    let minutes = |ns: u64| ns / 1_000_000 / MINUTE;
    assert_eq!(minutes(made(0, 60).start_ns), 0);
    let job = made(0, 8 * 24 * 60);
    assert_eq!(
        (minutes(job.start_ns), minutes(job.end_ns)),
        (8 * 24 * 60 - 60, 8 * 24 * 60)
    );
    assert_eq!(minutes(job.max_duration_ns), 8 * 24 * 60);
    let merged = merge::fragments([made(0, 30), made(100, 130)]).unwrap();
    assert_eq!(minutes(merged.start_ns), 70);
}
