//! Asks the database for its time again and again, and measures how far this machine's clock is off.

use std::time::Duration;

use super::Context;
use super::periodic::every;

const PERIOD: Duration = Duration::from_secs(5);

/// Keeps the clock of the whole process right.
pub(crate) async fn run(context: Context) {
    every("clock", PERIOD, &context, || async {
        context.clock.measure(&context.store).await?;
        context
            .metrics
            .clock_skew_seconds
            .set(context.clock.skew_ns() as f64 / 1e9);
        Ok(())
    })
    .await;
}
