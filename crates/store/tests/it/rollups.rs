//! Figures: the same before, during and after a merge.

use std::collections::HashMap;

use pointsman_domain::rollup::{
    Counts, Delta, EdgeKey, Endpoint, NodeErrorCount, NodeErrorKey, NodeKey, NodeKind, Resolution, SeriesKey,
};
use pointsman_domain::telemetry::SpanKind;
use pointsman_domain::time::TimeRange;
use pointsman_store::Store;
use pointsman_store::rollup::{self, EdgeFilter, SeriesFilter};
use pointsman_testing::{T0, TestDb, span};

const SECOND: u64 = 1_000_000_000;
const RANGE: TimeRange = TimeRange {
    from_ns: T0,
    to_ns: T0 + 2 * 3600 * SECOND,
};

async fn append(store: &Store, delta: &Delta) {
    let mut tx = store.begin().await.unwrap();
    rollup::append_delta(&mut tx, delta).await.unwrap();
    tx.commit().await.unwrap();
}

/// Numbers without a pattern that matters, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn key(dice: &mut Dice) -> SeriesKey {
    SeriesKey {
        service: ["checkout", "cart", "payments"][dice.roll(3) as usize].into(),
        version: ["1.0", "1.1", ""][dice.roll(3) as usize].into(),
        instance: ["a", "b"][dice.roll(2) as usize].into(),
        operation: ["GET /", "POST /orders"][dice.roll(2) as usize].into(),
        kind: [SpanKind::Server, SpanKind::Client][dice.roll(2) as usize],
    }
}

fn edge(dice: &mut Dice) -> EdgeKey {
    let mut end = || Endpoint {
        kind: [NodeKind::Service, NodeKind::Queue][dice.roll(2) as usize],
        name: ["checkout", "cart", "payments"][dice.roll(3) as usize].into(),
        version: ["1.0", ""][dice.roll(2) as usize].into(),
    };
    EdgeKey {
        source: end(),
        target: end(),
    }
}

fn delta(dice: &mut Dice) -> Delta {
    let mut delta = Delta::default();
    for _ in 0..dice.roll(40) {
        let window_ns = T0 + dice.roll(2 * 360) * 10 * SECOND;
        let series = delta.series.entry((window_ns, key(dice))).or_default();
        series.record(dice.roll(5_000_000_000), dice.roll(10) == 0);
        let edges = delta.edges.entry((window_ns, edge(dice))).or_default();
        edges.record(dice.roll(5_000_000_000), dice.roll(10) == 0);
    }
    delta
}

type Figures<K> = HashMap<(u64, K), Counts>;

fn add<K: Clone + Eq + std::hash::Hash>(expected: &mut Figures<K>, resolution: Resolution, delta: &Figures<K>) {
    for ((window_ns, key), counts) in delta {
        let window = expected.entry((resolution.floor(*window_ns), key.clone())).or_default();
        window.merge(counts);
    }
}

async fn check(store: &Store, deltas: &[Delta]) {
    let mut conn = store.conn().await.unwrap();
    for resolution in Resolution::ALL {
        let (mut series, mut edges) = (Figures::new(), Figures::new());
        for delta in deltas {
            add(&mut series, resolution, &delta.series);
            add(&mut edges, resolution, &delta.edges);
        }
        let read = rollup::series(&mut conn, resolution, RANGE, SeriesFilter::default())
            .await
            .unwrap();
        assert!(read.is_sorted_by(|a, b| (a.0, &a.1) < (b.0, &b.1)));
        let read: Figures<_> = read
            .into_iter()
            .map(|(window, key, counts)| ((window, key), counts))
            .collect();
        assert_eq!(read, series, "{resolution:?}");
        let read = rollup::edges(&mut conn, resolution, RANGE, EdgeFilter::default())
            .await
            .unwrap();
        let read: Figures<_> = read
            .into_iter()
            .map(|(window, key, counts)| ((window, key), counts))
            .collect();
        assert_eq!(read, edges, "{resolution:?}");
    }
}

#[tokio::test]
async fn a_merge_changes_no_figure() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let mut dice = Dice(1);
    let mut deltas = Vec::new();
    for _ in 0..6 {
        for _ in 0..dice.roll(4) {
            let delta = delta(&mut dice);
            append(&store, &delta).await;
            deltas.push(delta);
        }
        check(&store, &deltas).await;
        if dice.roll(3) > 0 {
            rollup::merge(&store).await.unwrap();
            check(&store, &deltas).await;
        }
    }
    rollup::merge(&store).await.unwrap();
    check(&store, &deltas).await;
    assert_eq!(rollup::merge(&store).await.unwrap().series, 0);
}

