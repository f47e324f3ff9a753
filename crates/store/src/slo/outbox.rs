//! What waits to be sent, and which replica sends it.
//!
//! A channel is sent by one replica at a time: who takes its lease takes some of what waits for it, sends that, and notes what came of it.
//! The lease runs by the database's clock; who dies while it runs has left the rest to others.

use pointsman_domain::slo::{ChannelKind, Notification};
use pointsman_domain::telemetry::UnixNanos;

use super::channels::KeptSecret;
use super::{from_json, json};
use crate::connect::Tx;
use crate::error::StoreError;
use crate::number::bigint;
use crate::text;

/// No pause of the sender is longer than this, 1 h: what is put off for longer was put off by a clock that is ahead, and is due.
const LONGEST_NS: i64 = 3_600_000_000_000;
/// How often a notice fails before all others go before it.
const OFTEN: i32 = 3;

/// Puts something into the outbox of a channel, once for each key: what can be read as a [`Notification`]. `alert` is the alert that it tells of.
pub async fn put(
    conn: &mut crate::Connection,
    channel: i64,
    key: &str,
    alert: Option<i64>,
    letter: &impl serde::Serialize,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO outbox (channel, key, alert, notice, created_ns, next_ns) VALUES ($1, $2, $3, $4::text::jsonb, $5, 0)
        ON CONFLICT (channel, key) DO NOTHING",
        channel,
        key,
        alert,
        json(letter)?,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The channels that were told of an alert, or are about to be.
pub async fn told(conn: &mut crate::Connection, alert: i64) -> Result<Vec<i64>, StoreError> {
    let channels = sqlx::query_scalar!(
        "SELECT DISTINCT channel FROM outbox WHERE alert = $1 AND given_up_ns IS NULL ORDER BY channel",
        alert
    )
    .fetch_all(conn)
    .await?;
    Ok(channels)
}

/// The channels for which something is due and which nobody is sending to, of those whose secret is not encrypted or by one of these keys.
pub async fn due(conn: &mut crate::Connection, keys: &[String], now_ns: UnixNanos) -> Result<Vec<i64>, StoreError> {
    let ids = sqlx::query_scalar!(
        "SELECT c.id FROM channel AS c
        WHERE c.next_ns NOT BETWEEN $1::bigint + 1 AND $1 + $2::bigint
            AND (c.lease_until IS NULL OR c.lease_until <= clock_timestamp())
            AND (c.encrypted_by IS NULL OR c.encrypted_by = ANY ($3))
            AND EXISTS (
                SELECT FROM outbox AS o WHERE o.channel = c.id AND o.sent_ns IS NULL AND o.given_up_ns IS NULL
                    AND o.next_ns NOT BETWEEN $1 + 1 AND $1 + $2
            )
        ORDER BY c.id",
        bigint(now_ns),
        LONGEST_NS,
        keys
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// A channel that is leased, and what is to be sent to it.
#[derive(Debug)]
pub struct Leased {
    /// The channel's number.
    pub channel: i64,
    pub name: String,
    /// Where to. Errors: it can't be read.
    pub to: Result<ChannelKind, StoreError>,
    /// Its secret.
    pub secret: Option<KeptSecret>,
    /// How many attempts failed in a row.
    pub failures: u32,
    /// What is to be sent, oldest first.
    pub notices: Vec<Outgoing>,
}

/// What is to be sent.
#[derive(Debug)]
pub struct Outgoing {
    pub id: i64,
    /// By which the receiver knows a repeat.
    pub key: String,
    /// What. Errors: it can't be read.
    pub letter: Result<Notification, StoreError>,
    /// Since when it waits.
    pub created_ns: UnixNanos,
    /// How often it was tried, this time included.
    pub attempts: u32,
}

/// Takes or renews the lease of a channel under a number of one's own, for so many seconds, and with it at most so many of the notices that
/// are due: one where the channel fails. Of an alert only the oldest that waits, so that its end is told after its beginning. `None` where
/// nothing is due or another one has the lease.
pub async fn lease(
    tx: &mut Tx,
    channel: i64,
    lease: i64,
    seconds: f64,
    most: i64,
    keys: &[String],
    now_ns: UnixNanos,
) -> Result<Option<Leased>, StoreError> {
    let row = sqlx::query!(
        r#"UPDATE channel SET lease = $2, lease_until = clock_timestamp() + make_interval(secs => $3)
        WHERE id = $1 AND next_ns NOT BETWEEN $4::bigint + 1 AND $4 + $5::bigint
            AND (lease_until IS NULL OR lease_until <= clock_timestamp() OR lease = $2)
            AND (encrypted_by IS NULL OR encrypted_by = ANY ($6))
        RETURNING name, spec::text AS "spec!", secret, encrypted, encrypted_by, failures"#,
        channel,
        lease,
        seconds,
        bigint(now_ns),
        LONGEST_NS,
        keys
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let most = if row.failures > 0 { 1 } else { most };
    // The choice is materialised: planned as a part of the update, its LIMIT may be taken again and again.
    let rows = sqlx::query!(
        r#"WITH chosen AS MATERIALIZED (
            SELECT o.id FROM outbox AS o
            WHERE o.channel = $1 AND o.sent_ns IS NULL AND o.given_up_ns IS NULL AND o.next_ns NOT BETWEEN $2::bigint + 1 AND $2 + $3::bigint
                AND NOT EXISTS (
                    SELECT FROM outbox AS e WHERE e.channel = $1 AND e.alert = o.alert AND e.id < o.id
                        AND e.sent_ns IS NULL AND e.given_up_ns IS NULL
                )
            ORDER BY o.attempts > $4, o.id LIMIT $5
        )
        UPDATE outbox AS o SET attempts = o.attempts + 1 FROM chosen WHERE o.id = chosen.id
        RETURNING o.id, o.key, o.notice::text AS "notice!", o.created_ns, o.attempts"#,
        channel,
        bigint(now_ns),
        LONGEST_NS,
        OFTEN,
        most
    )
    .fetch_all(&mut **tx)
    .await?;
    if rows.is_empty() {
        release(tx, channel, lease).await?;
        return Ok(None);
    }
    let mut notices: Vec<Outgoing> = rows
        .into_iter()
        .map(|row| Outgoing {
            id: row.id,
            key: row.key,
            letter: from_json(&row.notice),
            created_ns: row.created_ns as u64,
            attempts: row.attempts as u32,
        })
        .collect();
    notices.sort_by_key(|notice| notice.id);
    Ok(Some(Leased {
        channel,
        name: row.name,
        to: from_json(&row.spec),
        secret: KeptSecret::of(row.secret, row.encrypted, row.encrypted_by),
        failures: row.failures as u32,
        notices,
    }))
}

/// Gives a lease back.
pub async fn release(conn: &mut crate::Connection, channel: i64, lease: i64) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE channel SET lease = NULL, lease_until = NULL WHERE id = $1 AND lease = $2",
        channel,
        lease
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It was sent.
pub async fn sent(conn: &mut crate::Connection, id: i64, now_ns: UnixNanos) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE outbox SET sent_ns = $2, failure = NULL, given_up_ns = NULL WHERE id = $1 AND sent_ns IS NULL",
        id,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It was not taken: not before `next_ns` again, or never where `given_up_ns` says when it was given up.
pub async fn failed(
    conn: &mut crate::Connection,
    id: i64,
    failure: &str,
    next_ns: UnixNanos,
    given_up_ns: Option<UnixNanos>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE outbox SET failure = $2, next_ns = $3, given_up_ns = $4 WHERE id = $1 AND sent_ns IS NULL",
        id,
        text::name(failure),
        bigint(next_ns),
        given_up_ns.map(bigint)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up all that has waited for a channel since before this moment; how many.
pub async fn give_up(
    conn: &mut crate::Connection,
    channel: i64,
    before_ns: UnixNanos,
    failure: &str,
    now_ns: UnixNanos,
) -> Result<u64, StoreError> {
    let given_up = sqlx::query!(
        "UPDATE outbox SET given_up_ns = $4, failure = coalesce(failure, $3)
        WHERE channel = $1 AND sent_ns IS NULL AND given_up_ns IS NULL AND created_ns <= $2",
        channel,
        bigint(before_ns),
        text::name(failure),
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(given_up.rows_affected())
}

/// The receiver of a channel was reached; `sent` says that it took something. Only who has the lease notes it.
pub async fn reached(
    conn: &mut crate::Connection,
    channel: i64,
    lease: i64,
    sent: bool,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE channel SET failures = 0, failure = NULL, failing_since_ns = NULL, next_ns = 0,
            last_sent_ns = CASE WHEN $3 THEN $4 ELSE last_sent_ns END
        WHERE id = $1 AND lease = $2",
        channel,
        lease,
        sent,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The receiver of a channel was not reached: no attempt before `next_ns`. Only who has the lease notes it.
pub async fn not_reached(
    conn: &mut crate::Connection,
    channel: i64,
    lease: i64,
    failure: &str,
    next_ns: UnixNanos,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE channel SET failures = failures + 1, failure = $3, failing_since_ns = coalesce(failing_since_ns, $4), next_ns = $5
        WHERE id = $1 AND lease = $2",
        channel,
        lease,
        text::name(failure),
        bigint(now_ns),
        bigint(next_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes what was sent or given up before this moment, at most 1,000 at a time; how many. What tells of an alert that has not ended stays:
/// who was told is told of the end.
pub async fn sweep(conn: &mut crate::Connection, before_ns: UnixNanos) -> Result<u64, StoreError> {
    let swept = sqlx::query!(
        "WITH chosen AS MATERIALIZED (
            SELECT o.id FROM outbox AS o LEFT JOIN alert AS a ON a.id = o.alert
            WHERE coalesce(o.sent_ns, o.given_up_ns) < $1 AND (o.alert IS NULL OR a.resolved_ns IS NOT NULL) LIMIT 1000
        )
        DELETE FROM outbox USING chosen WHERE outbox.id = chosen.id",
        bigint(before_ns)
    )
    .execute(conn)
    .await?;
    Ok(swept.rows_affected())
}
