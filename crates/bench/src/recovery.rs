//! How fast a backlog is worked off while compaction is late as well, as it is after an outage: requests wait in the journal, slots wait for the
//! compactor, and load goes on.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use pointsman_domain::ids::{SpanId, TraceId};
use pointsman_domain::telemetry::{Attributes, Batch, Resource, Scope, Span, SpanBatch, SpanKind, StatusCode};
use pointsman_localpg::{LocalPg, LocalPgOptions};
use pointsman_store::segment::{SLOT_NS, settled_slots, write_fragments};
use pointsman_store::{Retention, Store, StoreOptions};
use pointsman_transform::{OperationBound, transform};
use reqwest::Client;

use crate::freshness::feed;
use crate::load::{self, Load};
use crate::process::Server;
use crate::report::Report;
use crate::throughput::{send_all, wait_for_journal};

/// Slots that wait for the compactor.
const SLOTS: u64 = 45;
/// Traces in each, of one span without a partner: the most that the compactor and the workers can have to look for.
const TRACES: u64 = 20_000;
/// Longer than any run should take.
const DEADLINE: Duration = Duration::from_secs(1800);

/// Lets requests wait while there are no workers, fills the slots, and measures how long it takes after the start of a server with workers.
pub(crate) async fn measure(
    program: &Path,
    http: &Client,
    requests: usize,
    background: usize,
    report: &mut Report,
) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("pointsman-bench-").tempdir()?;
    let database = LocalPg::start(LocalPgOptions::new(folder.path().join("postgres"))).await?;
    let store = Store::connect(&StoreOptions {
        url: database.url(),
        max_connections: 8,
        retention: Retention::default(),
        silence: pointsman_store::SILENCE,
    })
    .await?;

    let server = Server::start_on(program, &database.url(), &["--workers", "0"]).await?;
    let mut waiting = load::generate(requests * load::EXPORT_BATCH, 60, 7);
    waiting.bodies.truncate(requests);
    let (requests, spans) = (waiting.bodies.len(), spans_of(&waiting));
    send_all(&server, http, waiting, 8).await?;
    server.stop().await?;
    let now_ns = load::now_ns();
    for number in 0..SLOTS {
        fill(&store, number, now_ns - (SLOTS - number) * SLOT_NS).await?;
    }

    let server = Server::start_on(program, &database.url(), &[]).await?;
    let begin = Instant::now();
    let (stop, sent) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let url = server.otlp("/v1/traces");
    let feeder = tokio::spawn(feed(
        http.clone(),
        url,
        background,
        Arc::clone(&stop),
        Arc::clone(&sent),
    ));
    wait_for_journal(&server, http).await?;
    let took = begin.elapsed();
    let more = sent.load(Ordering::Relaxed);
    let late = until_compacted(&store, now_ns, begin).await?;
    stop.store(true, Ordering::Relaxed);
    feeder.await??;
    let conditions = format!("{SLOTS} slots of {TRACES} traces late, {background} spans/s more");
    report.row(
        "recovery: journal",
        format!("{:.0} spans/s", (spans + more) as f64 / took.as_secs_f64()),
        format!("{requests} requests waiting; {conditions}"),
    );
    report.row("recovery: slots", format!("{:.0} s", late.as_secs_f64()), conditions);
    server.stop().await?;
    store.close().await;
    database.stop().await?;
    Ok(())
}

fn spans_of(load: &Load) -> usize {
    load.bodies.iter().map(|body| body.spans).sum()
}

/// Writes fragments as workers did that no compactor has followed.
async fn fill(store: &Store, number: u64, at_ns: u64) -> Result<()> {
    let resource = Resource {
        service: "late".into(),
        ..Resource::default()
    };
    let spans: Result<Vec<Span>> = (0..TRACES).map(|trace| span(number * TRACES + trace, at_ns)).collect();
    let batch = Batch::Spans(SpanBatch {
        resources: vec![resource],
        scopes: vec![Scope::default()],
        spans: spans?,
    });
    let made = transform(vec![batch], &OperationBound::default());
    let mut tx = store.begin().await?;
    write_fragments(&mut tx, at_ns, &made.traces).await?;
    Ok(tx.commit().await?)
}

fn span(number: u64, at_ns: u64) -> Result<Span> {
    // Spread over the index, as random ids are.
    let id = (u128::from(number) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    Ok(Span {
        trace_id: TraceId::from_bytes(&id.to_be_bytes())?,
        span_id: SpanId::from_bytes(&(number + 1).to_be_bytes())?,
        parent: None,
        name: "call".into(),
        kind: SpanKind::Client,
        start_ns: at_ns,
        end_ns: at_ns,
        status: StatusCode::Unset,
        status_message: "".into(),
        trace_state: "".into(),
        attributes: Attributes::default(),
        events: Vec::new(),
        links: Vec::new(),
        dropped: [0; 3],
        resource: 0,
        scope: 0,
    })
}

async fn until_compacted(store: &Store, now_ns: u64, begin: Instant) -> Result<Duration> {
    while begin.elapsed() < DEADLINE {
        if settled_slots(&mut *store.conn().await?, now_ns).await?.is_empty() {
            return Ok(begin.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("the slots were not compacted within {DEADLINE:?}")
}
