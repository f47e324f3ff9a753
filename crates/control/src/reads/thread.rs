//! A thread beside the runtime for what takes the processor for long: the runtime's own threads take telemetry in and answer probes.

use std::time::Duration;

use pointsman_domain::kit::field::FieldError;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use crate::Problem;

/// How long it may take. The server answers nothing after 30 s; some of that is for the turn.
const LONGEST: Duration = Duration::from_secs(24);

/// Runs `work` on a thread of its own. Dropping this ends it where it next waits, for the database most likely: what takes the processor
/// must wait every now and then. Errors: what the work answers, or `Field` where it takes too long.
pub(super) async fn run<T, F>(work: impl FnOnce() -> F + Send + 'static) -> Result<T, Problem>
where
    F: Future<Output = Result<T, Problem>>,
    T: Send + 'static,
{
    let gone = CancellationToken::new();
    let _ends = gone.clone().drop_guard();
    let runtime = Handle::current();
    let done =
        spawn_blocking(move || runtime.block_on(gone.run_until_cancelled(tokio::time::timeout(LONGEST, work()))));
    match done.await {
        Ok(Some(Ok(answer))) => answer,
        Ok(Some(Err(_))) => Err(Problem::Field(FieldError {
            field: "range".to_owned(),
            message: format!(
                "takes longer than {} s to read; choose a shorter range, or one service",
                LONGEST.as_secs()
            ),
        })),
        Ok(None) => Err(Problem::internal(&"a read was ended though somebody waits for it")),
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(error) => Err(Problem::internal(&error)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[tokio::test]
    async fn the_runtime_goes_on_meanwhile_and_dropping_ends_the_work() {
        // One thread, and work that would hold it for good.
        let pieces = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&pieces);
        let alive = Arc::new(());
        let held = Arc::clone(&alive);
        let endless = run(move || async move {
            while counted.fetch_add(1, Ordering::Relaxed) < u64::MAX {
                tokio::task::yield_now().await;
            }
            drop(held);
            Ok(())
        });
        let ended = tokio::time::timeout(Duration::from_millis(100), endless).await;
        assert!(ended.is_err(), "the timer of the one thread went on");
        assert!(pieces.load(Ordering::Relaxed) > 0);
        tokio::time::timeout(Duration::from_secs(20), async {
            while Arc::strong_count(&alive) > 1 {
                tokio::task::yield_now().await;
            }
        })
        .await
        .expect("the work ends when nobody waits for it");
    }

    #[tokio::test]
    async fn answers_errors_and_panics_come_through() {
        assert_eq!(run(|| async { Ok(7) }).await, Ok(7));
        let missing = || Problem::Missing("There is none.".to_owned());
        assert_eq!(
            run::<(), _>(move || async move { Err(missing()) }).await,
            Err(missing())
        );
        let panics = tokio::spawn(run::<(), _>(|| async { panic!("on purpose") }));
        assert!(panics.await.unwrap_err().is_panic());
    }
}
