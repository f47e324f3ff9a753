//! Keeps the gauges of the journal's lag; every replica shows the same.

use std::time::Duration;

use pointsman_store::journal;

use super::Context;
use super::periodic::every;

/// How often.
const PERIOD: Duration = Duration::from_secs(5);

/// Reads the lag again and again.
pub(crate) async fn run(context: Context) {
    every("gauges", PERIOD, &context, || async {
        let lag = journal::lag(&mut *context.store.conn().await?).await?;
        let age_ns = lag
            .oldest_received_ns
            .map_or(0, |oldest| context.clock.now_ns().saturating_sub(oldest));
        context.metrics.journal_rows.set(lag.rows as i64);
        context.metrics.journal_items.set(lag.items as i64);
        context
            .metrics
            .journal_lag_seconds
            .set(Duration::from_nanos(age_ns).as_secs_f64());
        context.metrics.journal_dead.set(lag.dead as i64);
        Ok(())
    })
    .await;
}
