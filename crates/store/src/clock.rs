//! The database's clock: the one that all replicas share.

use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;

/// Now, by the database's clock, to the microsecond: at the moment it answers, not when the transaction began.
pub async fn now_ns(conn: &mut crate::Connection) -> Result<UnixNanos, StoreError> {
    let now_ns =
        sqlx::query_scalar!(r#"SELECT (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint AS "now_ns!""#)
            .fetch_one(conn)
            .await?;
    Ok(now_ns as u64)
}
