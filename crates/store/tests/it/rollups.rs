//! Figures: the same before, during and after a merge.

use std::collections::HashMap;

use pointsman_domain::rollup::{
    Counts, Delta, EdgeKey, Endpoint, NodeErrorCount, NodeErrorKey, NodeKey, NodeKind, Resolution, SeriesKey,
};
use pointsman_domain::telemetry::SpanKind;
use pointsman_domain::time::TimeRange;
use pointsman_store::rollup::{self, EdgeReader, Frame, SeriesReader};
use pointsman_store::{Connection, Store, StoreError};
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

fn frame(resolution: Resolution, range: TimeRange, step_ns: Option<u64>) -> Frame {
    Frame {
        resolution,
        range,
        step_ns,
    }
}

/// All pieces; no sum is in two of them.
async fn read_series(conn: &mut Connection, mut reader: SeriesReader<'_>) -> Figures<SeriesKey> {
    let mut all = Figures::new();
    while let Some(piece) = reader.next(conn).await.unwrap() {
        for (at, key, counts) in piece {
            assert!(all.insert((at, key), counts).is_none());
        }
    }
    all
}

/// The same of edges.
async fn read_edges(conn: &mut Connection, mut reader: EdgeReader<'_>) -> Figures<EdgeKey> {
    let mut all = Figures::new();
    while let Some(piece) = reader.next(conn).await.unwrap() {
        for (at, key, counts) in piece {
            assert!(all.insert((at, key), counts).is_none());
        }
    }
    all
}

