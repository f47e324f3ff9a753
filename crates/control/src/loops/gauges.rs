//! Keeps the gauges of the journal: what waits, and whether this replica takes more. What waits is the same at every replica.

use std::time::Duration;

use super::Context;
use super::periodic::every;

const PERIOD: Duration = Duration::from_secs(5);

/// Shows what waits, again and again: as the receivers' side has measured it, where there is one in this process.
pub(crate) async fn run(context: Context) {
    every("gauges", PERIOD, &context, || async {
        let lag = match context.store.journal().last() {
            Some(lag) => lag,
            None => context.store.journal().lag(&mut *context.store.conn().await?).await?,
        };
        let metrics = &context.metrics;
        metrics.journal_rows.set(lag.rows as i64);
        metrics.journal_items.set(lag.items as i64);
        metrics.journal_bytes.set(lag.bytes as i64);
        metrics.journal_file_bytes.set(lag.file_bytes as i64);
        metrics.journal_lag_seconds.set(lag.age.as_secs_f64());
        metrics
            .journal_full
            .set(context.store.journal().full().is_some().into());
        metrics.journal_dead.set(lag.dead as i64);
        Ok(())
    })
    .await;
}
