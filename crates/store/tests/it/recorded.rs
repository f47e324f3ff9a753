//! The recorded past of objectives is added up where it lies, and there is a bound on how much is gone through.

use pointsman_domain::rollup::{Counts, Delta, Resolution, SECOND_NS, SeriesKey};
use pointsman_domain::slo::{Count, Objective};
use pointsman_domain::telemetry::SpanKind;
use pointsman_domain::time::TimeRange;
use pointsman_store::rollup::{append_delta, merge};
use pointsman_store::{StoreError, slo};
use pointsman_testing::{T0, TestDb};

fn objective(indicator: &str) -> Objective {
    let json = format!(r#"{{"name":"a","service":"cart","target":0.99,"indicator":{indicator}}}"#);
    serde_json::from_str(&json).unwrap()
}

/// 7 minutes of 10 operations on 5 nodes, each with a request of 1 ms and a failing one of 1 s.
fn delta() -> Delta {
    let mut delta = Delta::default();
    for minute in 0..7_u64 {
        for (operation, node) in (0..10).flat_map(|operation| (0..5).map(move |node| (operation, node))) {
            let key = SeriesKey {
                service: "cart".into(),
                version: "1".into(),
                instance: format!("node-{node}").into(),
                operation: format!("op {operation}").into(),
                kind: SpanKind::Server,
            };
            let counts: &mut Counts = delta.series.entry((T0 + minute * 60 * SECOND_NS, key)).or_default();
            counts.record(1_000_000, false);
            counts.record(1_000_000_000, true);
        }
    }
    delta
}

#[tokio::test]
async fn it_is_summed_by_window_and_by_part_and_bounded() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let mut tx = store.begin().await.unwrap();
    append_delta(&mut tx, &delta()).await.unwrap();
    tx.commit().await.unwrap();
    merge(&store).await.unwrap();
    let range = TimeRange {
        from_ns: T0,
        to_ns: T0 + 3600 * SECOND_NS,
    };
    let mut at = store.snapshot().await.unwrap();
    for indicator in [
        r#"{"kind":"availability"}"#,
        r#"{"kind":"latency","threshold_ns":134217728}"#,
    ] {
        let objective = objective(indicator);
        let mut windows = Vec::new();
        slo::recorded(&mut at, &objective, Resolution::Minute, range, 350, |at, count| {
            windows.push((at, count));
        })
        .await
        .unwrap();
        let expected: Vec<_> = (0..7)
            .map(|minute| (T0 + minute * 60 * SECOND_NS, Count { good: 50, total: 100 }))
            .collect();
        assert_eq!(windows, expected, "{indicator}");
        let (mut parts, mut whole) = (0, Count::default());
        slo::recorded_parts(&mut at, &objective, Resolution::Minute, range, 350, |_, count| {
            parts += 1;
            whole = whole + count;
        })
        .await
        .unwrap();
        assert_eq!((parts, whole), (50, Count { good: 350, total: 700 }), "{indicator}");
        let refused = slo::recorded(&mut at, &objective, Resolution::Minute, range, 349, |_, _| {}).await;
        assert!(
            matches!(&refused, Err(StoreError::TooMuch(what)) if what == "349 rows of figures"),
            "{refused:?}"
        );
    }
}
