//! What names are counted apart, once for all loops of a process. It begins with what the store has of the last day, so that a start
//! admits nothing anew; replicas that see a new name at the same moment may each admit another.
//!
//! Operations that objectives name are counted apart always. Each replica looks every second whether there are others.

use std::time::{Duration, Instant};

use pointsman_domain::rollup::SECOND_NS;
use pointsman_store::slo::objectives;
use pointsman_store::{StoreError, rollup};
use pointsman_transform::{OperationBound, TargetBound};
use tokio::sync::{Mutex, OnceCell};

use super::Context;

/// How far back names are taken from the store.
const SEED_NS: u64 = 86_400 * SECOND_NS;

/// How long what objectives name is taken to be the same.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// The names that are counted apart.
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    /// Operations.
    pub(crate) operations: OperationBound,
    /// Hosts, databases and queues.
    pub(crate) targets: TargetBound,
    seeded: OnceCell<()>,
    /// When the objectives were last asked.
    asked: Mutex<Option<Instant>>,
}

impl Bounds {
    /// Sees that the names of the store, and those of objectives, are known. To be called before anything is counted.
    pub(crate) async fn seed(&self, context: &Context) -> Result<(), StoreError> {
        let seeding = async || {
            let from_ns = context.clock.now_ns().saturating_sub(SEED_NS);
            let mut at = context.store.snapshot().await?;
            self.operations.seed(rollup::operations(&mut at, from_ns, None).await?);
            self.targets.seed(rollup::targets(&mut at, from_ns).await?);
            Ok::<_, StoreError>(())
        };
        self.seeded.get_or_try_init(seeding).await?;
        let mut asked = self.asked.lock().await;
        if asked.is_none_or(|at| at.elapsed() >= ASK_EVERY) {
            let named = objectives::operations(&mut *context.store.conn().await?).await?;
            self.operations.always(named);
            *asked = Some(Instant::now());
        }
        Ok(())
    }
}
