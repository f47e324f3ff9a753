//! Sessions, by the hash of their secret.

use pointsman_domain::Text;
use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;
use crate::number::bigint;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: i64,
    pub person: i64,
    /// When it began.
    pub created_ns: UnixNanos,
    /// When it was last used, to the minute.
    pub last_seen_ns: UnixNanos,
    /// When it ends at the latest.
    pub expires_ns: UnixNanos,
    /// Where it was begun from.
    pub address: Text,
    /// The browser, as it named itself.
    pub agent: Text,
}

/// A new session.
#[derive(Clone, Copy)]
pub struct NewSession<'a> {
    /// The hash of its secret.
    pub secret_hash: &'a [u8],
    pub person: i64,
    /// When it begins.
    pub created_ns: UnixNanos,
    /// When it ends at the latest.
    pub expires_ns: UnixNanos,
    /// Where it is begun from.
    pub address: &'a str,
    /// The browser, as it names itself.
    pub agent: &'a str,
    /// For the sign-out at the identity provider.
    pub id_token: Option<&'a str>,
}

/// Begins a session; its number.
pub async fn insert(conn: &mut crate::Connection, new: NewSession<'_>) -> Result<i64, StoreError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO session (secret_hash, person, created_ns, last_seen_ns, expires_ns, address, agent, id_token)
        VALUES ($1, $2, $3, $3, $4, $5, $6, $7) RETURNING id",
        new.secret_hash,
        new.person,
        bigint(new.created_ns),
        bigint(new.expires_ns),
        new.address,
        new.agent,
        new.id_token
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// The session of a secret, whether it has ended or not.
pub async fn by_secret(conn: &mut crate::Connection, secret_hash: &[u8]) -> Result<Option<Session>, StoreError> {
    Ok(read(conn, Some(secret_hash), None).await?.pop())
}

/// Somebody's sessions, the last used first, whether they have ended or not.
pub async fn of_person(conn: &mut crate::Connection, person: i64) -> Result<Vec<Session>, StoreError> {
    read(conn, None, Some(person)).await
}

async fn read(
    conn: &mut crate::Connection,
    secret_hash: Option<&[u8]>,
    person: Option<i64>,
) -> Result<Vec<Session>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, person, created_ns, last_seen_ns, expires_ns, address, agent FROM session
        WHERE ($1::bytea IS NULL OR secret_hash = $1) AND ($2::bigint IS NULL OR person = $2)
        ORDER BY last_seen_ns DESC, id DESC",
        secret_hash,
        person
    )
    .fetch_all(conn)
    .await?;
    let session = rows.into_iter().map(|row| Session {
        id: row.id,
        person: row.person,
        created_ns: row.created_ns as u64,
        last_seen_ns: row.last_seen_ns as u64,
        expires_ns: row.expires_ns as u64,
        address: row.address.into(),
        agent: row.agent.into(),
    });
    Ok(session.collect())
}

/// Notes that a session was used.
pub async fn touch(conn: &mut crate::Connection, id: i64, now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE session SET last_seen_ns = $2 WHERE id = $1 AND last_seen_ns < $2",
        id,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a session of somebody; what the identity provider gave with it. `None` where there is none.
pub async fn end(conn: &mut crate::Connection, id: i64, person: i64) -> Result<Option<Option<String>>, StoreError> {
    let ended = sqlx::query_scalar!(
        "DELETE FROM session WHERE id = $1 AND person = $2 RETURNING id_token",
        id,
        person
    )
    .fetch_optional(conn)
    .await?;
    Ok(ended)
}

/// Ends somebody's sessions but one; how many.
pub async fn end_all(conn: &mut crate::Connection, person: i64, but: Option<i64>) -> Result<u64, StoreError> {
    let ended = sqlx::query!(
        "DELETE FROM session WHERE person = $1 AND id IS DISTINCT FROM $2::bigint",
        person,
        but
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected())
}

/// Removes what has ended, or was not used since a moment.
pub(super) async fn sweep(
    conn: &mut crate::Connection,
    now_ns: UnixNanos,
    idle_since_ns: UnixNanos,
) -> Result<u64, StoreError> {
    let swept = sqlx::query!(
        "DELETE FROM session WHERE expires_ns <= $1 OR last_seen_ns <= $2",
        bigint(now_ns),
        bigint(idle_since_ns)
    )
    .execute(conn)
    .await?;
    Ok(swept.rows_affected())
}
