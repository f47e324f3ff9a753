//! `pointsman replay` against the real server.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use pointsman_domain::read::{LogPage, TraceDetail};
use pointsman_testing::TestDb;
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::otlp::{now_ns, record, span, trace_id};
use crate::running::{PATIENCE, Running, Setup, pointsman};

const SECOND: u64 = 1_000_000_000;

/// What a replay came to.
struct Replayed {
    success: bool,
    summary: Value,
    said: String,
}

impl Replayed {
    fn count(&self, name: &str) -> u64 {
        self.summary[name]
            .as_u64()
            .unwrap_or_else(|| panic!("{name}: {}", self.summary))
    }
}

async fn replay(endpoint: &str, files: &[PathBuf], arguments: &[&str]) -> Replayed {
    let mut command = pointsman();
    command
        .args(["replay", "--json", "--endpoint", endpoint])
        .args(arguments);
    let output = timeout(PATIENCE, command.args(files).kill_on_drop(true).output()).await;
    let output = output.expect("the replay ends").unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Replayed {
        success: output.status.success(),
        summary: serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}")),
        said,
    }
}

fn grpc(server: &Running) -> String {
    server.otlp_grpc.replace("http://", "grpc://")
}

fn text(lines: impl IntoIterator<Item = Value>) -> String {
    lines
        .into_iter()
        .fold(String::new(), |text, line| format!("{text}{line}\n"))
}

fn file(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

async fn accepted(server: &Running) -> u64 {
    let name = "pointsman_ingest_spans_total{outcome=\"accepted\"}";
    server.metric(name).await.unwrap()
}

#[tokio::test]
async fn plain_gzip_and_zstd_go_over_http_and_grpc_and_count_once() {
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).start().await;
    let folder = TempDir::new().unwrap();
    let now = now_ns();
    let part = |numbers: std::ops::Range<u64>| text(numbers.map(|n| span(n, now - 60 * SECOND + n * 1000)));
    let files = [
        file(&folder, "plain.jsonl", part(1..5)),
        file(&folder, "gzip.jsonl.gz", gzip(&part(5..9))),
        file(
            &folder,
            "zstd.jsonl.zst",
            zstd::encode_all(part(9..13).as_bytes(), 3).unwrap(),
        ),
    ];
    let keep = ["--keep-time", "--speed", "max"];
    let first = replay(&server.otlp_http, &files, &keep).await;
    assert!(first.success, "{}", first.said);
    assert_eq!((first.count("requests"), first.count("spans")), (12, 12));
    assert_eq!(accepted(&server).await, 12);
    // The same bytes again, also over the other transport, count no second time.
    for endpoint in [server.otlp_http.clone(), grpc(&server)] {
        let again = replay(&endpoint, &files, &keep).await;
        assert!(again.success, "{}", again.said);
        assert_eq!(again.count("spans"), 12);
    }
    assert_eq!(accepted(&server).await, 12);
    let duplicates = server
        .metric("pointsman_ingest_spans_total{outcome=\"duplicate\"}")
        .await;
    assert_eq!(duplicates, Some(24));
    server.stop().await;
}

#[tokio::test]
async fn old_data_is_shifted_to_end_now_over_grpc() {
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).start().await;
    let folder = TempDir::new().unwrap();
    let old = 1_661_140_339 * SECOND; // in 2022: as it is, it would be rejected
    let traces = file(
        &folder,
        "traces.jsonl",
        text((1..=3).map(|n| span(n, old + n * SECOND / 4))),
    );
    let logs = file(&folder, "logs.jsonl", text([record("an old line", old + SECOND)]));

    let kept = replay(
        &grpc(&server),
        std::slice::from_ref(&traces),
        &["--keep-time", "--speed", "max"],
    )
    .await;
    assert!(!kept.success, "what is rejected is no success");
    assert_eq!(kept.count("rejected_spans"), 3, "{}", kept.summary);

    let before = now_ns();
    let began = Instant::now();
    let shifted = replay(&grpc(&server), &[traces, logs], &[]).await;
    assert!(shifted.success, "{}", shifted.said);
    assert!(
        began.elapsed() >= Duration::from_millis(750),
        "it is sent as it happened"
    );
    let page: LogPage = server
        .until("the record is stored", async || {
            let page: LogPage = server.get("/logs?range=10m&q=line").await?;
            (!page.lines.is_empty()).then_some(page)
        })
        .await;
    let at = page.lines[0].time_ns;
    assert!((before..=now_ns()).contains(&at), "the newest item is now: {at}");
    let path = format!("/traces/{}", trace_id(1));
    let trace: TraceDetail = server
        .until("the trace is stored", async || server.get(&path).await)
        .await;
    assert_eq!(
        at - (trace.summary.start_ns + trace.summary.duration_ns),
        SECOND * 3 / 4
    );
    server.stop().await;
}

