//! Tokens of programs, by the hash of their secret.

use pointsman_domain::Text;
use pointsman_domain::people::read::TokenSummary;
use pointsman_domain::people::{Scope, Services};
use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;
use crate::number::bigint;

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What is shown of it.
    pub summary: TokenSummary,
    /// The number of its owner; `None` for those of the command line.
    pub owner: Option<i64>,
}

/// A new token.
#[derive(Clone, Copy)]
pub struct NewToken<'a> {
    /// The hash of its secret.
    pub secret_hash: &'a [u8],
    /// What its owner calls it.
    pub name: &'a str,
    /// Whose it is; `None` for those of the command line.
    pub owner: Option<i64>,
    /// What it is for.
    pub scopes: &'a [Scope],
    pub services: &'a Services,
    /// When it is made.
    pub created_ns: UnixNanos,
    /// When it ends.
    pub expires_ns: UnixNanos,
}

/// Makes a token; its number.
pub async fn insert(conn: &mut crate::Connection, new: NewToken<'_>) -> Result<i64, StoreError> {
    let scopes: Vec<String> = new.scopes.iter().map(ToString::to_string).collect();
    let services: Option<Vec<String>> = match new.services {
        Services::All => None,
        Services::Named(names) => Some(names.iter().map(ToString::to_string).collect()),
    };
    let id = sqlx::query_scalar!(
        "INSERT INTO api_token (secret_hash, name, owner, scopes, services, created_ns, expires_ns)
        VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        new.secret_hash,
        new.name,
        new.owner,
        &scopes,
        services.as_deref(),
        bigint(new.created_ns),
        bigint(new.expires_ns)
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Which tokens.
#[derive(Clone, Copy, Default)]
struct Which<'a> {
    id: Option<i64>,
    secret_hash: Option<&'a [u8]>,
    owner: Option<i64>,
}

/// All tokens, the newest first, whether they have ended or not.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<Token>, StoreError> {
    read(conn, Which::default()).await
}

/// Somebody's tokens, the newest first, whether they have ended or not.
pub async fn of_person(conn: &mut crate::Connection, person: i64) -> Result<Vec<Token>, StoreError> {
    let owner = Some(person);
    read(
        conn,
        Which {
            owner,
            ..Which::default()
        },
    )
    .await
}

/// The token of a number.
pub async fn by_id(conn: &mut crate::Connection, id: i64) -> Result<Option<Token>, StoreError> {
    let id = Some(id);
    Ok(read(conn, Which { id, ..Which::default() }).await?.pop())
}

/// The token of a secret, whether it has ended or not.
pub async fn by_secret(conn: &mut crate::Connection, secret_hash: &[u8]) -> Result<Option<Token>, StoreError> {
    let which = Which {
        secret_hash: Some(secret_hash),
        ..Which::default()
    };
    Ok(read(conn, which).await?.pop())
}

async fn read(conn: &mut crate::Connection, which: Which<'_>) -> Result<Vec<Token>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT t.id, t.name, t.owner, p.name AS "owner_name?", t.scopes, t.services, t.created_ns, t.expires_ns, t.last_used_ns
        FROM api_token AS t LEFT JOIN person AS p ON p.id = t.owner
        WHERE ($1::bigint IS NULL OR t.id = $1) AND ($2::bytea IS NULL OR t.secret_hash = $2)
            AND ($3::bigint IS NULL OR t.owner = $3)
        ORDER BY t.id DESC"#,
        which.id,
        which.secret_hash,
        which.owner
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let scopes = row.scopes.iter().map(|scope| scope.parse());
            Ok(Token {
                owner: row.owner,
                summary: TokenSummary {
                    id: row.id,
                    name: row.name.into(),
                    owner: row.owner_name.map(Text::from),
                    scopes: scopes.collect::<Result<_, _>>().map_err(StoreError::corrupt)?,
                    services: match row.services {
                        None => Services::All,
                        Some(names) => Services::Named(names.into_iter().map(Text::from).collect()),
                    },
                    created_ns: row.created_ns as u64,
                    expires_ns: row.expires_ns as u64,
                    last_used_ns: row.last_used_ns.map(|ns| ns as u64),
                },
            })
        })
        .collect()
}

/// Notes that a token was used.
pub async fn touch(conn: &mut crate::Connection, id: i64, now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE api_token SET last_used_ns = $2 WHERE id = $1",
        id,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a token; whether there was one.
pub async fn delete(conn: &mut crate::Connection, id: i64) -> Result<bool, StoreError> {
    let ended = sqlx::query!("DELETE FROM api_token WHERE id = $1", id)
        .execute(conn)
        .await?;
    Ok(ended.rows_affected() > 0)
}

/// Removes what ended before a moment.
pub(super) async fn sweep(conn: &mut crate::Connection, ended_ns: UnixNanos) -> Result<u64, StoreError> {
    let swept = sqlx::query!("DELETE FROM api_token WHERE expires_ns <= $1", bigint(ended_ns))
        .execute(conn)
        .await?;
    Ok(swept.rows_affected())
}
