//! Starts the loops of a replica and stops them. Every loop of every replica is equal: what must run once at a time
//! holds an advisory lock of the database while it works.

mod bounds;
mod clock;
mod compact;
mod compactor;
mod evaluator;
mod gauges;
mod keeper;
mod listener;
mod merger;
mod outage;
mod periodic;
mod pulse;
mod sender;
mod supervise;
mod worker;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::StoreError;
use tokio::task::{Id, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

pub(crate) use supervise::message;

use bounds::Bounds;
use supervise::supervised;

use crate::bus::Bus;
use crate::people::PeopleSettings;
use crate::secrets::SecretKeys;
use crate::{Clock, Control, Metrics};

pub use pulse::Pulse;

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
    /// How long one step of a loop may take before it is cut off and begun again.
    pub step: Duration,
}

impl Default for LoopOptions {
    /// Two workers, 20,000 items, 200 ms, 5 s, 60 s, 10 min.
    fn default() -> Self {
        Self {
            workers: 2,
            items_per_cycle: 20_000,
            gather: Duration::from_millis(200),
            upkeep: Duration::from_secs(5),
            keep: Duration::from_secs(60),
            step: Duration::from_secs(600),
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
    keys: SecretKeys,
    stop: CancellationToken,
    pulse: Pulse,
}

impl Context {
    /// Waits so long, or until it is time to stop.
    async fn pause(&self, length: Duration) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = tokio::time::sleep(length) => {}
        }
    }

    /// Now, for what can't be made good again, by [`Clock::agreed_ns`]; `None` where this replica is to leave it to others, which is counted
    /// under this name.
    async fn agreed_ns(&self, name: &'static str) -> Result<Option<UnixNanos>, StoreError> {
        let agreed = self.clock.agreed_ns(&self.store).await?;
        if agreed.is_none() {
            self.metrics.left_to_others(name);
        }
        Ok(agreed)
    }
}

/// The running loops of a replica. Dropped, they are cut off where they are, as in a crash.
#[derive(Debug)]
pub struct Loops {
    tasks: JoinSet<()>,
    running: HashMap<Id, &'static str>,
    stop: CancellationToken,
    pulse: Pulse,
}

impl Loops {
    /// Starts workers, compactor, merger, keeper and bus on the current Tokio runtime.
    pub fn spawn(control: &Control, options: LoopOptions, metrics: Metrics) -> Self {
        let stop = CancellationToken::new();
        let context = Context {
            store: control.store.clone(),
            clock: control.clock.clone(),
            bus: control.bus.clone(),
            metrics,
            bounds: Arc::default(),
            options,
            people: control.settings.people,
            public_url: control.public_url.clone(),
            report_zone: control.report_zone().clone(),
            keys: control.keys.clone(),
            stop: stop.clone(),
            pulse: Pulse::default(),
        };
        let mut loops = Self {
            tasks: JoinSet::new(),
            running: HashMap::new(),
            stop,
            pulse: context.pulse.clone(),
        };
        loops.start("clock", &context, clock::run);
        loops.start("evaluator", &context, evaluator::run);
        loops.start("sender", &context, sender::run);
        for _ in 0..context.options.workers {
            loops.start("worker", &context, worker::run);
        }
        loops.start("bus", &context, listener::listen);
        loops.start("live", &context, listener::tell);
        loops.start("compactor", &context, compactor::run);
        loops.start("merger", &context, merger::run);
        loops.start("gauges", &context, gauges::run);
        loops.start("keeper", &context, keeper::run);
        loops
    }

    /// Whether they go on.
    pub fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    fn start<F>(&mut self, name: &'static str, context: &Context, run: impl FnMut(Context) -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let task = self.tasks.spawn(supervised(name, context.clone(), run));
        self.running.insert(task.id(), name);
    }

    /// Finishes what is under way and stops. What has not ended after `limit` is cut off where it is, as in a crash.
    pub async fn stop_within(mut self, limit: Duration) {
        self.stop.cancel();
        let (tasks, running) = (&mut self.tasks, &mut self.running);
        let ending = async {
            while let Some(ended) = tasks.join_next_with_id().await {
                let id = match ended {
                    Ok((id, ())) => id,
                    Err(error) => {
                        tracing::error!(error = %error, "a loop ended badly");
                        error.id()
                    }
                };
                running.remove(&id);
            }
        };
        if timeout(limit, ending).await.is_err() {
            let loops: Vec<_> = self.running.values().collect();
            tracing::warn!(?loops, ?limit, "loops did not end in time and are cut off");
        }
    }

    /// Finishes what is under way and stops, however long that takes.
    pub async fn stop(self) {
        self.stop_within(Duration::MAX).await;
    }
}
