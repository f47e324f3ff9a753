//! The wiring, from the settings to the end.

use std::io::Write;
use std::net::SocketAddr;

use anyhow::Result;
use pointsman_control::{Clock, Console, ConsoleSettings, LoopOptions, Loops};
use pointsman_ingest::otlp::{self, Limits, Receiver};
use pointsman_store::journal::{JournalOptions, JournalWriter};
use prometheus_client::registry::Registry;
use tokio_util::sync::CancellationToken;

use super::connections;
use super::database::Database;
use super::journal_sink::JournalSink;
use super::listeners::{Open, Reserved};
use super::signals;
use crate::logging;
use crate::settings::ServeSettings;
use crate::web::{self, Web};

/// Runs the server until it is asked to end. Errors: a sentence that says what keeps it from starting.
pub async fn run(settings: ServeSettings) -> Result<()> {
    settings.check()?;
    logging::start(&settings.logs)?;
    let stop = signals::listen()?;
    let reserved = Reserved::bind(&settings.listen)?;
    tracing::info!(service.version = env!("CARGO_PKG_VERSION"), "starting");
    let Some(database) = Database::open(&settings.database, &settings.retention, &stop).await? else {
        return Ok(());
    };
    let served = serve(&settings, reserved, &database, stop).await;
    database.close().await;
    tracing::info!("ended");
    served
}

async fn serve(
    settings: &ServeSettings,
    reserved: Reserved,
    database: &Database,
    stop: CancellationToken,
) -> Result<()> {
    let open = reserved.open()?;
    let mut registry = Registry::default();
    let clock = Clock::system();
    let thresholds = settings.health.thresholds();
    let console_settings = ConsoleSettings {
        thresholds,
        ..ConsoleSettings::default()
    };
    let console = Console::new(database.store.clone(), console_settings, clock.clone());
    let receiver = receiver(settings, database, clock, &mut registry);
    let loop_metrics = pointsman_control::Metrics::register(&mut registry);
    let options = LoopOptions {
        workers: settings.limits.workers,
        ..LoopOptions::default()
    };
    let loops = Loops::spawn(&console, options, loop_metrics);
    let http_addr = open.http.local_addr()?;
    let web = web::router(Web {
        console,
        store: database.store.clone(),
        registry,
        http_addr,
        ready_max_lag: settings.limits.ready_max_lag,
        stop: stop.clone(),
    });
    announce(&open, http_addr)?;
    let drain = settings.limits.drain;
    tokio::join!(
        connections::serve("console", open.http, web, stop.clone(), drain),
        connections::serve(
            "otlp.grpc",
            open.otlp_grpc,
            otlp::grpc::router(receiver.clone()),
            stop.clone(),
            drain
        ),
        connections::serve("otlp.http", open.otlp_http, otlp::http::router(receiver), stop, drain),
    );
    loops.stop().await;
    Ok(())
}

fn receiver(
    settings: &ServeSettings,
    database: &Database,
    clock: Clock,
    registry: &mut Registry,
) -> Receiver<JournalSink> {
    let limits = Limits {
        body_bytes: settings.limits.max_body,
        decompressed_bytes: settings.limits.max_decompressed,
        bytes_in_flight: settings.limits.max_in_flight,
        retention: settings.retention.retention,
        ..Limits::default()
    };
    let journal = JournalOptions {
        max_bytes_in_flight: settings.limits.max_in_flight,
        ..JournalOptions::default()
    };
    let writer = JournalWriter::spawn(&database.store, journal);
    let metrics = pointsman_ingest::metrics::Metrics::register(registry);
    Receiver::new(JournalSink(writer), limits, move || clock.now_ns(), metrics)
}

/// One line on standard output, for whoever started the server: where the console is.
fn announce(open: &Open, http_addr: SocketAddr) -> Result<()> {
    let (grpc, http) = (open.otlp_grpc.local_addr()?, open.otlp_http.local_addr()?);
    tracing::info!(server.address = %http_addr, otlp.grpc.address = %grpc, otlp.http.address = %http, "ready");
    // Nobody may be reading; the server runs all the same.
    let mut out = std::io::stdout().lock();
    let _ = writeln!(
        out,
        "Pointsman is ready: http://{http_addr} (OTLP: gRPC {grpc}, HTTP {http})"
    );
    let _ = out.flush();
    Ok(())
}
