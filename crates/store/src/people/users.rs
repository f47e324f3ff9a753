//! Accounts.

use pointsman_domain::Text;
use pointsman_domain::people::Role;
use pointsman_domain::telemetry::UnixNanos;

use super::{role, texts};
use crate::error::StoreError;
use crate::number::bigint;
use crate::text;

/// An account.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub id: i64,
    /// What one signs in with.
    pub name: Text,
    /// How pages call them.
    pub display_name: Text,
    /// Where mail reaches them; may be empty.
    pub email: Text,
    pub role: Role,
    /// Their teams, by name.
    pub teams: Vec<Text>,
    /// argon2id, as a PHC string.
    pub password_hash: Option<String>,
    /// Whether they are known by an identity provider.
    pub from_oidc: bool,
    /// Whether they can't sign in.
    pub disabled: bool,
    /// When they last did something, to the minute.
    pub last_seen_ns: Option<UnixNanos>,
}

/// Without the hash.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("role", &self.role)
            .field("teams", &self.teams)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

/// A new account.
#[derive(Clone, Copy)]
pub struct NewAccount<'a> {
    /// What one signs in with, in lower case.
    pub name: &'a str,
    /// How pages call them.
    pub display_name: &'a str,
    /// Where mail reaches them; may be empty.
    pub email: &'a str,
    pub role: Role,
    /// argon2id, as a PHC string.
    pub password_hash: Option<&'a str>,
    /// Issuer and subject at the identity provider.
    pub identity: Option<(&'a str, &'a str)>,
    /// When it is made.
    pub created_ns: UnixNanos,
}

/// Makes an account; its number. Errors: [`crate::Conflict::AccountName`], [`crate::Conflict::Identity`].
pub async fn insert(conn: &mut crate::Connection, new: NewAccount<'_>) -> Result<i64, StoreError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO person (name, display_name, email, role, password_hash, oidc_issuer, oidc_subject, created_ns)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        new.name,
        new.display_name,
        new.email,
        new.role as i16,
        new.password_hash,
        new.identity.map(|identity| identity.0),
        new.identity.map(|identity| identity.1),
        bigint(new.created_ns)
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Which accounts.
#[derive(Clone, Copy, Default)]
struct Which<'a> {
    id: Option<i64>,
    name: Option<&'a str>,
    identity: Option<(&'a str, &'a str)>,
}

/// All accounts, by name.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<Account>, StoreError> {
    read(conn, Which::default()).await
}

/// The account of a number.
pub async fn by_id(conn: &mut crate::Connection, id: i64) -> Result<Option<Account>, StoreError> {
    let id = Some(id);
    Ok(read(conn, Which { id, ..Which::default() }).await?.pop())
}

/// The account of a name, which is in lower case.
pub async fn by_name(conn: &mut crate::Connection, name: &str) -> Result<Option<Account>, StoreError> {
    let name = Some(name);
    Ok(read(
        conn,
        Which {
            name,
            ..Which::default()
        },
    )
    .await?
    .pop())
}

/// The account that is known at an identity provider by this subject.
pub async fn by_identity(
    conn: &mut crate::Connection,
    issuer: &str,
    subject: &str,
) -> Result<Option<Account>, StoreError> {
    let which = Which {
        identity: Some((issuer, subject)),
        ..Which::default()
    };
    Ok(read(conn, which).await?.pop())
}

async fn read(conn: &mut crate::Connection, which: Which<'_>) -> Result<Vec<Account>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT id, name, display_name, email, role, password_hash, oidc_subject IS NOT NULL AS "from_oidc!", disabled,
            last_seen_ns, ARRAY(SELECT m.team FROM membership AS m WHERE m.person = p.id ORDER BY m.team) AS "teams!"
        FROM person AS p
        WHERE ($1::bigint IS NULL OR id = $1) AND ($2::text IS NULL OR name = $2)
            AND ($3::text IS NULL OR oidc_issuer = $3 AND oidc_subject = $4)
        ORDER BY name"#,
        which.id,
        which.name.map(text::name),
        which.identity.map(|identity| text::name(identity.0)),
        which.identity.map(|identity| text::name(identity.1))
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Account {
                id: row.id,
                name: row.name.into(),
                display_name: row.display_name.into(),
                email: row.email.into(),
                role: role(row.role)?,
                teams: texts(row.teams),
                password_hash: row.password_hash,
                from_oidc: row.from_oidc,
                disabled: row.disabled,
                last_seen_ns: row.last_seen_ns.map(|ns| ns as u64),
            })
        })
        .collect()
}

/// Whether there is any account.
pub async fn any(conn: &mut crate::Connection) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM person) AS "any!""#)
        .fetch_one(conn)
        .await?)
}

/// The numbers of the admins that can sign in. They stay admins until the transaction ends, so that of two that would end each other one
/// waits and then sees that it is the last.
pub async fn lock_admins(conn: &mut crate::Connection) -> Result<Vec<i64>, StoreError> {
    let admins = sqlx::query_scalar!(
        "SELECT id FROM person WHERE role = $1 AND NOT disabled AND (password_hash IS NOT NULL OR oidc_subject IS NOT NULL)
        ORDER BY id FOR UPDATE",
        Role::Admin as i16
    )
    .fetch_all(conn)
    .await?;
    Ok(admins)
}

/// Whether there is an admin that can sign in.
pub async fn has_admin(conn: &mut crate::Connection) -> Result<bool, StoreError> {
    let has = sqlx::query_scalar!(
        r#"SELECT EXISTS (
            SELECT FROM person WHERE role = $1 AND NOT disabled AND (password_hash IS NOT NULL OR oidc_subject IS NOT NULL)
        ) AS "has!""#,
        Role::Admin as i16
    )
    .fetch_one(conn)
    .await?;
    Ok(has)
}

/// Holds an account as it is until the transaction ends.
pub async fn lock(conn: &mut crate::Connection, id: i64) -> Result<(), StoreError> {
    sqlx::query!("SELECT id FROM person WHERE id = $1 FOR UPDATE", id)
        .fetch_optional(conn)
        .await?;
    Ok(())
}

/// Sets what somebody is.
pub async fn set_role(conn: &mut crate::Connection, id: i64, role: Role) -> Result<(), StoreError> {
    sqlx::query!("UPDATE person SET role = $2 WHERE id = $1", id, role as i16)
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets whether somebody can't sign in.
pub async fn set_disabled(conn: &mut crate::Connection, id: i64, disabled: bool) -> Result<(), StoreError> {
    sqlx::query!("UPDATE person SET disabled = $2 WHERE id = $1", id, disabled)
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets a password, by its hash.
pub async fn set_password(conn: &mut crate::Connection, id: i64, hash: &str) -> Result<(), StoreError> {
    sqlx::query!("UPDATE person SET password_hash = $2 WHERE id = $1", id, hash)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes over what the identity provider says of somebody.
pub async fn set_profile(
    conn: &mut crate::Connection,
    id: i64,
    display_name: &str,
    email: &str,
    role: Role,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE person SET display_name = $2, email = $3, role = $4 WHERE id = $1",
        id,
        display_name,
        email,
        role as i16
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that somebody did something.
pub async fn touch(conn: &mut crate::Connection, id: i64, now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!("UPDATE person SET last_seen_ns = $2 WHERE id = $1", id, bigint(now_ns))
        .execute(conn)
        .await?;
    Ok(())
}
