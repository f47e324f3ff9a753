//! How often something was tried in a window of time, by a hash of who and what.

use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;
use crate::number::bigint;

/// The length of the longest windows: 15 min. Shorter ones fit into it a whole number of times.
pub const WINDOW_NS: u64 = 15 * 60 * 1_000_000_000;

/// What is counted: who or what it is by its hash, and the length of its windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    /// The hash.
    pub subject: [u8; 32],
    /// How long a window is, in nanoseconds.
    pub window_ns: u64,
}

impl Counter {
    /// The start of the window that a moment is in.
    pub fn window(&self, now_ns: UnixNanos) -> UnixNanos {
        now_ns - now_ns % self.window_ns
    }

    /// Counts one more in the current window; how many there are now, this one among them. At once, so that tries at the same time don't
    /// overlook each other.
    pub async fn count(&self, conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<u32, StoreError> {
        let failures = sqlx::query_scalar!(
            "INSERT INTO sign_in_failure AS f (subject_hash, window_ns, failures) VALUES ($1, $2, 1)
            ON CONFLICT (subject_hash, window_ns) DO UPDATE SET failures = least(f.failures, 1000000) + 1 RETURNING failures",
            &self.subject,
            bigint(self.window(now_ns))
        )
        .fetch_one(conn)
        .await?;
        Ok(failures as u32)
    }

    /// Takes one back from the current window: it was no failure.
    pub async fn take_back(&self, conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<(), StoreError> {
        sqlx::query!(
            "UPDATE sign_in_failure SET failures = failures - 1 WHERE subject_hash = $1 AND window_ns = $2 AND failures > 0",
            &self.subject,
            bigint(self.window(now_ns))
        )
        .execute(conn)
        .await?;
        Ok(())
    }

    /// Forgets all that was counted.
    pub async fn forget(&self, conn: &mut crate::Connection) -> Result<(), StoreError> {
        sqlx::query!("DELETE FROM sign_in_failure WHERE subject_hash = $1", &self.subject)
            .execute(conn)
            .await?;
        Ok(())
    }
}

/// Removes windows that are over.
pub(super) async fn sweep(conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<u64, StoreError> {
    let swept = sqlx::query!(
        "DELETE FROM sign_in_failure WHERE window_ns < $1",
        bigint(now_ns - now_ns % WINDOW_NS)
    )
    .execute(conn)
    .await?;
    Ok(swept.rows_affected())
}
