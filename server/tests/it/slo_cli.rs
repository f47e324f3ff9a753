//! `pointsman slo`, as an operator and a CI job type it.

use std::process::Output;

use pointsman_control::promise::slo::cycle;
use pointsman_domain::rollup::{Delta, SeriesKey};
use pointsman_domain::slo::SloSummary;
use pointsman_domain::telemetry::SpanKind;
use pointsman_store::Store;
use pointsman_store::rollup::{append_delta, merge};
use pointsman_testing::TestDb;
use tokio::time::timeout;

use crate::otlp::now_ns;
use crate::running::{PATIENCE, pointsman};

const PROMISES: &str = "
apiVersion: openslo/v1
kind: SLO
metadata: {name: cart-up, displayName: The cart answers}
spec:
  service: cart
  description: What the shop is for.
  indicator:
    metadata: {name: up}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: Pointsman, spec: {count: requests-without-error}}}
        total: {metricSource: {type: Pointsman, spec: {count: requests}}}
  timeWindow: [{duration: 1M, calendar: {startTime: '2026-01-01 00:00:00', timeZone: Europe/Berlin}}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: search-fast}
spec:
  service: search
  indicator:
    metadata: {name: fast}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: Pointsman, spec: {count: requests-within, within: 200ms}}}
        total: {metricSource: {type: Pointsman, spec: {count: requests}}}
  timeWindow: [{duration: 7d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.95}]
";

async fn types(db: &TestDb, line: &[&str]) -> Output {
    let mut command = pointsman();
    command.arg("slo").args(line).args(["--database-url", db.url()]);
    timeout(PATIENCE, command.kill_on_drop(true).output())
        .await
        .unwrap()
        .unwrap()
}

async fn does(db: &TestDb, line: &[&str]) -> String {
    let output = types(db, line).await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

async fn code(db: &TestDb, line: &[&str]) -> i32 {
    types(db, line).await.status.code().unwrap()
}

/// Requests of cart a minute ago, all or none of which failed.
async fn arrived(store: &Store, requests: u32, fail: bool) {
    let mut delta = Delta::default();
    let key = SeriesKey {
        service: "cart".into(),
        version: "1".into(),
        instance: "one".into(),
        operation: "GET /".into(),
        kind: SpanKind::Server,
    };
    let window = (now_ns() - 60_000_000_000) / 10_000_000_000 * 10_000_000_000;
    let counts = delta.series.entry((window, key)).or_default();
    (0..requests).for_each(|_| counts.record(1_000_000, fail));
    let mut tx = store.begin().await.unwrap();
    append_delta(&mut tx, &delta).await.unwrap();
    tx.commit().await.unwrap();
    merge(store).await.unwrap();
    cycle(store, now_ns(), None).await.unwrap();
}

#[tokio::test]
async fn objectives_go_in_and_out_as_documents() {
    let (db, other) = (TestDb::new().await, TestDb::new().await);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let promises = file("slos.yaml", PROMISES);
    let said = does(&db, &["import", &promises, "--reason", "the first ones"]).await;
    assert_eq!(
        said,
        "cart-up: made; left out: spec.indicator.metadata.name\nsearch-fast: made; left out: spec.indicator.metadata.name\n"
    );
    let said = does(&db, &["import", &promises, "--reason", "once more"]).await;
    assert_eq!(
        said,
        "cart-up: same; left out: spec.indicator.metadata.name\nsearch-fast: same; left out: spec.indicator.metadata.name\n"
    );
    let listed = does(&db, &["list"]).await;
    assert!(
        listed.starts_with("NAME") && listed.contains("cart-up") && listed.contains("not evaluated yet"),
        "{listed}"
    );

    // What goes out goes in elsewhere, and comes out the same.
    let out = does(&db, &["export"]).await;
    let written = file("out.yaml", &out);
    does(&other, &["import", &written, "--reason", "moved"]).await;
    assert_eq!(does(&other, &["export"]).await, out);
    let list = async |db| -> Vec<SloSummary> { serde_json::from_str(&does(db, &["list", "--json"]).await).unwrap() };
    let objectives = async |db| list(db).await.into_iter().map(|slo| slo.objective).collect::<Vec<_>>();
    assert_eq!(objectives(&db).await, objectives(&other).await);
    assert!(
        !does(&db, &["export", "--service", "cart"])
            .await
            .contains("search-fast")
    );
    let wrong = file(
        "wrong.yaml",
        &PROMISES.replace("requests-within,", "requests-that-please,"),
    );
    let refused = types(&other, &["import", &wrong, "--reason", "wrong"]).await;
    assert!(!refused.status.success() && refused.stdout.is_empty());
}

#[tokio::test]
async fn a_job_fails_where_a_budget_is_spent() {
    let db = TestDb::new().await;
    let store = db.store().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slos.yaml");
    std::fs::write(&path, PROMISES).unwrap();
    does(&db, &["import", path.to_str().unwrap(), "--reason", "the first ones"]).await;
    assert_eq!(code(&db, &["status"]).await, 2, "not evaluated yet");
    arrived(&store, 1000, false).await;
    assert_eq!(code(&db, &["status"]).await, 0);
    arrived(&store, 100, true).await;
    let told = types(&db, &["status", "cart-up"]).await;
    assert_eq!(told.status.code(), Some(1));
    let table = String::from_utf8_lossy(&told.stdout);
    // 100 of 1,100 are bad, of which 11 may be.
    assert!(table.contains("90.909 %") && table.contains("-809.1 %"), "{table}");
    assert_eq!(code(&db, &["status", "--service", "search"]).await, 0);
    assert_eq!(code(&db, &["status", "--json", "search-fast"]).await, 0);
    let unknown = types(&db, &["status", "nothing"]).await;
    assert!(
        unknown.status.code() == Some(2)
            && String::from_utf8_lossy(&unknown.stderr).contains("there is no objective nothing")
    );
}
