//! The wiring, from the settings to the end.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use pointsman_control::people::PeopleSettings;
use pointsman_control::{Clock, Control, ControlSettings, LoopOptions, Loops};
use pointsman_ingest::otlp::wrong_port::Ports;
use pointsman_ingest::otlp::{self, Limits, Receiver};
use pointsman_store::journal::{JournalOptions, JournalWriter};
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::connections::{self, Port};
use super::database::Database;
use super::free_disk;
use super::ingest_gate::IngestGate;
use super::journal_sink::JournalSink;
use super::listeners::{Open, Reserved};
use super::signals;
use super::tls::Tls;
use crate::logging;
use crate::settings::ServeSettings;
use crate::web::{self, AppState, Oidc, ReadFile, Site, Web};

/// Runs the server until it is asked to end. Errors: a sentence that says what keeps it from starting.
pub async fn run(settings: ServeSettings, site: ReadFile) -> Result<()> {
    settings.check()?;
    logging::start(&settings.logs)?;
    let tls = Tls::load(&settings.tls)?;
    let oidc = Oidc::new(&settings.oidc, settings.access.public_url.as_ref())?;
    let stop = signals::listen()?;
    let reserved = Reserved::bind(&settings.listen)?;
    tracing::info!(service.version = env!("CARGO_PKG_VERSION"), "starting");
    let Some(database) = Database::open(&settings.database, &settings.retention, &stop).await? else {
        return Ok(());
    };
    let served = serve(&settings, reserved, tls, oidc, Site::open(site), &database, stop).await;
    database.close().await;
    tracing::info!("ended");
    served
}

async fn serve(
    settings: &ServeSettings,
    reserved: Reserved,
    tls: Option<Tls>,
    oidc: Option<Oidc>,
    site: Site,
    database: &Database,
    stop: CancellationToken,
) -> Result<()> {
    let open = reserved.open()?;
    let mut registry = Registry::default();
    let clock = Clock::of_database(&database.store, settings.clock.offset_ns()).await;
    let clock = clock.context("can't ask the database for its time")?;
    let public_url = settings
        .access
        .public_url
        .as_ref()
        .map(crate::settings::PublicUrl::origin);
    let control = Control::new(database.store.clone(), control_settings(settings), clock.clone());
    let control = control
        .with_public_url(public_url)
        .with_report_zone(&settings.reports.report_zone)
        .with_secret_keys(settings.secrets.keys()?);
    control.register(&mut registry);
    let receiver = receiver(settings, database, clock, &mut registry);
    let loop_metrics = pointsman_control::Metrics::register(&mut registry);
    let options = LoopOptions {
        workers: settings.limits.workers,
        keep: settings.limits.keep_every,
        ..LoopOptions::default()
    };
    if let Some(folder) = database.private_folder() {
        free_disk::watch(
            &database.store,
            folder,
            settings.limits.min_free_disk as u64,
            stop.clone(),
        );
    }
    let loops = Loops::spawn(&control, options, loop_metrics);
    let http_addr = open.http.local_addr()?;
    let otlp_ports = Ports {
        grpc: open.otlp_grpc.local_addr()?.port(),
        http: open.otlp_http.local_addr()?.port(),
    };
    let web = web::router(Web {
        state: AppState::new(control.clone(), &settings.access, oidc),
        site,
        store: database.store.clone(),
        registry,
        http_addr,
        otlp_ports,
        pulse: loops.pulse(),
        stop: stop.clone(),
    });
    let gate = IngestGate::new(control.clone(), takes_no_token(settings, &open.otlp_grpc)?);
    let grpc = otlp::grpc::router(receiver.clone(), gate.clone(), otlp_ports);
    let gate = gate.beside(takes_no_token(settings, &open.otlp_http)?);
    let http = otlp::http::router(receiver, gate, otlp_ports);
    let http = match settings.cors.origins() {
        None => http,
        Some(origins) => http.layer(otlp::cors::layer(origins)),
    };
    let acceptor = tls.as_ref().map(Tls::acceptor).transpose()?;
    announce(&open, http_addr, tls.is_some())?;
    if let Some(tls) = tls {
        tokio::spawn(tls.watch(stop.clone()));
    }
    let port = |name, listener: TcpListener, router| Port {
        name,
        listener,
        tls: acceptor.clone(),
        router,
    };
    let drain = settings.limits.drain;
    // Loops and requests need nothing of each other: both have the whole time to end.
    let stopping = async {
        stop.cancelled().await;
        loops.stop_within(drain).await;
    };
    // The database may not answer; that keeps nobody from being served, or the server from ending.
    let told = async {
        tokio::select! {
            () = stop.cancelled() => {}
            () = tell_set_up(&control, settings, http_addr) => {}
        }
    };
    tokio::join!(
        stopping,
        told,
        connections::serve(port("console", open.http, web), stop.clone(), drain),
        connections::serve(port("otlp.grpc", open.otlp_grpc, grpc), stop.clone(), drain),
        connections::serve(port("otlp.http", open.otlp_http, http), stop.clone(), drain),
    );
    Ok(())
}