#[tokio::test]
async fn a_bad_line_is_named_and_stops_or_is_skipped_as_asked() {
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).start().await;
    let folder = TempDir::new().unwrap();
    let now = now_ns();
    let lines = format!(
        "{}\n{{\"resourceSpans\": [}}\n\n{}\n",
        span(1, now - 2),
        span(2, now - 1)
    );
    let bad = [file(&folder, "bad.jsonl", lines)];
    let named = format!("{}, line 2: no OTLP JSON", bad[0].display());

    let stopped = replay(&server.otlp_http, &bad, &["--keep-time"]).await;
    assert!(!stopped.success);
    assert!(stopped.said.contains(&named), "{}", stopped.said);
    assert_eq!((stopped.count("spans"), stopped.count("bad_lines")), (1, 1));
    assert_eq!(stopped.summary["stopped"], true);

    let skipped = replay(&server.otlp_http, &bad, &["--keep-time", "--on-error", "skip"]).await;
    assert!(skipped.success);
    assert!(skipped.said.contains(&named), "{}", skipped.said);
    assert_eq!((skipped.count("spans"), skipped.count("bad_lines")), (2, 1));
    assert_eq!(skipped.summary["stopped"], false);
    assert_eq!(accepted(&server).await, 2);
    server.stop().await;
}

#[tokio::test]
async fn what_lies_before_a_damage_is_sent_and_the_damage_is_named() {
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).start().await;
    let folder = TempDir::new().unwrap();
    let now = now_ns();
    let mut zstd = zstd::encode_all(text([span(1, now - 2)]).as_bytes(), 3).unwrap();
    zstd.extend_from_slice(&zstd::encode_all(text([span(2, now - 1)]).as_bytes(), 3).unwrap()[..40]);
    let damaged = file(&folder, "damaged.zst", zstd);
    for (on_error, success) in [("stop", false), ("skip", true)] {
        let arguments = ["--keep-time", "--on-error", on_error];
        let replayed = replay(&server.otlp_http, std::slice::from_ref(&damaged), &arguments).await;
        assert_eq!(replayed.success, success);
        assert_eq!(replayed.count("spans"), 1, "{}", replayed.summary);
        let error = replayed.summary["errors"][0].as_str().unwrap();
        assert!(error.contains("line 2: the file can't be read from here on"), "{error}");
    }
    server.stop().await;
}

#[tokio::test]
async fn an_endpoint_that_is_away_ends_the_replay_after_a_while() {
    let folder = TempDir::new().unwrap();
    let files = [file(&folder, "one.jsonl", text([span(1, now_ns())]))];
    for endpoint in ["http://127.0.0.1:1", "grpc://127.0.0.1:1"] {
        let away = replay(endpoint, &files, &["--retry-for", "600ms"]).await;
        assert!(!away.success);
        assert!(away.count("retries") > 0, "{}", away.summary);
        let error = away.summary["errors"][0].as_str().unwrap();
        assert!(
            error.contains("line 1: the endpoint did not take it in time"),
            "{error}"
        );
    }
    let missing = pointsman().args(["replay", "/no/such/file"]).output().await.unwrap();
    assert!(!missing.status.success());
    let said = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(said.contains("can't read /no/such/file"), "{said}");
    assert!(!Path::new("/no/such/file").exists());
}
