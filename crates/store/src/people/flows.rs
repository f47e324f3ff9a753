//! Sign-ins on their way to the identity provider and back, by the hash of their state.

use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;
use crate::number::bigint;

/// A sign-in under way.
#[derive(Clone, PartialEq, Eq)]
pub struct Flow {
    /// What stands in the ID token.
    pub nonce: String,
    /// What proves that who comes back is who went.
    pub pkce_verifier: String,
    /// Where to go then.
    pub next: String,
}

/// Keeps a sign-in under way.
pub async fn insert(
    conn: &mut crate::Connection,
    state_hash: &[u8],
    flow: &Flow,
    expires_ns: UnixNanos,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO oidc_flow (state_hash, nonce, pkce_verifier, next, expires_ns) VALUES ($1, $2, $3, $4, $5)",
        state_hash,
        flow.nonce,
        flow.pkce_verifier,
        flow.next,
        bigint(expires_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a sign-in under way, so that nobody else can; `None` where there is none or it is too late.
pub async fn take(
    conn: &mut crate::Connection,
    state_hash: &[u8],
    now_ns: UnixNanos,
) -> Result<Option<Flow>, StoreError> {
    let row = sqlx::query!(
        "DELETE FROM oidc_flow WHERE state_hash = $1 RETURNING nonce, pkce_verifier, next, expires_ns",
        state_hash
    )
    .fetch_optional(conn)
    .await?;
    let in_time = row.filter(|row| row.expires_ns > bigint(now_ns));
    Ok(in_time.map(|row| Flow {
        nonce: row.nonce,
        pkce_verifier: row.pkce_verifier,
        next: row.next,
    }))
}

/// Removes what is too late.
pub(super) async fn sweep(conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<u64, StoreError> {
    let swept = sqlx::query!("DELETE FROM oidc_flow WHERE expires_ns <= $1", bigint(now_ns))
        .execute(conn)
        .await?;
    Ok(swept.rows_affected())
}