/// How long what was read is kept for others who ask for the same. Pages look again at most once a second.
const READS_KEPT: Duration = Duration::from_secs(1);

fn control_settings(settings: &ServeSettings) -> ControlSettings {
    ControlSettings {
        thresholds: settings.health.thresholds(),
        people: PeopleSettings {
            session_idle: settings.access.session_idle,
            session_max: settings.access.session_max,
        },
        reads_kept: READS_KEPT,
    }
}

/// Whether a listener for OTLP takes telemetry from anybody who reaches it.
fn takes_no_token(settings: &ServeSettings, listener: &TcpListener) -> Result<bool> {
    Ok(settings.access.ingest_without_token || listener.local_addr()?.ip().to_canonical().is_loopback())
}

/// Where there is no admin yet: how to make the first one. Only who reads this log can.
async fn tell_set_up(control: &Control, settings: &ServeSettings, http_addr: SocketAddr) {
    match control.setup_link().await {
        Ok(None) => {}
        Ok(Some(link)) => {
            let own = || address(http_addr, settings.tls.files().is_some());
            let origin = settings.access.public_url.as_ref();
            let origin = origin.map_or_else(own, |url| url.origin().to_owned());
            tracing::warn!(
                "There is no admin yet. Make the first one within 24 hours at {origin}/setup?link={}",
                link.reveal()
            );
        }
        Err(problem) => tracing::error!(error = %problem, "can't tell whether there is an admin"),
    }
}

/// Under which address the console can be opened from this machine.
fn address(http_addr: SocketAddr, tls: bool) -> String {
    let scheme = if tls { "https" } else { "http" };
    if http_addr.ip().is_unspecified() {
        return format!("{scheme}://localhost:{}", http_addr.port());
    }
    format!("{scheme}://{http_addr}")
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
        max_bytes: settings.limits.journal_max_bytes as u64,
        max_age: settings.limits.journal_max_age,
        ..JournalOptions::default()
    };
    let writer = JournalWriter::spawn(&database.store, journal);
    let metrics = pointsman_ingest::metrics::Metrics::register(registry);
    Receiver::new(JournalSink(writer), limits, move || clock.now_ns(), metrics)
}

/// One line on standard output, for whoever started the server: where the console is.
fn announce(open: &Open, http_addr: SocketAddr, tls: bool) -> Result<()> {
    let (grpc, http) = (open.otlp_grpc.local_addr()?, open.otlp_http.local_addr()?);
    tracing::info!(server.address = %http_addr, otlp.grpc.address = %grpc, otlp.http.address = %http, "ready");
    // Nobody may be reading; the server runs all the same.
    let mut out = std::io::stdout().lock();
    let scheme = if tls { "https" } else { "http" };
    let _ = writeln!(
        out,
        "Pointsman is ready: {scheme}://{http_addr} (OTLP: gRPC {grpc}, HTTP {http})"
    );
    let _ = out.flush();
    Ok(())
}
