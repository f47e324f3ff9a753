//! Folds rollup deltas into windows, so that reading stays cheap. It changes no figure.

use pointsman_store::rollup;

use super::Context;
use super::periodic::every;

/// Merges every few seconds. The store holds the lock, so that one replica does it at a time.
pub(crate) async fn run(context: Context) {
    every("merger", context.options.upkeep, &context, || async {
        let merged = rollup::merge(&context.store).await?;
        context.metrics.deltas_merged.inc_by(merged.series + merged.edges);
        Ok(())
    })
    .await;
}
