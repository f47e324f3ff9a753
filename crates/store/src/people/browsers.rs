//! Browsers in which somebody has signed in before, by the hash of a secret that the browser keeps.

use std::time::Duration;

use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;
use crate::number::bigint;

/// How long a browser is known after the last sign-in there: 180 days.
pub const KNOWN_FOR: Duration = Duration::from_secs(180 * 86_400);

/// The most browsers that are known of one account: the last ones.
const MOST: i64 = 20;

/// Whether this account was signed in to in this browser within [`KNOWN_FOR`].
pub async fn is_known(
    conn: &mut crate::Connection,
    secret_hash: &[u8],
    person: i64,
    now_ns: UnixNanos,
) -> Result<bool, StoreError> {
    let known = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM known_browser WHERE secret_hash = $1 AND person = $2 AND used_ns > $3) AS "known!""#,
        secret_hash,
        person,
        bigint(known_since(now_ns))
    )
    .fetch_one(conn)
    .await?;
    Ok(known)
}

/// Notes a sign-in. The browser's secret is a new one from now on, for whomever it was known by the old one.
pub async fn signed_in(
    conn: &mut crate::Connection,
    old_hash: Option<&[u8]>,
    new_hash: &[u8],
    person: i64,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    if let Some(old_hash) = old_hash {
        sqlx::query!(
            "UPDATE known_browser SET secret_hash = $2 WHERE secret_hash = $1",
            old_hash,
            new_hash
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query!(
        "INSERT INTO known_browser (secret_hash, person, used_ns) VALUES ($1, $2, $3)
        ON CONFLICT (secret_hash, person) DO UPDATE SET used_ns = excluded.used_ns",
        new_hash,
        person,
        bigint(now_ns)
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM known_browser WHERE person = $1 AND secret_hash IN (
            SELECT secret_hash FROM known_browser WHERE person = $1 ORDER BY used_ns DESC, secret_hash OFFSET $2)",
        person,
        MOST
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets all browsers of somebody.
pub async fn forget_all(conn: &mut crate::Connection, person: i64) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM known_browser WHERE person = $1", person)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes browsers that are no longer known.
pub(super) async fn sweep(conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<u64, StoreError> {
    let swept = sqlx::query!(
        "DELETE FROM known_browser WHERE used_ns <= $1",
        bigint(known_since(now_ns))
    )
    .execute(conn)
    .await?;
    Ok(swept.rows_affected())
}

fn known_since(now_ns: UnixNanos) -> UnixNanos {
    now_ns.saturating_sub(KNOWN_FOR.as_nanos() as u64)
}
