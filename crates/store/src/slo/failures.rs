//! What could not be done for one objective, contract or report, while it was done for the others: since when, why, and when it is tried again.

use std::collections::HashMap;
use std::time::Duration;

use pointsman_domain::backoff::Backoff;
use pointsman_domain::slo::Failing;
use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;
use crate::number::bigint;

/// What could not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Counting the recorded past of an objective, by its number.
    Count,
    /// Evaluating an objective, by its number.
    Evaluate,
    /// Closing a period of a contract, by the contract's number.
    Close,
    /// Closing a report, by its period.
    Report,
}

impl Step {
    fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Evaluate => "evaluate",
            Self::Close => "close",
            Self::Report => "report",
        }
    }
}

/// When it is tried again: [`Backoff::pause`], reckoned in the statement that counts the failures.
const BACKOFF: Backoff = Backoff::new(Duration::from_secs(30), Duration::from_secs(3600));

/// All that fail in a step, by their subject.
pub async fn of_step(conn: &mut crate::Connection, step: Step) -> Result<HashMap<String, Failing>, StoreError> {
    let rows = sqlx::query!(
        "SELECT subject, reason, since_ns, next_ns FROM failure WHERE step = $1",
        step.as_str()
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let failing = Failing {
                since_ns: row.since_ns as u64,
                next_ns: row.next_ns as u64,
                reason: row.reason.into(),
            };
            (row.subject, failing)
        })
        .collect())
}

/// Notes a failure, and when it is tried again; how often in a row it has failed.
pub async fn note(
    conn: &mut crate::Connection,
    step: Step,
    subject: &str,
    reason: &str,
    now_ns: UnixNanos,
) -> Result<i32, StoreError> {
    let attempts = sqlx::query_scalar!(
        "INSERT INTO failure AS old (step, subject, reason, since_ns, attempts, next_ns) VALUES ($1, $2, $3, $4, 1, $4::bigint + $5::bigint)
        ON CONFLICT (step, subject) DO UPDATE SET reason = excluded.reason, attempts = old.attempts + 1,
            next_ns = $4::bigint + least($5::bigint * (1::bigint << least(old.attempts, 20)), $6::bigint)
        RETURNING attempts",
        step.as_str(),
        subject,
        reason,
        bigint(now_ns),
        BACKOFF.first.as_nanos() as i64,
        BACKOFF.longest.as_nanos() as i64
    )
    .fetch_one(conn)
    .await?;
    Ok(attempts)
}

/// It works again, or is no longer wanted.
pub async fn clear(conn: &mut crate::Connection, step: Step, subject: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM failure WHERE step = $1 AND subject = $2",
        step.as_str(),
        subject
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What is noted of an objective goes: it was changed or removed.
pub(super) async fn forget_objective(conn: &mut crate::Connection, id: i32) -> Result<(), StoreError> {
    let subject = id.to_string();
    clear(conn, Step::Count, &subject).await?;
    clear(conn, Step::Evaluate, &subject).await
}

/// Why, for people: what a reader is told never holds internals.
pub fn reason(error: &StoreError) -> String {
    match error {
        StoreError::Unavailable(_) => "the database was not available".to_owned(),
        StoreError::TooLong(_) => {
            "there is more to read than can be read in the time that a statement may take".to_owned()
        }
        StoreError::TooMuch(_) => error.to_string(),
        StoreError::Corrupt { what } => format!("stored figures can't be read ({what})"),
        _ => "the database refused, as the log says".to_owned(),
    }
}
