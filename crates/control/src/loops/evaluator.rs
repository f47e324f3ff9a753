//! Evaluates objectives and calls whoever is to be called, and closes the periods of contracts and the reports that are over; on one replica
//! at a time.

use super::Context;
use super::periodic::every;
use crate::promise::{report, sla, slo};

/// Half as often as deltas are merged: every 10 s as it comes.
pub(crate) async fn run(context: Context) {
    every("evaluator", context.options.upkeep * 2, &context, || async {
        // What fails of one is no reason to leave the others.
        let done = slo::cycle(&context.store, context.clock.now_ns(), context.public_url.as_deref()).await;
        let (periods, reports) = match context.agreed_ns("closing").await? {
            None => (Ok(0), Ok(0)),
            Some(now_ns) => {
                let url = context.public_url.as_deref();
                (
                    sla::close_periods(&context.store, now_ns).await,
                    report::close_reports(&context.store, now_ns, &context.report_zone, url).await,
                )
            }
        };
        let (done, periods, reports) = (done?, periods?, reports?);
        if done.opened + done.resolved > 0 {
            tracing::info!(
                alerts.opened = done.opened,
                alerts.resolved = done.resolved,
                "objectives were evaluated"
            );
        }
        if periods + reports > 0 {
            tracing::info!(sla.periods = periods, report.periods = reports, "periods were closed");
        }
        Ok(())
    })
    .await;
}
