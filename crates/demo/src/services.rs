//! The services of the shop, one a module, and the process around each: telemetry, listening, word to the parent, end.

mod card_network;
mod cart;
mod catalog;
mod checkout;
mod notifier;
mod payments;
mod pricing;
mod shipping;
mod storefront;

use std::io::{BufRead, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::middleware::from_fn;
use rand::Rng;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::args::{ServiceArgs, ServiceName};
use crate::children::{FAULT_OFF, FAULT_ON, READY};
use crate::database::Database;
use crate::{rpc, telemetry, web};

/// How long a service may take to answer what it has accepted.
const DRAIN: Duration = Duration::from_secs(3);

/// What a service is made with.
struct Setting {
    args: ServiceArgs,
    database: Database,
    fault: watch::Receiver<bool>,
    stop: CancellationToken,
}

impl Setting {
    fn addresses(&self, peer: ServiceName) -> Vec<SocketAddr> {
        let of_it = self.args.peers.iter().filter(|known| known.name == peer.word());
        of_it.map(|known| known.addr).collect()
    }

    fn rpc(&self, peer: ServiceName) -> anyhow::Result<rpc::Client> {
        rpc::Client::new(&self.addresses(peer)).with_context(|| format!("--peer {}=ADDR is missing", peer.word()))
    }

    fn address(&self, peer: ServiceName) -> anyhow::Result<SocketAddr> {
        let first = self.addresses(peer).into_iter().next();
        first.with_context(|| format!("--peer {}=ADDR is missing", peer.word()))
    }

    fn web(&self, peer: ServiceName) -> anyhow::Result<web::Client> {
        self.address(peer).map(web::Client::new)
    }
}

/// Runs one instance until the parent closes its end of standard input, ends, or a signal comes.
pub async fn run(args: ServiceArgs) -> anyhow::Result<()> {
    // Together with standard input, which ends with the parent, this leaves no orphan however the parent ends.
    nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGTERM)?;
    let traced = args.name != ServiceName::CardNetwork;
    let telemetry = if traced { Some(telemetry::start(&args)?) } else { None };
    let stop = CancellationToken::new();
    let (fault, told) = watch::channel(false);
    listen_to_parent(fault, stop.clone());
    let setting = Setting {
        database: Database::new(&args.database_url)?,
        args,
        fault: told,
        stop: stop.clone(),
    };
    let served = serve(setting).await;
    if let Some(telemetry) = telemetry {
        telemetry.stop().await;
    }
    served
}

async fn serve(setting: Setting) -> anyhow::Result<()> {
    let (name, port, stop) = (setting.args.name, setting.args.port, setting.stop.clone());
    let router = router(setting)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("cannot listen on port {port}"))?;
    // The parent waits for this line. If it has gone meanwhile, so does this process.
    let addr = listener.local_addr()?;
    writeln!(std::io::stdout(), "{READY}{addr}")?;
    tracing::info!(server.port = i64::from(addr.port()), "{} is ready", name.word());

    let mut terminate = signal(SignalKind::terminate())?;
    let end = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => end.cancel(),
            () = end.cancelled() => {}
        }
    });
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        ended = serving.into_future() => ended?,
        () = async { stop.cancelled().await; tokio::time::sleep(DRAIN).await } => {}
    }
    Ok(())
}

fn router(setting: Setting) -> anyhow::Result<Router> {
    let http = |router: Router| router.layer(from_fn(web::traced));
    Ok(match setting.args.name {
        ServiceName::Storefront => http(storefront::router(&setting)?),
        ServiceName::Catalog => http(catalog::router(&setting)),
        ServiceName::Cart => cart::router(&setting)?,
        ServiceName::Pricing => pricing::router(&setting),
        ServiceName::Checkout => http(checkout::router(&setting)?),
        ServiceName::Payments => payments::router(&setting)?,
        ServiceName::Shipping => http(shipping::router(&setting)),
        ServiceName::Notifier => notifier::start(setting),
        ServiceName::CardNetwork => card_network::router(),
    })
}

/// Reads the parent's words, a line each; the end of them is the end of the process.
fn listen_to_parent(fault: watch::Sender<bool>, stop: CancellationToken) {
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            match line.as_deref() {
                Ok(FAULT_ON) => drop(fault.send(true)),
                Ok(FAULT_OFF) => drop(fault.send(false)),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        stop.cancel();
        // Should the orderly end hang, this one does not.
        std::thread::park_timeout(DRAIN * 3);
        std::process::exit(1);
    });
}

/// The work that a real service would do here: some milliseconds, now and then three times as many.
async fn work(milliseconds: std::ops::Range<u64>) {
    let time = {
        let mut random = rand::rng();
        let time = random.random_range(milliseconds.start * 1000..milliseconds.end * 1000);
        if random.random_bool(0.03) { time * 3 } else { time }
    };
    tokio::time::sleep(Duration::from_micros(time)).await;
}
