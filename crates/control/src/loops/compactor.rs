//! The compactor: slots that have settled become segments, and what in them found no partner is judged.

use pointsman_store::lock::{self, LoopName};
use pointsman_store::{StoreError, segment};

use super::Context;
use super::compact::compact;
use super::periodic::every;

/// Compacts every few seconds, on one replica at a time.
pub(crate) async fn run(context: Context) {
    every("compactor", context.options.upkeep, &context, || step(&context)).await;
}

async fn step(context: &Context) -> Result<(), StoreError> {
    let Some(guard) = lock::try_advisory(&context.store, LoopName::Compactor).await? else {
        return Ok(());
    };
    let now_ns = context.clock.now_ns();
    let slots = segment::settled_slots(&mut *context.store.conn().await?, now_ns).await?;
    for slot in slots {
        if context.stop.is_cancelled() {
            break;
        }
        compact(context, slot).await?;
    }
    segment::drop_compacted(&context.store).await?;
    guard.release().await
}