#[tokio::test]
async fn mergers_and_workers_at_once_lose_nothing() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let mut dice = Dice(2);
    let deltas: Vec<_> = (0..30).map(|_| delta(&mut dice)).collect();
    let mut tasks = Vec::new();
    for chunk in deltas.chunks(10) {
        let (store, chunk) = (store.clone(), chunk.to_vec());
        tasks.push(tokio::spawn(async move {
            for delta in chunk {
                append(&store, &delta).await;
                rollup::merge(&store).await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    rollup::merge(&store).await.unwrap();
    check(&store, &deltas).await;
}

#[tokio::test]
async fn readers_take_what_they_ask_for() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let mut dice = Dice(3);
    let deltas: Vec<_> = (0..10).map(|_| delta(&mut dice)).collect();
    for delta in &deltas {
        append(&store, delta).await;
    }
    let mut conn = store.conn().await.unwrap();
    let filter = SeriesFilter { service: Some("cart") };
    let cart = rollup::series(&mut conn, Resolution::Hour, RANGE, filter)
        .await
        .unwrap();
    assert!(!cart.is_empty() && cart.iter().all(|(_, key, _)| key.service == "cart"));
    let filter = EdgeFilter { touching: Some("cart") };
    let cart = rollup::edges(&mut conn, Resolution::Hour, RANGE, filter).await.unwrap();
    assert!(
        !cart.is_empty()
            && cart
                .iter()
                .all(|(_, key, _)| [&key.source.name, &key.target.name].contains(&&"cart".into()))
    );
    let all = rollup::series(&mut conn, Resolution::Hour, RANGE, SeriesFilter::default())
        .await
        .unwrap();
    for by_window in [true, false] {
        let mut expected = Figures::new();
        for (window_ns, key, counts) in all.iter().filter(|(_, key, _)| key.kind == SpanKind::Server) {
            let key = SeriesKey {
                operation: "".into(),
                ..key.clone()
            };
            let window_ns = if by_window { *window_ns } else { RANGE.from_ns };
            expected.entry((window_ns, key)).or_default().merge(counts);
        }
        let served = rollup::served(&mut conn, Resolution::Hour, RANGE, by_window)
            .await
            .unwrap();
        let served: Figures<_> = served
            .into_iter()
            .map(|(window, key, counts)| ((window, key), counts))
            .collect();
        assert_eq!(served, expected);
    }
    // A minute: its first window, whole, though it begins within it.
    let minute = TimeRange {
        from_ns: T0 + 61 * SECOND,
        to_ns: T0 + 119 * SECOND,
    };
    let read = rollup::series(&mut conn, Resolution::Minute, minute, SeriesFilter::default())
        .await
        .unwrap();
    assert!(read.iter().all(|(window_ns, ..)| *window_ns == T0 + 60 * SECOND));
    let in_it = |at: u64| (T0 + 60 * SECOND..T0 + 120 * SECOND).contains(&at);
    let expected: u64 = deltas
        .iter()
        .flat_map(|delta| &delta.series)
        .filter(|((at, _), _)| in_it(*at))
        .map(|(_, c)| c.requests)
        .sum();
    assert_eq!(read.iter().map(|(_, _, counts)| counts.requests).sum::<u64>(), expected);
}

#[tokio::test]
async fn errors_of_nodes_are_summed_with_examples() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let failure = |error: &str| NodeErrorKey {
        service: "checkout".into(),
        version: "1.0".into(),
        instance: "a".into(),
        operation: "POST /orders".into(),
        error: error.into(),
        from_log: false,
    };
    let mut examples = Vec::new();
    // Much later, so that what was before is folded.
    let mut delta = Delta::default();
    delta
        .errors
        .insert((T0 + 3600 * SECOND, failure("later")), NodeErrorCount::default());
    append(&store, &delta).await;
    for n in 0..5 {
        let seen = span("checkout");
        let seen = (seen.as_span().trace_id, Some(seen.as_span().span_id));
        examples.push(seen);
        let mut delta = Delta::default();
        let count = |count| NodeErrorCount {
            count,
            last_ns: T0 + n,
            examples: vec![seen],
        };
        delta.errors.insert((T0, failure("timeout")), count(2));
        delta.errors.insert((T0 + 10 * SECOND, failure("refused")), count(1));
        append(&store, &delta).await;
    }
    let mut conn = store.conn().await.unwrap();
    let minute = TimeRange {
        to_ns: T0 + 30 * SECOND,
        ..RANGE
    };
    for rows in [11, 3] {
        let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM node_error")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
        assert_eq!(stored, rows, "one a minute and failure once folded");
        let errors = rollup::errors(&mut conn, minute, "checkout").await.unwrap();
        assert_eq!(errors.len(), 2);
        assert_eq!(
            (errors[0].0.error.as_str(), errors[0].1.count, errors[0].1.last_ns),
            ("timeout", 10, T0 + 4)
        );
        assert_eq!(errors[0].1.examples, [examples[4], examples[3], examples[2]]);
        assert!(rollup::errors(&mut conn, minute, "cart").await.unwrap().is_empty());
        rollup::merge(&store).await.unwrap();
    }
}

#[tokio::test]
async fn nodes_are_known_from_first_to_last() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let node = NodeKey {
        service: "checkout".into(),
        version: "1.0".into(),
        instance: "a".into(),
    };
    for (first, last) in [(100, 200), (300, 400), (50, 60)] {
        let mut delta = Delta {
            unpaired_clients: 2,
            unpaired_servers: 3,
            ..Delta::default()
        };
        delta
            .nodes
            .insert(node.clone(), (T0 + first * SECOND, T0 + last * SECOND));
        append(&store, &delta).await;
    }
    let mut conn = store.conn().await.unwrap();
    let nodes = rollup::nodes(&mut conn, RANGE, Some("checkout")).await.unwrap();
    assert_eq!(nodes, [(node, T0 + 50 * SECOND, T0 + 400 * SECOND)]);
    let later = TimeRange {
        from_ns: T0 + 500 * SECOND,
        ..RANGE
    };
    assert!(rollup::nodes(&mut conn, later, None).await.unwrap().is_empty());
    assert_eq!(rollup::unpaired(&mut conn).await.unwrap(), (6, 9));
    rollup::merge(&store).await.unwrap();
    assert_eq!(rollup::unpaired(&mut conn).await.unwrap(), (6, 9));
}
