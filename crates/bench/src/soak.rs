//! A long run under everything at once that could make a server stand still or grow: a steady load, a channel whose mail server accepts and
//! falls silent, a reader that takes its page a byte at a time, a transaction that stays open. Sampled every ten seconds from outside.

mod burdens;
mod sample;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use pointsman_localpg::LocalPg;
use reqwest::Client;

use self::burdens::Burdens;
use self::sample::Sample;
use crate::freshness::feed;
use crate::process::Server;
use crate::report::Report;

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(10);

/// Runs a server of its own under load for a while and reports what its lag, memory, connections and locks did.
pub(crate) async fn measure(
    program: &Path,
    http: &Client,
    length: Duration,
    rate: usize,
    report: &mut Report,
) -> Result<()> {
    let server = Server::start(program).await?;
    let folder = [server.data.path().to_owned(), server.data.path().join("postgres")];
    let database = folder
        .iter()
        .find_map(|folder| LocalPg::url_at(folder, LocalPg::DATABASE))
        .context("the server's private PostgreSQL does not run")?;
    let burdens = Box::pin(Burdens::begin(&server, &database)).await?;
    let (stop, sent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let url = server.otlp("/v1/traces");
    let feeder = tokio::spawn(feed(http.clone(), url, rate, Arc::clone(&stop), Arc::clone(&sent)));
    let begin = Instant::now();
    let mut samples = Vec::new();
    while begin.elapsed() < length {
        tokio::time::sleep(EVERY).await;
        let sample = Sample::take(&server, http, &database).await?;
        eprintln!("  {:>5.0} s  {sample}", begin.elapsed().as_secs_f64());
        samples.push(sample);
    }
    stop.store(true, Ordering::Relaxed);
    feeder.await??;
    let told = burdens.end().await;
    let how = format!("{:.0} min at {rate} spans/s", length.as_secs_f64() / 60.0);
    report.row(
        "soak: spans acknowledged",
        sent.load(Ordering::Relaxed).to_string(),
        how,
    );
    report.row(
        "soak: notices at the healthy channel",
        told.to_string(),
        "beside a mail server that accepts and says nothing".to_owned(),
    );
    tell(report, "soak: lag of the journal", &samples, |one| one.lag_seconds, "s");
    tell(
        report,
        "soak: memory of the server",
        &samples,
        |one| one.memory_mb,
        "MB",
    );
    tell(report, "soak: connections", &samples, |one| one.connections, "");
    tell(report, "soak: locks held", &samples, |one| one.locks, "");
    server.stop().await
}

/// The first minute beside the last one and the worst: what grows is seen.
fn tell(report: &mut Report, what: &str, samples: &[Sample], figure: impl Fn(&Sample) -> f64, unit: &str) {
    const MINUTE: usize = 6;
    let mean = |part: &[Sample]| part.iter().map(&figure).sum::<f64>() / part.len().max(1) as f64;
    let first = mean(&samples[..samples.len().min(MINUTE)]);
    let last = mean(&samples[samples.len().saturating_sub(MINUTE)..]);
    let most = samples.iter().map(&figure).fold(0.0, f64::max);
    let text = format!("{first:.1}, {last:.1}, {most:.1} {unit}");
    report.row(
        what,
        text.trim_end().to_owned(),
        "first minute, last minute, most".to_owned(),
    );
}
