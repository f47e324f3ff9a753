//! A loop that does its work again and again, with a pause in between.

use std::time::Duration;

use pointsman_store::StoreError;

use super::Context;
use super::outage::Outage;

/// Runs `step` every `period` until it is time to stop; after a failure sooner, see [`Outage`].
pub(crate) async fn every<F>(name: &'static str, period: Duration, context: &Context, mut step: impl FnMut() -> F)
where
    F: Future<Output = Result<(), StoreError>>,
{
    let mut outage = Outage::new(name, &context.metrics);
    let beat = context.pulse.of(name);
    loop {
        let wait = match step().await {
            Ok(()) => {
                outage.over();
                period
            }
            Err(error) => outage.failed(&error),
        };
        beat.now();
        tokio::select! {
            () = context.stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}
