//! The bus: what the database announces wakes this replica's workers and reaches its open pages, at most once a second. Both
//! also look by themselves now and then, which heals a missed announcement.

use std::time::Duration;

use pointsman_store::StoreError;
use pointsman_store::bus::{Heard, JOURNAL, Listener, TELEMETRY};

use super::Context;
use super::outage::Outage;

/// The shortest time between two events to a page.
const QUIET: Duration = Duration::from_secs(1);
/// Pages of a moving range read again after this time whether or not anything was announced.
const ANYWAY: Duration = Duration::from_secs(10);

/// Hears what is announced, until it is time to stop.
pub(crate) async fn listen(context: Context) {
    let mut outage = Outage::new("bus", &context.metrics);
    loop {
        let error = tokio::select! {
            () = context.stop.cancelled() => return,
            error = hear(&context, &mut outage) => error,
        };
        let wait = outage.failed(&error);
        tokio::select! {
            () = context.stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Hears until the connection is lost and can't be had again; answers why.
async fn hear(context: &Context, outage: &mut Outage) -> StoreError {
    let mut listener = match Listener::connect(&context.store).await {
        Ok(listener) => listener,
        Err(error) => return error,
    };
    outage.over();
    // What was announced before is not heard.
    heard(context, &Heard::Gap);
    loop {
        match listener.next().await {
            Ok(what) => heard(context, &what),
            Err(error) => return error,
        }
    }
}

fn heard(context: &Context, what: &Heard) {
    match what {
        Heard::Topic(topic) if topic == JOURNAL => context.bus.wake_worker(),
        Heard::Topic(topic) if topic == TELEMETRY => context.bus.note_telemetry(),
        Heard::Topic(topic) => tracing::debug!(bus.topic = %topic, "an unknown topic, of another version"),
        Heard::Gap => {
            context.bus.wake_worker();
            context.bus.note_telemetry();
        }
    }
}

/// Tells the pages, until it is time to stop.
pub(crate) async fn tell(context: Context) {
    loop {
        tokio::select! {
            () = context.stop.cancelled() => return,
            () = context.bus.telemetry_changed() => {}
            () = tokio::time::sleep(ANYWAY) => {}
        }
        context.bus.tell();
        tokio::select! {
            () = context.stop.cancelled() => return,
            () = tokio::time::sleep(QUIET) => {}
        }
    }
}
