//! What all use cases stand on: the store, the clock, the bus and the settings.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use pointsman_domain::health::Thresholds;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::RangeSpec;
use pointsman_store::Store;
use pointsman_transform::evidence::Windows;
use prometheus_client::registry::Registry;
use tokio::sync::Semaphore;

use crate::Clock;
use crate::bus::Bus;
use crate::people::PeopleSettings;
use crate::reads::Reads;
use crate::secrets::SecretKeys;

/// What of the use cases can be set.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ControlSettings {
    /// From where on something is degraded or failing.
    pub thresholds: Thresholds,
    /// How long people stay signed in.
    pub people: PeopleSettings,
    /// How long what was read is kept for those who ask for the same, unless pages are told of something new before. Zero: only those who
    /// ask while it is read share it.
    pub reads_kept: Duration,
}

/// What the use cases stand on, and what only the server itself asks: whose a session or a token is. A surface holds it to make
/// [`crate::UseCases`] for whoever asks. Clones share store, clock and bus.
#[derive(Debug, Clone)]
pub struct Control {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) bus: Bus,
    pub(crate) settings: ControlSettings,
    /// Where people reach the console.
    pub(crate) public_url: Option<Arc<str>>,
    /// In which time zone the months of reports begin.
    report_zone: Arc<str>,
    /// By which the secrets of channels are encrypted.
    pub(crate) keys: SecretKeys,
    /// Whether anything was ever received, once that is known.
    pub(crate) any_data: Arc<AtomicBool>,
    /// So many may go through the recorded past at once.
    pub(crate) backtests: Arc<Semaphore>,
    pub(crate) reads: Arc<Reads>,
}

impl Control {
    /// The use cases over this store.
    pub fn new(store: Store, settings: ControlSettings, clock: Clock) -> Self {
        Self {
            reads: Arc::new(Reads::new(&store, settings.reads_kept)),
            store,
            clock,
            bus: Bus::default(),
            settings,
            public_url: None,
            report_zone: Arc::from("UTC"),
            keys: SecretKeys::default(),
            any_data: Arc::default(),
            backtests: Arc::new(Semaphore::new(crate::promise::slo::AT_ONCE)),
        }
    }

    /// Registers what is counted of reads, under `pointsman_...`.
    pub fn register(&self, registry: &mut Registry) {
        self.reads.register(registry);
    }

    /// The same, knowing where people reach it: for the links in what is sent to them.
    #[must_use]
    pub fn with_public_url(self, url: Option<&str>) -> Self {
        Self {
            public_url: url.map(Arc::from),
            ..self
        }
    }

    /// The same, with reports of months that begin in this time zone, by its IANA name; see [`crate::promise::report::is_zone`].
    #[must_use]
    pub fn with_report_zone(self, zone: &str) -> Self {
        Self {
            report_zone: Arc::from(zone),
            ..self
        }
    }

    /// The same, encrypting the secrets of channels by these keys.
    #[must_use]
    pub fn with_secret_keys(self, keys: SecretKeys) -> Self {
        Self { keys, ..self }
    }

    /// Now, by the clock that all replicas share, in nanoseconds since the Unix epoch.
    pub fn now_ns(&self) -> UnixNanos {
        self.clock.now_ns()
    }

    /// See [`Clock::skew_ns`].
    pub fn clock_skew_ns(&self) -> i64 {
        self.clock.skew_ns()
    }

    /// The windows of a range now.
    pub(crate) fn windows(&self, range: RangeSpec) -> Windows {
        let now_ns = self.clock.now_ns();
        let kept = self.store.retention();
        Windows::new(range.resolve(now_ns), now_ns, |resolution| kept.of(resolution))
    }

    /// In which time zone the months of reports begin.
    pub fn report_zone(&self) -> &Arc<str> {
        &self.report_zone
    }
}
