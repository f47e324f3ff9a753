//! How long after its end a call is visible on the topology, under a steady load in the background.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use reqwest::Client;

use crate::load;
use crate::process::Server;
use crate::report::Report;
use crate::throughput::send;

/// Sends a call between two new services each second and reads the topology until it shows. Answers how many spans the
/// background has sent.
pub(crate) async fn measure(
    server: &Server,
    http: &Client,
    probes: u32,
    background: usize,
    report: &mut Report,
) -> Result<usize> {
    let stop = Arc::new(AtomicBool::new(false));
    let sent = Arc::new(AtomicUsize::new(0));
    let url = server.otlp("/v1/traces");
    let feeder = tokio::spawn(feed(
        http.clone(),
        url.clone(),
        background,
        Arc::clone(&stop),
        Arc::clone(&sent),
    ));
    let mut taken = Vec::new();
    for number in 0..probes {
        let begin = Instant::now();
        let (caller, called) = (format!("probe-caller-{number}"), format!("probe-called-{number}"));
        for body in load::probe(&caller, &called, 1_000_000 + u64::from(number)) {
            send(http, &url, body.bytes).await?;
        }
        taken.push(until_visible(server, http, &called, begin).await?);
        tokio::time::sleep(Duration::from_secs(1).saturating_sub(begin.elapsed())).await;
    }
    stop.store(true, Ordering::Relaxed);
    feeder.await??;
    report.times(
        "freshness: span end to topology",
        &mut taken,
        &format!("{probes} probes over {background} spans/s"),
    );
    Ok(sent.load(Ordering::Relaxed) + probes as usize * 2)
}

async fn until_visible(server: &Server, http: &Client, called: &str, begin: Instant) -> Result<Duration> {
    while begin.elapsed() < Duration::from_secs(60) {
        let topology: serde_json::Value = http
            .get(server.control("/api/v1/topology?range=5m"))
            .send()
            .await?
            .json()
            .await?;
        let edges = topology["edges"].as_array().map_or(&[][..], Vec::as_slice);
        if edges.iter().any(|edge| edge["target"]["name"] == called) {
            return Ok(begin.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bail!("a call was not visible within 60 s")
}

/// Sends about `rate` spans a second until it is stopped, and counts them.
pub(crate) async fn feed(
    http: Client,
    url: String,
    rate: usize,
    stop: Arc<AtomicBool>,
    sent: Arc<AtomicUsize>,
) -> Result<()> {
    let mut seed = 10;
    while !stop.load(Ordering::Relaxed) {
        let begin = Instant::now();
        seed += 1;
        for body in load::generate(rate, 1, seed).bodies {
            sent.fetch_add(body.spans, Ordering::Relaxed);
            send(&http, &url, body.bytes).await?;
        }
        tokio::time::sleep(Duration::from_secs(1).saturating_sub(begin.elapsed())).await;
    }
    Ok(())
}
