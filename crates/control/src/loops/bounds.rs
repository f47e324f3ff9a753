//! What names are counted apart, once for all loops of a process. It begins with what the store has of the last day, so that a start
//! admits nothing anew; replicas that see a new name at the same moment may each admit another.

use pointsman_domain::rollup::SECOND_NS;
use pointsman_store::{StoreError, rollup};
use pointsman_transform::{OperationBound, TargetBound};
use tokio::sync::OnceCell;

use super::Context;

/// How far back names are taken from the store.
const SEED_NS: u64 = 86_400 * SECOND_NS;

/// The names that are counted apart.
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    /// Operations.
    pub(crate) operations: OperationBound,
    /// Hosts, databases and queues.
    pub(crate) targets: TargetBound,
    seeded: OnceCell<()>,
}

impl Bounds {
    /// Sees that the names of the store are known. To be called before anything is counted.
    pub(crate) async fn seed(&self, context: &Context) -> Result<(), StoreError> {
        let seeding = async || {
            let from_ns = context.clock.now_ns().saturating_sub(SEED_NS);
            let mut at = context.store.snapshot().await?;
            self.operations.seed(rollup::operations(&mut at, from_ns, None).await?);
            self.targets.seed(rollup::targets(&mut at, from_ns).await?);
            Ok(())
        };
        self.seeded.get_or_try_init(seeding).await.copied()
    }
}
