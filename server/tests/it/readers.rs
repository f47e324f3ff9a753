//! Readers that ask for much: the replica goes on taking telemetry and answering probes, and does not grow.

use std::time::Duration;

use http::StatusCode;
use pointsman_domain::read::ServiceDetail;
use pointsman_domain::rollup::{Counts, Delta, Resolution, SECOND_NS, SeriesKey};
use pointsman_domain::telemetry::SpanKind;
use pointsman_store::rollup::{append_delta, merge};
use pointsman_testing::TestDb;
use tokio::time::{Instant, sleep};

use crate::otlp::{now_ns, span};
use crate::running::{Running, Setup};

const DAYS: u64 = 400;
const HOUR: u64 = 3600 * SECOND_NS;

/// The longest that anything else may take meanwhile. The machine is busy, and this is not the build that is shipped.
const WORST: Duration = Duration::from_secs(2);

/// The most memory that the server may ever have had, in kB. It has some 120,000 without any reader.
const MOST_KB: u64 = 400_000;

/// Writes the hours of 400 days of a service with 20 nodes and 10 operations each.
async fn seed(db: &TestDb) {
    let store = db.store().await;
    let hour = Resolution::Hour.floor(now_ns()) - HOUR;
    // Makes the partitions: one window in each day.
    let mut delta = Delta::default();
    for day in 0..=DAYS {
        let key = SeriesKey {
            service: "big".into(),
            version: "1".into(),
            instance: "node-0".into(),
            operation: "first".into(),
            kind: SpanKind::Server,
        };
        let counts: &mut Counts = delta.series.entry((hour - day * 24 * HOUR, key)).or_default();
        counts.record(1_000_000, false);
    }
    let mut tx = store.begin().await.unwrap();
    append_delta(&mut tx, &delta).await.unwrap();
    tx.commit().await.unwrap();
    while merge(&store).await.unwrap().series > 0 {}
    // The histogram is 50, 50 and 20 requests in three buckets.
    db.run(&format!(
        "INSERT INTO series (resolution, window_ns, key, service, version, instance, operation, kind, requests, errors,
            duration_sum_ns, latency)
        SELECT 2, at, decode(md5(node || '/' || operation), 'hex'), 'big', '1', 'node-' || node, 'op-' || operation, 1, 120, 1,
            120000000, '\\x03c80132c90132ca0114'
        FROM generate_series({}::bigint, {hour}, {HOUR}) at, generate_series(1, 20) node, generate_series(1, 10) operation;
        ANALYZE series_1h",
        hour - (DAYS * 24 - 1) * HOUR
    ))
    .await;
    store.close().await;
}

/// Asks again and again; answers the longest that one answer took, and how many there were.
async fn ask(ends: Instant, mut once: impl AsyncFnMut(u64)) -> (Duration, u64) {
    let (mut worst, mut asked) = (Duration::ZERO, 0);
    while Instant::now() < ends {
        let began = Instant::now();
        once(asked).await;
        worst = worst.max(began.elapsed());
        asked += 1;
        sleep(Duration::from_millis(100)).await;
    }
    (worst, asked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_400_days_holds_nothing_else_up_and_takes_little_memory() {
    let db = TestDb::new().await;
    seed(&db).await;
    let server: Running = Setup::on(db.url()).start().await;
    let path = "/api/v1/services/big?range=400d";
    let ends = Instant::now() + Duration::from_secs(15);
    let reads = async {
        let (mut detail, mut reads) = (None::<ServiceDetail>, 0);
        while Instant::now() < ends {
            let answer = server.console(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            detail = Some(serde_json::from_slice(&answer.body).unwrap());
            reads += 1;
        }
        (detail.unwrap(), reads)
    };
    let healthy = ask(ends, async |_| {
        assert_eq!(server.console("/healthz").await.status, StatusCode::OK);
    });
    let taken = ask(ends, async |n| {
        let answer = server.post("traces", span(n + 1, now_ns()).to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    });
    let ((detail, reads), healthy, taken) = tokio::join!(reads, healthy, taken);
    let most_kb = server.most_memory_kb();
    println!("{reads} reads; /healthz {healthy:?}; OTLP {taken:?}; {most_kb} kB");
    let operations = detail.operations.iter().filter(|row| row.name.starts_with("op-"));
    let requests: u64 = operations.map(|row| row.red.requests).sum();
    assert_eq!(requests, DAYS * 24 * 200 * 120);
    assert_eq!(detail.summary.red.errors, DAYS * 24 * 200);
    assert_eq!(detail.latency.count(), detail.summary.red.requests);
    assert_eq!(detail.series.step_ns, 24 * HOUR, "a point is a day");
    assert!((400..=402).contains(&detail.series.points.len()));
    assert!(
        healthy.0 < WORST && taken.0 < WORST,
        "/healthz {healthy:?}, OTLP {taken:?}"
    );
    assert!(most_kb < MOST_KB, "{most_kb} kB");
    server.stop().await;
}
