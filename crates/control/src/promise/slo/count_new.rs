//! Counts the recorded past of objectives that are new or count something else, before they are evaluated: the newest first, and of each a piece
//! in turn, so that neither a long past nor one that can't be read keeps the others waiting.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::slo::failures::{self, Step};
use pointsman_store::slo::{self, objectives};
use pointsman_store::{Store, StoreError};

/// So long it goes on before the others are evaluated; what is left is for the next cycle.
const A_CYCLE: Duration = Duration::from_secs(10);

/// No piece may take longer.
const A_PIECE: Duration = Duration::from_secs(30);

/// Counts what there is time for. Errors: only that the database can't be asked at all; what fails for one objective is noted.
pub(super) async fn count_new(store: &Store, now_ns: UnixNanos) -> Result<(), StoreError> {
    let ends = Instant::now() + A_CYCLE;
    let mut waiting = VecDeque::from(objectives::uncounted(&mut *store.conn().await?, now_ns).await?);
    while let Some(id) = waiting.pop_front() {
        let subject = id.to_string();
        match tokio::time::timeout(A_PIECE, slo::recount_piece(store, id, now_ns)).await {
            Ok(Ok(true)) => failures::clear(&mut *store.conn().await?, Step::Count, &subject).await?,
            Ok(Ok(false)) => waiting.push_back(id),
            Ok(Err(error)) => note(store, Step::Count, &subject, &error, now_ns).await?,
            Err(_) => {
                let reason = format!("to count a few hours of it takes longer than {A_PIECE:?}");
                failures::note(&mut *store.conn().await?, Step::Count, &subject, &reason, now_ns).await?;
            }
        }
        if Instant::now() >= ends {
            break;
        }
    }
    Ok(())
}

/// Notes what failed for one of many. The log has it when it fails for the first time.
pub(crate) async fn note(
    store: &Store,
    step: Step,
    subject: &str,
    error: &StoreError,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    let reason = failures::reason(error);
    let attempts = failures::note(&mut *store.conn().await?, step, subject, &reason, now_ns).await?;
    if attempts == 1 {
        tracing::error!(?step, subject, error = %error, "this failed for one, and is tried again with growing pauses");
    }
    Ok(())
}
