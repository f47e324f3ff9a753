//! Links that make the first admin, by the hash of their secret.

use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;
use crate::number::bigint;

/// Adds a link.
pub async fn insert(conn: &mut crate::Connection, secret_hash: &[u8], expires_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO setup_link (secret_hash, expires_ns) VALUES ($1, $2)",
        secret_hash,
        bigint(expires_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a link is there and has not ended.
pub async fn is_good(conn: &mut crate::Connection, secret_hash: &[u8], now_ns: UnixNanos) -> Result<bool, StoreError> {
    let good = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM setup_link WHERE secret_hash = $1 AND expires_ns > $2) AS "good!""#,
        secret_hash,
        bigint(now_ns)
    )
    .fetch_one(conn)
    .await?;
    Ok(good)
}

/// Waits until nobody else sets up, and keeps it so until the transaction ends.
pub async fn lock(conn: &mut crate::Connection) -> Result<(), StoreError> {
    sqlx::query!("LOCK TABLE setup_link IN SHARE ROW EXCLUSIVE MODE")
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends all links.
pub async fn end_all(conn: &mut crate::Connection) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM setup_link").execute(conn).await?;
    Ok(())
}

/// Removes what has ended.
pub(super) async fn sweep(conn: &mut crate::Connection, now_ns: UnixNanos) -> Result<u64, StoreError> {
    let swept = sqlx::query!("DELETE FROM setup_link WHERE expires_ns <= $1", bigint(now_ns))
        .execute(conn)
        .await?;
    Ok(swept.rows_affected())
}