async fn check(store: &Store, deltas: &[Delta]) {
    let mut conn = store.conn().await.unwrap();
    for resolution in Resolution::ALL {
        let (mut series, mut edges) = (Figures::new(), Figures::new());
        for delta in deltas {
            add(&mut series, resolution, &delta.series);
            add(&mut edges, resolution, &delta.edges);
        }
        let frame = frame(resolution, RANGE, Some(resolution.ns()));
        let read = read_series(&mut conn, SeriesReader::new(frame, None)).await;
        assert_eq!(read, series, "{resolution:?}");
        let read = read_edges(&mut conn, EdgeReader::new(frame, None)).await;
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
    let hours = frame(Resolution::Hour, RANGE, Some(Resolution::Hour.ns()));
    let cart = read_series(&mut conn, SeriesReader::new(hours, Some("cart"))).await;
    assert!(!cart.is_empty() && cart.keys().all(|(_, key)| key.service == "cart"));
    let cart = read_edges(&mut conn, EdgeReader::new(hours, Some("cart"))).await;
    assert!(
        !cart.is_empty()
            && cart
                .keys()
                .all(|(_, key)| [&key.source.name, &key.target.name].contains(&&"cart".into()))
    );
    let all = read_series(&mut conn, SeriesReader::new(hours, None)).await;
    let mut expected = Figures::new();
    for ((window_ns, key), counts) in all.iter().filter(|((_, key), _)| key.kind == SpanKind::Server) {
        let key = SeriesKey {
            operation: "".into(),
            ..key.clone()
        };
        expected
            .entry((*window_ns, key))
            .or_insert_with(Counts::default)
            .merge(counts);
    }
    assert_eq!(read_series(&mut conn, SeriesReader::served(hours)).await, expected);
    // A minute: its first window, whole, though it begins within it.
    let minute = TimeRange {
        from_ns: T0 + 61 * SECOND,
        to_ns: T0 + 119 * SECOND,
    };
    let step = Some(Resolution::Minute.ns());
    let read = read_series(
        &mut conn,
        SeriesReader::new(frame(Resolution::Minute, minute, step), None),
    )
    .await;
    assert!(read.keys().all(|(window_ns, _)| *window_ns == T0 + 60 * SECOND));
    let in_it = |at: u64| (T0 + 60 * SECOND..T0 + 120 * SECOND).contains(&at);
    let expected: u64 = deltas
        .iter()
        .flat_map(|delta| &delta.series)
        .filter(|((at, _), _)| in_it(*at))
        .map(|(_, c)| c.requests)
        .sum();
    assert_eq!(read.values().map(|counts| counts.requests).sum::<u64>(), expected);
}

#[tokio::test]
async fn many_windows_are_added_up_to_steps_or_to_one() {
    let db = TestDb::new().await;
    let store = db.store().await;
    // A hundred hours, each in a delta of its own, some merged and some not.
    let hour = Resolution::Hour.ns();
    let mut deltas = Vec::new();
    for n in 0..100 {
        let mut delta = Delta::default();
        for operation in ["GET /", "POST /"] {
            let key = SeriesKey {
                service: "cart".into(),
                version: "1".into(),
                instance: "a".into(),
                operation: operation.into(),
                kind: SpanKind::Server,
            };
            let counts = delta.series.entry((T0 + n * hour, key)).or_default();
            (0..=n).for_each(|request| counts.record(1_000 << (request % 20), request % 7 == 0));
        }
        append(&store, &delta).await;
        if n == 60 {
            rollup::merge(&store).await.unwrap();
        }
        deltas.push(delta);
    }
    let range = TimeRange {
        from_ns: T0,
        to_ns: T0 + 100 * hour,
    };
    let mut at = store.reader().await.unwrap();
    for step in [hour, 6 * hour, 24 * hour] {
        let mut expected = Figures::new();
        for ((at, key), counts) in deltas.iter().flat_map(|delta| &delta.series) {
            let key = (at - at % step, key.clone());
            expected.entry(key).or_insert_with(Counts::default).merge(counts);
        }
        let reader = SeriesReader::new(frame(Resolution::Hour, range, Some(step)), Some("cart"));
        assert_eq!(read_series(&mut at, reader).await, expected);
    }
    let mut reader = SeriesReader::served(frame(Resolution::Hour, range, None));
    let mut all = Counts::default();
    while let Some(piece) = reader.next(&mut at).await.unwrap() {
        assert!(piece.len() <= 1, "operations and windows are one");
        for (at, _, counts) in piece {
            assert_eq!(at, Resolution::Hour.floor(T0));
            all.merge(&counts);
        }
    }
    assert_eq!(all.requests, 2 * (1..=100).sum::<u64>());
    assert_eq!(all.latency.count(), all.requests);
}

#[tokio::test]
async fn what_holds_too_much_is_refused_before_it_is_held() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let mut conn = store.conn().await.unwrap();
    sqlx::query(
        "INSERT INTO series_delta
            (window_ns, service, version, instance, operation, kind, requests, errors, duration_sum_ns, latency)
        SELECT $1, 'cart', '1', 'node-' || n, 'GET /', 1, 1, 0, 1, '\\x00' FROM generate_series(1, 200001) n",
    )
    .bind(T0 as i64)
    .execute(&mut *conn)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO node_seen SELECT decode(md5(n::text), 'hex'), 'cart', '1', 'node-' || n, $1, $1
        FROM generate_series(1, 50001) n",
    )
    .bind(T0 as i64)
    .execute(&mut *conn)
    .await
    .unwrap();
    let step = Some(Resolution::Minute.ns());
    let mut reader = SeriesReader::new(frame(Resolution::Minute, RANGE, step), None);
    let refused = reader.next(&mut conn).await.unwrap_err();
    assert!(matches!(refused, StoreError::TooMuch(_)), "{refused}");
    let refused = rollup::nodes(&mut conn, RANGE, None).await.unwrap_err();
    assert!(matches!(refused, StoreError::TooMuch(_)), "{refused}");
    assert_eq!(rollup::services(&mut conn, RANGE).await.unwrap(), ["cart"]);
    assert_eq!(rollup::last_seen(&mut conn, Some("cart")).await.unwrap(), Some(T0));
    assert_eq!(rollup::last_seen(&mut conn, Some("web")).await.unwrap(), None);
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
