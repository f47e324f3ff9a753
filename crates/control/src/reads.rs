//! How callers' reads are kept from standing in each other's way, and in that of everything else.
//!
//! ```text
//! use case --may--> [ shared ] --> [ turns ] --> [ thread ] --> store
//!                      |             |             +- rows are decoded and added up beside the runtime; ends with its request
//!                      |             +- a few at once for each reader, so many for all; else busy
//!                      +- what is asked for again while it is read, or just after, is read once
//! ```
//!
//! Invariant: what a caller may is asked before, never kept; and what is shared is the same for all who may ask for it.

mod shared;
mod thread;
mod turns;

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use pointsman_domain::Text;
use pointsman_domain::ids::TraceId;
use pointsman_domain::people::Services;
use pointsman_domain::query::{LogQuery, TraceQuery};
use pointsman_domain::read::{Choices, LogPage, Overview, ServiceDetail, Topology, TraceDetail, TracePage};
use pointsman_store::{Connection, Store, Tx};
use pointsman_transform::evidence::WindowsKey;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

pub(crate) use shared::Shared;
use shared::Weighed;
use turns::{Turn, Turns};

use crate::access::Actor;
use crate::{Problem, UseCases};

/// Which read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct ReadLabel {
    read: &'static str,
}

/// Which services a caller may read; `None`: all. What is told of others depends on it, so callers share only what they read with the same.
pub(crate) type Sight = Option<BTreeSet<Text>>;

/// Who reads, and what was read just now.
pub(crate) struct Reads {
    turns: Turns,
    made: Family<ReadLabel, Counter>,
    busy: Counter,
    pub(crate) overview: Shared<WindowsKey, Overview>,
    pub(crate) topology: Shared<WindowsKey, Topology>,
    pub(crate) service: Shared<(Text, WindowsKey, Sight), Option<ServiceDetail>>,
    pub(crate) choices: Shared<Option<Text>, Choices>,
    pub(crate) traces: Shared<(TraceQuery, Sight), TracePage>,
    pub(crate) trace: Shared<TraceId, Option<TraceDetail>>,
    pub(crate) logs: Shared<LogQuery, LogPage>,
}

impl std::fmt::Debug for Reads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reads")
            .field("turns", &self.turns)
            .finish_non_exhaustive()
    }
}

impl Reads {
    /// Of this store; what was read is kept for so long.
    pub(crate) fn new(store: &Store, kept: Duration) -> Self {
        let made = Family::default();
        Self {
            turns: Turns::new(store.readers()),
            busy: Counter::default(),
            overview: Shared::new("overview", kept, &made),
            topology: Shared::new("topology", kept, &made),
            service: Shared::new("service", kept, &made),
            choices: Shared::new("choices", kept, &made),
            traces: Shared::new("traces", kept, &made),
            trace: Shared::new("trace", kept, &made),
            logs: Shared::new("logs", kept, &made),
            made,
        }
    }

    /// Registers what is counted under `pointsman_...`.
    pub(crate) fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("pointsman");
        let made = "Reads of pages and programs that were made; what several ask for at once is one";
        registry.register("reads", made, self.made.clone());
        let busy = "Reads that were refused because too many waited";
        registry.register("reads_refused", busy, self.busy.clone());
    }
}

/// A reader's turn with a snapshot of the store.
#[derive(Debug)]
pub(crate) struct Snapshot {
    tx: Tx,
    _turn: Turn,
}

impl Snapshot {
    /// Ends it at once.
    pub(crate) async fn rollback(self) -> Result<(), Problem> {
        Ok(self.tx.rollback().await?)
    }
}

impl Deref for Snapshot {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.tx
    }
}

impl DerefMut for Snapshot {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.tx
    }
}

impl UseCases {
    /// Which services the caller may read.
    pub(crate) fn sight(&self) -> Sight {
        match &self.caller().actor {
            Actor::Program(program) => match &program.services {
                Services::All => None,
                Services::Named(names) => Some(names.clone()),
            },
            _ => None,
        }
    }

    /// Waits for the caller's turn to read. Errors: `Busy` where it does not come, `Unavailable` where the database does not answer.
    async fn turn(&self) -> Result<Turn, Problem> {
        if let Some(turn) = self.control.reads.turns.turn(self.caller()).await {
            return Ok(turn);
        }
        // Nobody gets on either where the database has gone.
        self.control.store.ping().await?;
        self.control.reads.busy.inc();
        Err(Problem::Busy {
            seconds: turns::AGAIN_SECONDS,
        })
    }

    /// A snapshot to read little in, in the caller's turn. One that holds it must not ask for another.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, Problem> {
        let turn = self.turn().await?;
        Ok(Snapshot {
            tx: self.control.store.reader().await?,
            _turn: turn,
        })
    }

    /// Does in the caller's turn, beside the runtime, what reads much. It ends when this is dropped.
    pub(crate) async fn read_much<T, F>(&self, read: impl FnOnce(UseCases) -> F + Send + 'static) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, Problem>>,
        T: Send + 'static,
    {
        let turn = self.turn().await?;
        let use_cases = self.clone();
        thread::run(move || async move {
            let answer = read(use_cases).await;
            drop(turn);
            answer
        })
        .await
    }

    /// The same, made once for all who ask for the same at the same time.
    pub(crate) async fn read_shared<K, T, F, R>(&self, shared: &Shared<K, T>, key: K, read: R) -> Result<T, Problem>
    where
        K: std::hash::Hash + Eq + Clone + Send + Sync + 'static,
        T: serde::Serialize + Clone + Send + Sync + 'static,
        F: Future<Output = Result<T, Problem>>,
        R: FnOnce(UseCases) -> F + Clone + Send + Sync + 'static,
    {
        let revision = || self.control.bus.revision();
        let make = || {
            let read = read.clone();
            self.read_much(move |use_cases| async move { read(use_cases).await.map(Weighed::of) })
        };
        shared.get(key, revision, make).await.map(Arc::unwrap_or_clone)
    }
}
