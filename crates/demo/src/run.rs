//! The parent: starts Pointsman, the database, the services and the load in order, follows them, switches the fault, and
//! stops everything in the opposite order.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use pointsman_localpg::LocalPg;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use crate::args::{RunArgs, ServiceName};
use crate::children::{Child, FAULT_OFF, FAULT_ON};
use crate::control::{Endpoint, Switch};
use crate::load::{self, Tally};
use crate::people::{self, Account};
use crate::{database, pointsman, promises};

/// How often the parent looks after its children.
const LOOK: Duration = Duration::from_millis(250);

/// How often it says how the load goes.
const SUMMARY: Duration = Duration::from_secs(60);

/// How long a service may take to stop, and Pointsman with its database.
const SERVICE_GRACE: Duration = Duration::from_secs(8);
const POINTSMAN_GRACE: Duration = Duration::from_secs(60);

/// The processes of the shop in the order in which they start: each after those that it calls.
const SHOP: [(ServiceName, &str, &str); 12] = [
    (ServiceName::CardNetwork, "card-network", "1.0.0"),
    (ServiceName::Catalog, "catalog-1", "3.2.0"),
    (ServiceName::Pricing, "pricing-1", "1.9.2"),
    (ServiceName::Cart, "cart-1", "2.5.1"),
    (ServiceName::Payments, "payments-1", "1.4.0"),
    (ServiceName::Payments, "payments-2", "1.4.0"),
    (ServiceName::Payments, "payments-3", "2.0.0"),
    (ServiceName::Payments, FAULTY, "2.0.0"),
    (ServiceName::Shipping, "shipping-1", "1.1.0"),
    (ServiceName::Notifier, "notifier-1", "1.0.3"),
    (ServiceName::Checkout, "checkout-1", "4.0.1"),
    (ServiceName::Storefront, "storefront-1", "5.3.0"),
];

/// The node that has the fault.
const FAULTY: &str = "payments-4";

/// What runs, in the order in which it was started.
#[derive(Default)]
struct House {
    pointsman: Option<Child>,
    shop: Vec<Child>,
}

/// Where things are.
struct Places {
    data_dir: PathBuf,
    logs: PathBuf,
    console: String,
    otlp: String,
}

/// Runs the demo until Ctrl-C or SIGTERM.
pub async fn run(args: RunArgs) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let places = Places::new(&args)?;
    let mut house = House::default();
    let outcome = tokio::select! {
        outcome = demo(&args, &places, &mut house) => outcome,
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    };
    println!("\nStopping (again: at once).");
    tokio::select! {
        () = house.stop(&places) => {}
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    outcome
}

impl Places {
    fn new(args: &RunArgs) -> anyhow::Result<Self> {
        let data_dir = std::path::absolute(&args.data_dir)?;
        let logs = data_dir.join("logs");
        std::fs::create_dir_all(&logs).with_context(|| format!("cannot make the folder {}", logs.display()))?;
        let otlp = args.otlp_endpoint.clone();
        Ok(Self {
            data_dir,
            logs,
            console: pointsman::url(args.http_addr),
            otlp: otlp.unwrap_or_else(|| pointsman::url(args.otlp_grpc_addr)),
        })
    }
}

async fn demo(args: &RunArgs, places: &Places, house: &mut House) -> anyhow::Result<()> {
    if !args.no_serve {
        println!(
            "Starting Pointsman and its database in {} ...",
            places.data_dir.display()
        );
        house.pointsman = Some(pointsman::start(args, &places.data_dir, &places.logs)?);
    }
    // With an endpoint of its own and no Pointsman of ours there is nothing to wait for.
    if !args.no_serve || args.otlp_endpoint.is_none() {
        pointsman::ready(&places.console, house.pointsman.as_mut()).await?;
    }
    let url = pointsman::database_url(args, &places.data_dir)?;
    // A Pointsman that somebody else runs has accounts of its own.
    let accounts = if args.no_serve {
        Vec::new()
    } else {
        let accounts = people::prepare(&url).await?;
        promises::prepare(&url).await?;
        accounts
    };
    println!("Starting the shop ...");
    let database = database::prepare(&url).await?;
    let token = if args.no_serve || args.otlp_grpc_addr.ip().is_loopback() {
        None
    } else {
        Some(people::shop_token(&url).await?)
    };
    let addresses = house.open_shop(args, places, &database, token.as_deref()).await?;
    let storefront = addresses
        .get(ServiceName::Storefront.word())
        .and_then(|nodes| nodes.first());
    let storefront = pointsman::url(*storefront.context("the storefront has no address")?);

    let switch = Switch::new(args.fault, FAULTY);
    let control_port = if args.base_port == 0 {
        0
    } else {
        args.base_port + SHOP.len() as u16
    };
    let control = Endpoint::start(switch.clone(), control_port, &places.data_dir).await?;
    let tally = Arc::new(Tally::default());
    introduce(args, places, house, &accounts, &storefront, &control.url);
    tokio::select! {
        outcome = house.look_after(&switch, &tally) => outcome,
        () = load::run(storefront, args.rate, args.seed, tally.clone()) => Ok(()),
    }
}

/// Says what runs and how to go on.
fn introduce(args: &RunArgs, places: &Places, house: &House, accounts: &[Account], storefront: &str, control: &str) {
    println!();
    if !args.no_serve || args.otlp_endpoint.is_none() {
        println!("  Console     {}", places.console);
    }
    println!("  Storefront  {storefront}  ({} requests a second come in)", args.rate);
    println!("  Telemetry   OTLP/gRPC to {}", places.otlp);
    println!("  Logs        {}", places.logs.display());
    println!("  Processes   {}", house.names());
    println!(
        "\n  One node, {FAULTY} (payments 2.0.0), has a fault that comes and goes. Another terminal can switch it:"
    );
    println!("    pointsman demo fault on|off|auto|status --url {control}");
    if !accounts.is_empty() {
        println!("\n  Anybody at this machine reads. To do more, sign in; these passwords hold for this run:");
        print!("{}", people::table(accounts));
    }
    println!("\n  Ctrl-C stops everything.\n");
}

