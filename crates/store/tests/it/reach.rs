//! Searches over many partitions, and traces without end: everything is reached, a step of time after the other, and no more is read
//! than is shown.

use pointsman_domain::query::TraceQuery;
use pointsman_domain::time::TimeRange;
use pointsman_store::search;
use pointsman_testing::{T0, TestDb, log, logs, span, spans};

use crate::{SETTLED, compact, log_times, write_logs, write_spans};

const MINUTE: u64 = 60_000_000_000;
const HOURS: u64 = 60;

/// Three days up to [`T0`].
const RANGE: TimeRange = TimeRange {
    from_ns: T0 - 72 * 60 * MINUTE,
    to_ns: T0 + 60 * MINUTE,
};

#[tokio::test]
async fn what_lies_days_apart_is_found_by_its_id_and_page_by_page() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let mut wanted = Vec::new();
    for hour in 0..HOURS {
        let root = span("storefront").at(T0 - hour * 60 * MINUTE - 30 * MINUTE);
        let later = span("checkout")
            .child_of(&root)
            .at(T0 - hour * 60 * MINUTE + 10 * MINUTE);
        wanted.push(root.as_span().trace_id);
        write_spans(&store, T0, spans([root, later.clone()])).await;
        // Of the same trace, but compacted by itself: it lies in the partition of the next hour.
        write_spans(
            &store,
            T0 + MINUTE,
            spans([span("late").trace_of(&later).at(T0 - hour * 60 * MINUTE + 10 * MINUTE)]),
        )
        .await;
        write_logs(
            &store,
            T0,
            logs([log("storefront", "tick").at(T0 - hour * 60 * MINUTE)]),
        )
        .await;
    }
    for state in ["fragments", "segments"] {
        for id in &wanted {
            let trace = search::trace(&store, *id).await.unwrap().unwrap();
            assert_eq!((trace.batch.spans.len(), trace.truncated), (3, false), "{state}");
        }
        let (mut found, mut before_ns) = (Vec::new(), None);
        loop {
            let query = TraceQuery {
                limit: 25,
                before_ns,
                ..TraceQuery::default()
            };
            let hits = search::traces(&store, &query, RANGE).await.unwrap();
            assert!(hits.traces.iter().all(|hit| hit.batch.spans.len() == 3));
            found.extend(hits.traces.into_iter().map(|hit| hit.trace_id));
            before_ns = hits.next_before_ns;
            if before_ns.is_none() {
                break;
            }
        }
        assert_eq!(found, wanted, "{state}");
        let expected: Vec<u64> = (0..HOURS).map(|hour| T0 - hour * 60 * MINUTE).collect();
        assert_eq!(log_times(&store, RANGE, 25).await, expected, "{state}");
        compact(&store, SETTLED + 2 * MINUTE).await;
    }
}

#[tokio::test]
async fn of_a_trace_without_end_the_first_spans_are_read() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let root = span("storefront");
    let id = root.as_span().trace_id;
    for piece in 0..6 {
        let children = (0..5000).map(|n| span("storefront").child_of(&root).at(T0 + piece * 5000 + n));
        write_spans(&store, T0, spans(children)).await;
    }
    write_spans(&store, T0, spans([root])).await;
    for state in ["fragments", "segments"] {
        let trace = search::trace(&store, id).await.unwrap().unwrap();
        assert!(trace.truncated);
        let read = trace.batch.spans.len();
        assert!((10_000..=20_000).contains(&read), "{state}: {read}");
        assert!(trace.batch.spans.iter().all(|span| span.start_ns < T0 + 20_000));
        compact(&store, SETTLED).await;
    }
}
