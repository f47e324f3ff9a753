//! Where alerts are sent. What waits to be is [`super::outbox`].

use pointsman_domain::Text;
use pointsman_domain::slo::{AlertSeverity, Channel, ChannelForm};
use pointsman_domain::telemetry::UnixNanos;

use super::alerts::severity;
use super::{from_json, json};
use crate::connect::Tx;
use crate::error::StoreError;
use crate::number::bigint;

/// A channel's secret as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub enum KeptSecret {
    Clear(String),
    /// Encrypted.
    Encrypted {
        /// By which key.
        by: String,
        /// What can be decrypted with it.
        bytes: Vec<u8>,
    },
}

/// Without the secret.
impl std::fmt::Debug for KeptSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptSecret(..)")
    }
}

impl KeptSecret {
    /// From the columns of a channel.
    pub(super) fn of(clear: Option<String>, encrypted: Option<Vec<u8>>, by: Option<String>) -> Option<Self> {
        match (clear, encrypted, by) {
            (_, Some(bytes), Some(by)) => Some(Self::Encrypted { by, bytes }),
            (clear, ..) => clear.map(Self::Clear),
        }
    }
}

/// All channels, by name, without their secrets, with how the sending goes.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<Channel>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT c.id, c.name, c.spec::text AS "spec!", c.secret IS NOT NULL OR c.encrypted IS NOT NULL AS "has_secret!",
            c.encrypted_by, c.least, c.teams, c.created_ns, c.last_sent_ns, c.failing_since_ns, c.next_ns,
            coalesce(c.failure, w.failure) AS "failure?", w.waiting AS "waiting!", w.oldest_ns AS "oldest_ns?", g.given_up AS "given_up!"
        FROM channel AS c
        CROSS JOIN LATERAL (
            SELECT count(*) AS waiting, min(o.created_ns) AS oldest_ns,
                (array_agg(o.failure ORDER BY o.id DESC) FILTER (WHERE o.failure IS NOT NULL))[1] AS failure
            FROM outbox AS o WHERE o.channel = c.id AND o.sent_ns IS NULL AND o.given_up_ns IS NULL
        ) AS w
        CROSS JOIN LATERAL (
            SELECT count(*) AS given_up FROM outbox AS o WHERE o.channel = c.id AND o.given_up_ns IS NOT NULL
        ) AS g
        ORDER BY c.name"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Channel {
                id: row.id,
                name: row.name.into(),
                to: from_json(&row.spec)?,
                least: severity(row.least),
                teams: row.teams.into_iter().map(Into::into).collect(),
                has_secret: row.has_secret,
                encrypted_by: row.encrypted_by.map(Into::into),
                created_ns: row.created_ns as u64,
                last_sent_ns: row.last_sent_ns.map(|at| at as u64),
                last_failure: row.failure.map(Into::into),
                failing_since_ns: row.failing_since_ns.map(|at| at as u64),
                next_attempt_ns: row.failing_since_ns.map(|_| row.next_ns as u64),
                waiting: row.waiting as u32,
                oldest_waiting_ns: row.oldest_ns.map(|at| at as u64),
                given_up: row.given_up as u32,
            })
        })
        .collect()
}

/// A channel, for whoever writes notices.
#[derive(Debug, Clone)]
pub struct Recipient {
    pub id: i64,
    /// Only alerts at least so severe.
    pub least: AlertSeverity,
    /// Only alerts of services of these teams; empty is all.
    pub teams: Vec<Text>,
}

/// Which alerts go to which channels.
pub async fn recipients(conn: &mut crate::Connection) -> Result<Vec<Recipient>, StoreError> {
    let rows = sqlx::query!("SELECT id, least, teams FROM channel ORDER BY id")
        .fetch_all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Recipient {
            id: row.id,
            least: severity(row.least),
            teams: row.teams.into_iter().map(Into::into).collect(),
        })
        .collect())
}

/// Adds a channel, without its secret; its number. Errors: [`crate::Conflict::ChannelName`].
pub async fn insert(conn: &mut crate::Connection, form: &ChannelForm, now_ns: UnixNanos) -> Result<i64, StoreError> {
    let teams: Vec<String> = form.teams.iter().map(ToString::to_string).collect();
    let id = sqlx::query_scalar!(
        "INSERT INTO channel (name, spec, least, teams, created_ns) VALUES ($1, $2::text::jsonb, $3, $4, $5) RETURNING id",
        form.name.as_str(),
        json(&form.to)?,
        form.least as i16,
        &teams,
        bigint(now_ns)
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Replaces a channel, but for its secret. Where it failed, it is tried at once. Errors: [`crate::Conflict::ChannelName`].
pub async fn update(conn: &mut crate::Connection, id: i64, form: &ChannelForm) -> Result<(), StoreError> {
    let teams: Vec<String> = form.teams.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "UPDATE channel SET name = $2, spec = $3::text::jsonb, least = $4, teams = $5, failures = 0, failure = NULL,
            failing_since_ns = NULL, next_ns = 0
        WHERE id = $1",
        id,
        form.name.as_str(),
        json(&form.to)?,
        form.least as i16,
        &teams
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// From now on the channel has this secret, or none.
pub async fn set_secret(conn: &mut crate::Connection, id: i64, secret: Option<&KeptSecret>) -> Result<(), StoreError> {
    let (clear, encrypted, by) = match secret {
        None => (None, None, None),
        Some(KeptSecret::Clear(secret)) => (Some(secret.as_str()), None, None),
        Some(KeptSecret::Encrypted { by, bytes }) => (None, Some(bytes.as_slice()), Some(by.as_str())),
    };
    sqlx::query!(
        "UPDATE channel SET secret = $2, encrypted = $3, encrypted_by = $4 WHERE id = $1",
        id,
        clear,
        encrypted,
        by
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The secrets that are not encrypted by this key, by the number of their channels; they stay as they are until the transaction ends. At
/// most 100 at a time.
pub async fn secrets_without(tx: &mut Tx, key: &str) -> Result<Vec<(i64, KeptSecret)>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id, secret, encrypted, encrypted_by FROM channel
        WHERE secret IS NOT NULL OR encrypted_by <> $1 ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED",
        key
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((row.id, KeptSecret::of(row.secret, row.encrypted, row.encrypted_by)?)))
        .collect())
}

/// Removes a channel, with what waits to be sent to it.
pub async fn delete(conn: &mut crate::Connection, id: i64) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM channel WHERE id = $1", id)
        .execute(conn)
        .await?;
    Ok(())
}
