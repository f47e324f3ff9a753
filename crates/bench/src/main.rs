//! `make bench`: runs the release server on an empty private database, drives it over OTLP/HTTP as services would, and
//! prints the table of docs/benchmarks.md. A program, not a test: it measures and judges nothing.
//!
//! Four phases, in one run on one server: throughput (acknowledged, then transformed), freshness under steady load, disk after
//! compaction, and search. Three more have servers or databases of their own: recovery from an outage, the evaluator of objectives, and a soak of
//! half an hour.

mod freshness;
mod load;
mod objectives;
mod process;
mod recovery;
mod report;
mod search;
mod soak;
mod throughput;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;

/// What to measure, and how much of it.
#[derive(Debug, Parser)]
struct Args {
    /// The server to measure.
    #[arg(long, default_value = "target/release/pointsman")]
    server: PathBuf,
    /// Spans of the throughput phase.
    #[arg(long, default_value_t = 1_000_000)]
    spans: usize,
    /// Connections that send at once.
    #[arg(long, default_value_t = 8)]
    senders: usize,
    /// Samples of the freshness phase, one a second.
    #[arg(long, default_value_t = 40)]
    probes: u32,
    /// Spans a second in the background of the freshness phase.
    #[arg(long, default_value_t = 2000)]
    background: usize,
    /// Searches of each kind.
    #[arg(long, default_value_t = 200)]
    searches: usize,
    /// Objectives that the evaluator is measured with.
    #[arg(long, default_value_t = 1000)]
    objectives: u32,
    /// Measure the evaluator alone.
    #[arg(long)]
    only_objectives: bool,
    /// Requests of 512 spans that wait when recovery is measured.
    #[arg(long, default_value_t = 3000)]
    waiting: usize,
    /// Measure recovery alone.
    #[arg(long)]
    only_recovery: bool,
    /// Minutes of the soak; 0 for none.
    #[arg(long, default_value_t = 30)]
    soak_minutes: u64,
    /// Spans a second of the soak.
    #[arg(long, default_value_t = 2000)]
    soak_rate: usize,
    /// Soak alone.
    #[arg(long)]
    only_soak: bool,
    /// Only print the process ids after the start and wait this many seconds under full load, to attach a profiler.
    #[arg(long)]
    profile_seconds: Option<u64>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut report = report::Report::default();
    if args.only_objectives {
        objectives::measure(args.objectives, &mut report).await?;
        report.print();
        return Ok(());
    }
    let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).build()?;
    if args.only_recovery {
        recovery::measure(&args.server, &http, args.waiting, args.background, &mut report).await?;
        report.print();
        return Ok(());
    }
    let soak = async |report: &mut report::Report| {
        let length = Duration::from_secs(60 * args.soak_minutes);
        if length.is_zero() {
            return Ok(());
        }
        eprintln!("soak: {} min at {} spans/s", args.soak_minutes, args.soak_rate);
        Box::pin(soak::measure(&args.server, &http, length, args.soak_rate, report)).await
    };
    if args.only_soak {
        soak(&mut report).await?;
        report.print();
        return Ok(());
    }
    let server = process::Server::start(&args.server).await?;
    if let Some(seconds) = args.profile_seconds {
        return throughput::sustain(&server, &http, args.senders, Duration::from_secs(seconds)).await;
    }
    eprintln!("throughput: {} spans over {} connections", args.spans, args.senders);
    let sent = throughput::measure(&server, &http, args.spans, args.senders, &mut report).await?;
    eprintln!("freshness: {} probes over {} spans/s", args.probes, args.background);
    let background = freshness::measure(&server, &http, args.probes, args.background, &mut report).await?;
    eprintln!("disk: waiting for the slots to settle");
    throughput::disk(&server, &http, sent.spans + background, &mut report).await?;
    eprintln!("search: {} of each kind", args.searches);
    search::measure(&server, &http, &sent, args.searches, &mut report).await?;
    server.stop().await?;
    eprintln!("recovery: {} requests waiting", args.waiting);
    recovery::measure(&args.server, &http, args.waiting, args.background, &mut report).await?;
    eprintln!("objectives: {}", args.objectives);
    objectives::measure(args.objectives, &mut report).await?;
    soak(&mut report).await?;
    report.print();
    Ok(())
}
