//! The use cases: what pages, REST and tests ask. Each reads rows through the store, and assembles its read model in a
//! function of rows, range and thresholds that knows no database.

use pointsman_domain::health::Thresholds;
use pointsman_domain::ids::TraceId;
use pointsman_domain::query::{LogQuery, TraceQuery};
use pointsman_domain::read::{
    Choices, LiveEvent, LogPage, Overview, PipelineStatus, ServiceDetail, Topology, TraceDetail, TracePage,
};
use pointsman_domain::time::RangeSpec;
use pointsman_store::Store;
use tokio::sync::broadcast;

use crate::{Bus, Clock, Problem};

/// What of the use cases can be set.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ConsoleSettings {
    /// From where on something is degraded or failing.
    pub thresholds: Thresholds,
}

/// The use cases. Clones share store, clock and bus.
#[derive(Clone)]
pub struct Console {
    store: Store,
    settings: ConsoleSettings,
    clock: Clock,
    bus: Bus,
}

impl Console {
    /// The use cases over this store.
    pub fn new(store: Store, settings: ConsoleSettings, clock: Clock) -> Self {
        Self {
            store,
            settings,
            clock,
            bus: Bus::default(),
        }
    }

    /// Every service, and what needs attention first.
    pub async fn overview(&self, range: RangeSpec) -> Result<Overview, Problem> {
        let _ = (range, &self.store, &self.settings, &self.clock);
        Err(Problem::Unavailable)
    }

    /// Who calls whom.
    pub async fn topology(&self, range: RangeSpec) -> Result<Topology, Problem> {
        let _ = range;
        Err(Problem::Unavailable)
    }

    /// One service; `None` where it was never heard of.
    pub async fn service(&self, name: &str, range: RangeSpec) -> Result<Option<ServiceDetail>, Problem> {
        let _ = (name, range);
        Err(Problem::Unavailable)
    }

    /// The traces that meet a query, newest first.
    pub async fn traces(&self, query: &TraceQuery) -> Result<TracePage, Problem> {
        let _ = query;
        Err(Problem::Unavailable)
    }

    /// One trace with its logs; `None` where nothing of it is stored.
    pub async fn trace(&self, id: TraceId) -> Result<Option<TraceDetail>, Problem> {
        let _ = id;
        Err(Problem::Unavailable)
    }

    /// The log records that meet a query, newest first.
    pub async fn logs(&self, query: &LogQuery) -> Result<LogPage, Problem> {
        let _ = query;
        Err(Problem::Unavailable)
    }

    /// What the filters can be chosen from.
    pub async fn choices(&self, service: Option<&str>) -> Result<Choices, Problem> {
        let _ = service;
        Err(Problem::Unavailable)
    }

    /// How far what is shown lags behind what was acknowledged.
    pub async fn status(&self) -> Result<PipelineStatus, Problem> {
        Err(Problem::Unavailable)
    }

    /// What changes from now on, at most one event a second for each topic.
    pub fn live(&self) -> broadcast::Receiver<LiveEvent> {
        self.bus.subscribe()
    }
}
