//! A loop that does its work again and again, with a pause in between.

use std::time::Duration;

use pointsman_store::StoreError;
use tokio::time::timeout;

use super::Context;
use super::outage::Outage;

/// Runs `step` every `period` until it is time to stop; after a failure sooner, see [`Outage`]. A step that takes longer than
/// [`LoopOptions::step`](super::LoopOptions::step) is cut off; what it left half done is undone.
pub(crate) async fn every<F>(name: &'static str, period: Duration, context: &Context, mut step: impl FnMut() -> F)
where
    F: Future<Output = Result<(), StoreError>>,
{
    let mut outage = Outage::new(name, &context.metrics);
    let beat = context.pulse.of(name);
    loop {
        let limit = context.options.step;
        let wait = match timeout(limit, step()).await {
            Ok(Ok(())) => {
                outage.over();
                period
            }
            Ok(Err(error)) => outage.failed(&error),
            Err(_) => outage.late(limit),
        };
        beat.now();
        context.pause(wait).await;
        if context.stop.is_cancelled() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::super::supervise::tests::{context, failures};
    use super::*;

    #[tokio::test]
    async fn a_step_without_end_is_cut_off_counted_and_tried_again() {
        let (_db, mut context) = context().await;
        context.options.step = Duration::from_millis(50);
        let begun = AtomicU32::new(0);
        every("slow", Duration::ZERO, &context, || async {
            if begun.fetch_add(1, Ordering::SeqCst) < 2 {
                std::future::pending::<()>().await;
            }
            context.stop.cancel();
            Ok(())
        })
        .await;
        assert_eq!(begun.load(Ordering::SeqCst), 3);
        assert_eq!(failures(&context, "slow"), 2);
    }
}
