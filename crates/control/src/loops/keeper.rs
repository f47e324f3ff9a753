//! Retention: drops partitions of which all has expired; removes sessions, links and tokens that have ended; and moves pending entries into the search indexes, so that no
//! writer stalls on them.

use pointsman_store::lock::{self, LoopName};
use pointsman_store::{StoreError, partition, people};

use super::Context;
use super::periodic::every;

/// Keeps house every minute, the first time after one: a replica that starts has more urgent things to do.
pub(crate) async fn run(context: Context) {
    tokio::select! {
        () = context.stop.cancelled() => return,
        () = tokio::time::sleep(context.options.keep) => {}
    }
    every("keeper", context.options.keep, &context, || step(&context)).await;
}

async fn step(context: &Context) -> Result<(), StoreError> {
    let Some(now_ns) = context.agreed_ns("keeper").await? else {
        return Ok(());
    };
    let Some(guard) = lock::try_advisory(&context.store, LoopName::Keeper).await? else {
        return Ok(());
    };
    let retention = context.store.retention();
    let dropped = partition::drop_expired(&context.store, now_ns, &retention).await?;
    if dropped > 0 {
        tracing::info!(partitions = dropped, "dropped what has expired");
        context.metrics.partitions_dropped.inc_by(dropped.into());
    }
    let idle = context.people.session_idle;
    let ended = people::sweep(&mut *context.store.conn().await?, now_ns, idle).await?;
    if ended > 0 {
        tracing::debug!(
            rows = ended,
            "removed sessions, links, tokens and counts that have ended"
        );
    }
    partition::clean_pending_lists(&context.store).await?;
    guard.release().await
}
