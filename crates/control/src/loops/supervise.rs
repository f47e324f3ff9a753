//! A loop that panics is told, counted and begun again: a replica whose loop is silently gone would look well and do nothing.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;

use super::Context;

/// The pause before a loop that panicked begins again.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs a loop until it ends of itself, which it does when it is time to stop. What it left half done, its connections undo.
pub(crate) async fn supervised<F>(name: &'static str, context: Context, mut run: impl FnMut(Context) -> F)
where
    F: Future<Output = ()>,
{
    // A loop begins with new state of its own; what loops share is kept sound by its locks.
    while let Err(panic) = AssertUnwindSafe(run(context.clone())).catch_unwind().await {
        tracing::error!(loop.name = name, panic = message(&*panic), "a loop panicked; it begins again");
        context.metrics.failed(name);
        tokio::select! {
            () = context.stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// What a panic says.
pub(crate) fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use pointsman_testing::{T0, TestDb};
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::metrics::LoopLabel;
    use crate::{Clock, LoopOptions, Metrics};

    /// What a loop has at hand, on a database of its own.
    pub(in super::super) async fn context() -> (TestDb, Context) {
        let db = TestDb::new().await;
        let context = Context {
            store: db.store().await,
            clock: Clock::fixed(T0),
            bus: crate::bus::Bus::default(),
            metrics: Metrics::default(),
            bounds: std::sync::Arc::default(),
            options: LoopOptions::default(),
            people: crate::people::PeopleSettings::default(),
            public_url: None,
            report_zone: "UTC".into(),
            keys: crate::secrets::SecretKeys::default(),
            stop: CancellationToken::new(),
            pulse: crate::Pulse::default(),
        };
        (db, context)
    }

    /// How many failures are counted of a loop.
    pub(in super::super) fn failures(context: &Context, name: &'static str) -> u64 {
        context.metrics.loop_errors.get_or_create(&LoopLabel { name }).get()
    }

    #[tokio::test]
    async fn a_loop_that_panics_begins_again_and_is_counted() {
        let (_db, context) = context().await;
        let begun = AtomicU32::new(0);
        supervised("fragile", context.clone(), |_| async {
            assert!(begun.fetch_add(1, Ordering::SeqCst) > 0, "not yet");
        })
        .await;
        assert_eq!(begun.load(Ordering::SeqCst), 2);
        assert_eq!(failures(&context, "fragile"), 1);
    }
}
