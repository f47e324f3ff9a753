//! The compactor: slots that have settled become segments, and what in them found no partner is judged.
//!
//! They go one after the other, oldest first: what is unpaired in a slot is judged against those that came after it, which have to be there.
//!
//! A slot that cannot be compacted holds up no other: it is told, counted, and tried again later and later. Readers go on
//! finding it as it is, until the keeper drops it with all else of its time.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use pointsman_domain::backoff::Backoff;
use pointsman_store::lock::{self, Guard, LoopName};
use pointsman_store::segment::Slot;
use pointsman_store::{StoreError, segment};
use tokio::time::timeout;

use super::Context;
use super::compact::compact;
use super::periodic::every;
use super::supervise::message;

/// The longest time between two tries of a slot that fails.
const LONGEST: Duration = Duration::from_secs(600);

/// Compacts every few seconds, on one replica at a time.
pub(crate) async fn run(context: Context) {
    let failing = Failing::default();
    every("compactor", context.options.upkeep, &context, || {
        step(&context, &failing)
    })
    .await;
}

async fn step(context: &Context, failing: &Failing) -> Result<(), StoreError> {
    let Some(guard) = lock::try_advisory(&context.store, LoopName::Compactor).await? else {
        return Ok(());
    };
    let now_ns = context.clock.now_ns();
    let slots = segment::settled_slots(&mut *context.store.conn().await?, now_ns).await?;
    failing.keep(&slots);
    for slot in slots {
        one(context, failing, &guard, slot).await?;
    }
    segment::drop_compacted(&context.store).await?;
    guard.release().await
}

/// Compacts a slot, unless it is not yet due again. An error: the database is away, so there is no use in going on.
async fn one(context: &Context, failing: &Failing, guard: &Guard, slot: Slot) -> Result<(), StoreError> {
    if context.stop.is_cancelled() || guard.is_lost() || !failing.is_due(slot) {
        return Ok(());
    }
    let limit = context.options.step / 2;
    let compacting = AssertUnwindSafe(compact(context, slot)).catch_unwind();
    let compacted = timeout(limit, compacting).await;
    context.pulse.progress("compactor");
    let reason = match compacted {
        Ok(Ok(Ok(()))) => return Ok(()),
        Ok(Ok(Err(error))) if error.is_unavailable() && context.store.ping().await.is_err() => return Err(error),
        Ok(Ok(Err(error))) => error.to_string(),
        Ok(Err(panic)) => message(&*panic).to_owned(),
        Err(_) => format!("it took longer than {limit:?}"),
    };
    context.metrics.failed("compactor");
    let wait = failing.failed(slot, context.options.upkeep);
    tracing::error!(slot = slot.0, reason, again_in = ?wait, "a slot could not be compacted; going on with the next");
    Ok(())
}

/// The slots that failed: how often, and when to try again.
#[derive(Debug, Default)]
struct Failing(Mutex<HashMap<Slot, (u32, Instant)>>);

impl Failing {
    fn slots(&self) -> std::sync::MutexGuard<'_, HashMap<Slot, (u32, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets slots that are no longer there to be compacted.
    fn keep(&self, slots: &[Slot]) {
        self.slots().retain(|slot, _| slots.contains(slot));
    }

    fn is_due(&self, slot: Slot) -> bool {
        self.slots().get(&slot).is_none_or(|(_, due)| *due <= Instant::now())
    }

    /// Notes a failure; answers how long to leave the slot alone: doubling, up to [`LONGEST`].
    fn failed(&self, slot: Slot, first: Duration) -> Duration {
        let mut slots = self.slots();
        let failures = slots.get(&slot).map_or(0, |(failures, _)| *failures) + 1;
        let wait = Backoff::new(first, LONGEST).pause(failures);
        slots.insert(slot, (failures, Instant::now() + wait));
        wait
    }
}
