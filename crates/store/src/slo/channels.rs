//! Where alerts are sent, and what waits to be: the outbox.

use pointsman_domain::slo::{Channel, ChannelForm, ChannelKind, Letter};
use pointsman_domain::telemetry::UnixNanos;

use super::alerts::severity;
use super::{bigint, from_json, json};
use crate::connect::Tx;
use crate::error::StoreError;
use crate::text;

/// All channels, by name, without their secrets.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<Channel>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT c.id, c.name, c.spec::text AS "spec!", c.secret IS NOT NULL AS "has_secret!", c.least, c.teams, c.created_ns,
            (SELECT max(o.sent_ns) FROM outbox AS o WHERE o.channel = c.id) AS "last_sent_ns?",
            (SELECT o.failure FROM outbox AS o WHERE o.channel = c.id AND o.attempts > 0 ORDER BY o.id DESC LIMIT 1) AS "failure?",
            (SELECT count(*) FROM outbox AS o WHERE o.channel = c.id AND o.sent_ns IS NULL AND o.given_up_ns IS NULL) AS "waiting!"
        FROM channel AS c ORDER BY c.name"#
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
                created_ns: row.created_ns as u64,
                last_sent_ns: row.last_sent_ns.map(|at| at as u64),
                last_failure: row.failure.map(Into::into),
                waiting: row.waiting as u32,
            })
        })
        .collect()
}

/// Adds a channel; its number. Errors: [`crate::Conflict::ChannelName`].
pub async fn insert(conn: &mut crate::Connection, form: &ChannelForm, now_ns: UnixNanos) -> Result<i64, StoreError> {
    let teams: Vec<String> = form.teams.iter().map(ToString::to_string).collect();
    let id = sqlx::query_scalar!(
        "INSERT INTO channel (name, spec, secret, least, teams, created_ns) VALUES ($1, $2::text::jsonb, $3, $4, $5, $6)
        RETURNING id",
        form.name.as_str(),
        json(&form.to)?,
        form.secret.as_deref(),
        form.least as i16,
        &teams,
        bigint(now_ns)
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Replaces a channel; without a secret the one that is kept stays. Errors: [`crate::Conflict::ChannelName`].
pub async fn update(conn: &mut crate::Connection, id: i64, form: &ChannelForm) -> Result<(), StoreError> {
    let teams: Vec<String> = form.teams.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "UPDATE channel SET name = $2, spec = $3::text::jsonb, secret = coalesce($4, secret), least = $5, teams = $6
        WHERE id = $1",
        id,
        form.name.as_str(),
        json(&form.to)?,
        form.secret.as_deref(),
        form.least as i16,
        &teams
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a channel, with what waits to be sent to it.
pub async fn delete(conn: &mut crate::Connection, id: i64) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM channel WHERE id = $1", id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts something into the outbox of a channel, once for each key: what can be read as a [`Letter`].
pub async fn put(
    conn: &mut crate::Connection,
    channel: i64,
    key: &str,
    letter: &impl serde::Serialize,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO outbox (channel, key, notice, created_ns, next_ns) VALUES ($1, $2, $3::text::jsonb, $4, $4)
        ON CONFLICT (channel, key) DO NOTHING",
        channel,
        key,
        json(letter)?,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What is to be sent.
pub struct Outgoing {
    /// Its number.
    pub id: i64,
    /// The channel's name.
    pub channel: String,
    /// Where to.
    pub to: ChannelKind,
    /// The channel's secret.
    pub secret: Option<String>,
    /// By which the receiver knows a repeat.
    pub key: String,
    /// What.
    pub letter: Letter,
    /// Since when it waits.
    pub created_ns: UnixNanos,
    /// How often it was tried, this time included.
    pub attempts: u32,
}

/// Takes what is due, at most so many, and keeps others from it until `lease_ns`: who takes it and dies has left it for then.
pub async fn take(tx: &mut Tx, now_ns: UnixNanos, lease_ns: UnixNanos, most: i64) -> Result<Vec<Outgoing>, StoreError> {
    let rows = sqlx::query!(
        r#"UPDATE outbox AS o SET next_ns = $2, attempts = o.attempts + 1
        FROM channel AS c
        WHERE c.id = o.channel AND o.id = ANY (ARRAY(
            SELECT id FROM outbox WHERE sent_ns IS NULL AND given_up_ns IS NULL AND next_ns <= $1
            ORDER BY next_ns LIMIT $3 FOR UPDATE SKIP LOCKED
        ))
        RETURNING o.id, c.name, c.spec::text AS "spec!", c.secret, o.key, o.notice::text AS "notice!", o.created_ns, o.attempts"#,
        bigint(now_ns),
        bigint(lease_ns),
        most
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Outgoing {
                id: row.id,
                channel: row.name,
                to: from_json(&row.spec)?,
                secret: row.secret,
                key: row.key,
                letter: from_json(&row.notice)?,
                created_ns: row.created_ns as u64,
                attempts: row.attempts as u32,
            })
        })
        .collect()
}

/// It was sent.
pub async fn sent(conn: &mut crate::Connection, id: i64, now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE outbox SET sent_ns = $2, failure = NULL WHERE id = $1",
        id,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It could not be sent: again at `next_ns`, or never where there is no such moment.
pub async fn failed(
    conn: &mut crate::Connection,
    id: i64,
    failure: &str,
    next_ns: Option<UnixNanos>,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE outbox SET failure = $2, next_ns = coalesce($3, next_ns),
            given_up_ns = CASE WHEN $3::bigint IS NULL THEN $4::bigint END
        WHERE id = $1",
        id,
        text::name(failure),
        next_ns.map(bigint),
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes what was sent or given up before this moment; how many.
pub async fn sweep(conn: &mut crate::Connection, before_ns: UnixNanos) -> Result<u64, StoreError> {
    let swept = sqlx::query!(
        "DELETE FROM outbox WHERE coalesce(sent_ns, given_up_ns) < $1",
        bigint(before_ns)
    )
    .execute(conn)
    .await?;
    Ok(swept.rows_affected())
}
