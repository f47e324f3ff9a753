//! How many spans a second are acknowledged, and how many are transformed; what they take on disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use pointsman_localpg::LocalPg;
use pointsman_store::{Retention, SILENCE, Store, StoreOptions, size};
use reqwest::Client;

use crate::load::{self, Load};
use crate::process::Server;
use crate::report::Report;

/// What the phase has sent.
pub(crate) struct Sent {
    /// Spans.
    pub(crate) spans: usize,
    /// Trace ids with their order's number.
    pub(crate) samples: Vec<(String, u64)>,
}

/// Sends everything as fast as it is acknowledged, then waits until the journal is empty.
pub(crate) async fn measure(
    server: &Server,
    http: &Client,
    spans: usize,
    senders: usize,
    report: &mut Report,
) -> Result<Sent> {
    let load = load::generate(spans, 300, 1);
    let total: usize = load.bodies.iter().map(|body| body.spans).sum();
    let bytes: usize = load.bodies.iter().map(|body| body.bytes.len()).sum();
    let samples = load.samples.clone();
    let before = server.cpu_seconds()?;
    let begin = Instant::now();
    send_all(server, http, load, senders).await?;
    let acknowledged = begin.elapsed();
    wait_for_journal(server, http).await?;
    let transformed = begin.elapsed();
    let after = server.cpu_seconds()?;
    let rate = |took: Duration| total as f64 / took.as_secs_f64();
    report.row(
        "spans acknowledged",
        format!("{:.0} spans/s", rate(acknowledged)),
        format!("{senders} connections"),
    );
    report.row(
        "spans transformed",
        format!("{:.0} spans/s", rate(transformed)),
        "sent to journal empty".to_owned(),
    );
    let micros = |seconds: f64| format!("{:.1} us/span", seconds * 1e6 / total as f64);
    report.row(
        "CPU of the server",
        micros(after.0 - before.0),
        format!("{total} spans"),
    );
    report.row(
        "CPU of PostgreSQL",
        micros(after.1 - before.1),
        "without compaction".to_owned(),
    );
    report.row(
        "OTLP protobuf",
        format!("{} B/span", bytes / total),
        "as sent".to_owned(),
    );
    Ok(Sent { spans: total, samples })
}

/// Keeps full load up for a while, for a profiler.
pub(crate) async fn sustain(server: &Server, http: &Client, senders: usize, length: Duration) -> Result<()> {
    println!("server pid {}", server.pid());
    let until = Instant::now() + length;
    let mut seed = 100;
    while Instant::now() < until {
        seed += 1;
        send_all(server, http, load::generate(100_000, 10, seed), senders).await?;
    }
    Ok(())
}

/// Sends all bodies over so many connections.
pub(crate) async fn send_all(server: &Server, http: &Client, load: Load, senders: usize) -> Result<()> {
    let bodies = Arc::new(load.bodies);
    let next = Arc::new(AtomicUsize::new(0));
    let url = server.otlp("/v1/traces");
    let workers = (0..senders).map(|_| {
        let (bodies, next, http, url) = (Arc::clone(&bodies), Arc::clone(&next), http.clone(), url.clone());
        tokio::spawn(async move {
            while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
                send(&http, &url, body.bytes.clone()).await?;
            }
            anyhow::Ok(())
        })
    });
    for worker in futures::future::join_all(workers).await {
        worker??;
    }
    Ok(())
}

/// Sends one request, again while the server says that it is overloaded.
pub(crate) async fn send(http: &Client, url: &str, body: Vec<u8>) -> Result<()> {
    for _ in 0..1000 {
        let request = http
            .post(url)
            .header("content-type", "application/x-protobuf")
            .body(body.clone());
        let answer = request.send().await?;
        if answer.status().is_success() {
            return Ok(());
        }
        if !matches!(answer.status().as_u16(), 429 | 503) {
            bail!("{}: {}", answer.status(), answer.text().await?);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bail!("refused 1,000 times in a row")
}

/// Waits until no request waits for a worker.
pub(crate) async fn wait_for_journal(server: &Server, http: &Client) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(1800);
    while Instant::now() < deadline {
        let status: serde_json::Value = http.get(server.control("/api/v1/status")).send().await?.json().await?;
        if status["journal_rows"].as_u64() == Some(0) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("the journal was not empty within 30 min")
}

/// Waits until the slots are compacted and weighs the tables.
pub(crate) async fn disk(server: &Server, http: &Client, spans: usize, report: &mut Report) -> Result<()> {
    wait_for_journal(server, http).await?;
    let url = LocalPg::url_at(server.data.path(), LocalPg::DATABASE)
        .or_else(|| LocalPg::url_at(&server.data.path().join("postgres"), LocalPg::DATABASE))
        .context("the server's private PostgreSQL does not run")?;
    let options = StoreOptions {
        url,
        max_connections: 2,
        retention: Retention::default(),
        silence: SILENCE,
    };
    let store = Store::connect(&options).await?;
    let deadline = Instant::now() + Duration::from_secs(300);
    let sizes = loop {
        let sizes = size::sizes(&mut *store.conn().await?).await?;
        if sizes.slots_open == 0 {
            break sizes;
        }
        if Instant::now() > deadline {
            bail!("the slots were not compacted within 5 min");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    let each = |bytes: u64| format!("{:.0} B/span", bytes as f64 / spans as f64);
    report.row(
        "segments on disk",
        each(sizes.segment_bytes),
        "spans, terms and indexes, after compaction".to_owned(),
    );
    report.row(
        "of that indexes",
        each(sizes.segment_index_bytes),
        "GIN, trace id, start".to_owned(),
    );
    report.row(
        "rollups on disk",
        each(sizes.rollup_bytes),
        "10 s, 1 min, 1 h".to_owned(),
    );
    let rows = sizes.segments.max(1);
    report.row(
        "spans a segment",
        format!("{:.2}", spans as f64 / rows as f64),
        format!("{rows} segments"),
    );
    Ok(())
}
