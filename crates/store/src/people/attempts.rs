//! How often something was tried in a window of time, by a hash of who and what.

use pointsman_domain::telemetry::UnixNanos;

use super::bigint;
use crate::error::StoreError;

/// The length of a window: 15 min.
pub const WINDOW_NS: u64 = 15 * 60 * 1_000_000_000;

/// The start of the window that a moment is in.
pub fn window(now_ns: UnixNanos) -> UnixNanos {
    now_ns - now_ns % WINDOW_NS
}

/// Counts one more in the current window; how many there are now, this one among them. At once, so that tries at the same time don't
/// overlook each other.
pub async fn count(conn: &mut crate::Connection, subject_hash: &[u8], now_ns: UnixNanos) -> Result<u32, StoreError> {
    let failures = sqlx::query_scalar!(
        "INSERT INTO sign_in_failure AS f (subject_hash, window_ns, failures) VALUES ($1, $2, 1)
        ON CONFLICT (subject_hash, window_ns) DO UPDATE SET failures = least(f.failures, 1000000) + 1 RETURNING failures",
        subject_hash,
        bigint(window(now_ns))
    )
    .fetch_one(conn)
    .await?;
    Ok(failures as u32)
}

/// Takes one back from the current window: it was no failure.
pub async fn take_back(conn: &mut crate::Connection, subject_hash: &[u8], now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE sign_in_failure SET failures = failures - 1 WHERE subject_hash = $1 AND window_ns = $2 AND failures > 0",
        subject_hash,
        bigint(window(now_ns))
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets all that was counted.
pub async fn forget(conn: &mut crate::Connection, subject_hash: &[u8]) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM sign_in_failure WHERE subject_hash = $1", subject_hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes windows that are over.
pub(super) async fn sweep(conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<u64, StoreError> {
    let swept = sqlx::query!(
        "DELETE FROM sign_in_failure WHERE window_ns < $1",
        bigint(window(now_ns))
    )
    .execute(conn)
    .await?;
    Ok(swept.rows_affected())
}
