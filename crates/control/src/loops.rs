//! Starts the loops of a replica and stops them. Every loop of every replica is equal: what must run once at a time
//! holds an advisory lock of the database while it works.

mod bounds;
mod compact;
mod compactor;
mod evaluator;
mod gauges;
mod keeper;
mod listener;
mod merger;
mod outage;
mod periodic;
mod sender;
mod supervise;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub(crate) use supervise::message;

use bounds::Bounds;
use supervise::supervised;

use crate::bus::Bus;
use crate::people::PeopleSettings;
use crate::{Clock, Console, Metrics};

/// How the loops of a replica run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoopOptions {
    /// How many workers take rows from the journal at once; 0 for none (another replica has them).
    pub workers: usize,
    /// How many spans and log records a worker takes at a time, at least one row.
    pub items_per_cycle: u32,
    /// How long a worker that was woken waits for more, so that a fragment holds more of its trace.
    pub gather: Duration,
    /// How often settled slots are compacted and deltas merged.
    pub upkeep: Duration,
    /// How often what has expired is dropped.
    pub keep: Duration,
}

impl Default for LoopOptions {
    /// Two workers, 20,000 items, 200 ms, 5 s, 60 s.
    fn default() -> Self {
        Self {
            workers: 2,
            items_per_cycle: 20_000,
            gather: Duration::from_millis(200),
            upkeep: Duration::from_secs(5),
            keep: Duration::from_secs(60),
        }
    }
}

/// What every loop has at hand.
#[derive(Debug, Clone)]
struct Context {
    store: pointsman_store::Store,
    clock: Clock,
    bus: Bus,
    metrics: Metrics,
    bounds: Arc<Bounds>,
    options: LoopOptions,
    people: PeopleSettings,
    public_url: Option<Arc<str>>,
    report_zone: Arc<str>,
    stop: CancellationToken,
}

/// The running loops of a replica. Dropped, they are cut off where they are, as in a crash.
#[derive(Debug)]
pub struct Loops {
    tasks: JoinSet<()>,
    stop: CancellationToken,
}

impl Loops {
    /// Starts workers, compactor, merger, keeper and bus on the current Tokio runtime.
    pub fn spawn(console: &Console, options: LoopOptions, metrics: Metrics) -> Self {
        let stop = CancellationToken::new();
        let context = Context {
            store: console.store.clone(),
            clock: console.clock.clone(),
            bus: console.bus.clone(),
            metrics,
            bounds: Arc::default(),
            options,
            people: console.settings.people,
            public_url: console.public_url.clone(),
            report_zone: console.report_zone().clone(),
            stop: stop.clone(),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(supervised("evaluator", context.clone(), evaluator::run));
        tasks.spawn(supervised("sender", context.clone(), sender::run));
        for _ in 0..context.options.workers {
            tasks.spawn(supervised("worker", context.clone(), worker::run));
        }
        tasks.spawn(supervised("bus", context.clone(), listener::listen));
        tasks.spawn(supervised("live", context.clone(), listener::tell));
        tasks.spawn(supervised("compactor", context.clone(), compactor::run));
        tasks.spawn(supervised("merger", context.clone(), merger::run));
        tasks.spawn(supervised("gauges", context.clone(), gauges::run));
        tasks.spawn(supervised("keeper", context, keeper::run));
        Self { tasks, stop }
    }

    /// Finishes what is under way and stops.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(error = %error, "a loop ended badly");
            }
        }
    }
}
