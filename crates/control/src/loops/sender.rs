//! Sends what waits in the outbox. Every replica does, each what the others have not taken.

use super::Context;
use super::periodic::every;
use crate::slo::Courier;

/// Looks every few seconds.
pub(crate) async fn run(context: Context) {
    let courier = match Courier::new() {
        Ok(courier) => courier,
        Err(error) => {
            tracing::error!(error = %error, "can't send over HTTPS: no alert is sent by this replica");
            return;
        }
    };
    every("sender", context.options.upkeep, &context, || async {
        courier
            .deliver(&context.store, context.clock.now_ns())
            .await
            .map(|_| ())
    })
    .await;
}
