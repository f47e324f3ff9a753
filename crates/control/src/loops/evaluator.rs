//! Evaluates objectives and calls whoever is to be called, on one replica at a time.

use super::Context;
use super::periodic::every;
use crate::slo;

/// Half as often as deltas are merged: every 10 s as it comes.
pub(crate) async fn run(context: Context) {
    every("evaluator", context.options.upkeep * 2, &context, || async {
        let done = slo::cycle(&context.store, context.clock.now_ns(), context.public_url.as_deref()).await?;
        if done.opened + done.resolved > 0 {
            tracing::info!(
                alerts.opened = done.opened,
                alerts.resolved = done.resolved,
                "objectives were evaluated"
            );
        }
        Ok(())
    })
    .await;
}