impl House {
    fn names(&self) -> String {
        let all = self.pointsman.iter().chain(&self.shop);
        all.map(|child| child.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// Starts the services, each when those that it calls are ready, and gives their addresses by name.
    async fn open_shop(
        &mut self,
        args: &RunArgs,
        places: &Places,
        database: &str,
        token: Option<&str>,
    ) -> anyhow::Result<HashMap<&'static str, Vec<SocketAddr>>> {
        let mut addresses = HashMap::<_, Vec<SocketAddr>>::new();
        let mut peers = Vec::new();
        for (turn, (name, instance, version)) in SHOP.into_iter().enumerate() {
            let port = if args.base_port == 0 {
                0
            } else {
                args.base_port + turn as u16
            };
            let mut command = Command::new(std::env::current_exe()?);
            command
                .args([
                    "demo",
                    "service",
                    name.word(),
                    "--instance",
                    instance,
                    "--version",
                    version,
                ])
                .args(["--port", &port.to_string(), "--otlp-endpoint", &places.otlp])
                .args(&peers)
                .env("SHOP_DATABASE_URL", database)
                // A service of the shop needs few threads and little memory.
                .env("TOKIO_WORKER_THREADS", "2")
                .env("MALLOC_ARENA_MAX", "2");
            if let Some(token) = token {
                // As every OpenTelemetry SDK reads it.
                command.env("OTEL_EXPORTER_OTLP_HEADERS", format!("authorization=Bearer%20{token}"));
            }
            let child = Child::spawn(instance, command, &places.logs, true)?;
            self.shop.push(child);
            let child = self.shop.last_mut().context("just pushed")?;
            let addr = child.ready().await?;
            addresses.entry(name.word()).or_default().push(addr);
            peers.push(format!("--peer={}={addr}", name.word()));
        }
        Ok(addresses)
    }

    /// Switches the fault, names the dead and counts, until Pointsman dies.
    async fn look_after(&mut self, switch: &Switch, tally: &Tally) -> anyhow::Result<()> {
        let mut faulty = false;
        let mut counted = Instant::now();
        let mut before = (0, 0);
        loop {
            tokio::time::sleep(LOOK).await;
            let state = switch.state();
            if state.on != faulty {
                faulty = state.on;
                self.switch_fault(faulty).await;
                let until = state
                    .changes_in
                    .map_or(String::new(), |time| format!(" for {} s", time.as_secs()));
                println!(
                    "{}: the fault of {FAULTY} is {}{until}",
                    clock(),
                    if faulty { "on" } else { "off" }
                );
            }
            for child in &mut self.shop {
                if let Some(status) = child.died() {
                    println!("{}: {} ended ({status}) and is not started again:", clock(), child.name);
                    println!("{}", child.last_lines());
                }
            }
            if let Some(child) = &mut self.pointsman
                && let Some(status) = child.died()
            {
                bail!("pointsman serve ended ({status}):\n{}", child.last_lines());
            }
            if counted.elapsed() >= SUMMARY {
                before = summary(tally, before, counted.elapsed());
                counted = Instant::now();
            }
        }
    }

    async fn switch_fault(&mut self, on: bool) {
        let word = if on { FAULT_ON } else { FAULT_OFF };
        for child in self.shop.iter_mut().filter(|child| child.name == FAULTY) {
            child.tell(word).await;
        }
    }

    /// Stops everything: callers before those they call, Pointsman last, so that it hears the last words.
    async fn stop(self, places: &Places) {
        for child in self.shop.into_iter().rev() {
            let name = child.name.clone();
            if !child.stop(SERVICE_GRACE).await {
                println!(
                    "{name} did not stop within {} s and was killed",
                    SERVICE_GRACE.as_secs()
                );
            }
        }
        let Some(child) = self.pointsman else { return };
        if !child.stop(POINTSMAN_GRACE).await {
            println!(
                "Pointsman did not stop within {} s and was killed",
                POINTSMAN_GRACE.as_secs()
            );
        }
        // One that crashed has left its database running.
        if let Err(error) = LocalPg::stop_left_over(&places.data_dir).await {
            println!("the private PostgreSQL did not stop: {error}");
        }
    }
}

/// Says how the load went since `before`, which is requests and failures then; answers those now.
fn summary(tally: &Tally, before: (u64, u64), time: Duration) -> (u64, u64) {
    let now = (
        tally.requests.load(Ordering::Relaxed),
        tally.failed.load(Ordering::Relaxed),
    );
    let (requests, failed) = (now.0 - before.0, now.1 - before.1);
    let rate = requests as f64 / time.as_secs_f64();
    let share = 100.0 * failed as f64 / (requests as f64).max(1.0);
    let skipped = match tally.skipped.swap(0, Ordering::Relaxed) {
        0 => String::new(),
        journeys => format!(", {journeys} journeys not begun: too many under way"),
    };
    println!(
        "{}: {rate:.1} requests/s, {failed} of {requests} failed ({share:.1} %){skipped}",
        clock()
    );
    now
}

/// The time of day, UTC.
fn clock() -> String {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = now.as_secs() % 86_400;
    format!("{:02}:{:02}:{:02} UTC", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
