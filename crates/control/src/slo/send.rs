//! Sends what waits in the outbox: at least once, with a key by which the receiver knows a repeat; again and again with growing pauses,
//! and given up after a day.
//!
//! Every replica sends. What one has taken is kept from the others for a minute; where it dies meanwhile, another one sends it.

mod hook;
mod mail;

use std::time::Duration;

use futures::future::join_all;
use pointsman_domain::slo::ChannelKind;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::slo::channels::{self, Outgoing};
use pointsman_store::{Store, StoreError};

/// How much is sent at once.
const AT_ONCE: i64 = 8;
/// How long one sending may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long what is taken is kept from others.
const LEASE: Duration = Duration::from_secs(60);
/// The pause after the first failure; it doubles.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);
/// From when on it is given up.
const GIVE_UP: Duration = Duration::from_secs(86_400);
/// How long the outbox tells of what was sent.
const KEPT: Duration = Duration::from_secs(7 * 86_400);

fn ns(length: Duration) -> u64 {
    length.as_nanos() as u64
}

/// Sends notices. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Courier {
    http: reqwest::Client,
}

/// What was done with what was due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent {
    /// How many arrived.
    pub sent: usize,
    /// How many did not, and are tried again.
    pub failed: usize,
    /// How many are given up.
    pub given_up: usize,
}

impl Courier {
    /// Trusts whom the machine trusts, and follows no redirect. Errors: the machine's certificates can't be read.
    pub fn new() -> Result<Self, reqwest::Error> {
        // That another part has chosen already is fine: there is only this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("pointsman/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http })
    }

    /// Sends what is due, and takes out what was sent long ago.
    pub async fn deliver(&self, store: &Store, now_ns: UnixNanos) -> Result<Sent, StoreError> {
        let mut done = Sent::default();
        channels::sweep(&mut *store.conn().await?, now_ns.saturating_sub(ns(KEPT))).await?;
        loop {
            let mut tx = store.begin().await?;
            let due = channels::take(&mut tx, now_ns, now_ns + ns(LEASE), AT_ONCE).await?;
            tx.commit().await?;
            if due.is_empty() {
                return Ok(done);
            }
            let answers = join_all(due.iter().map(|outgoing| self.send(outgoing, now_ns))).await;
            let mut conn = store.conn().await?;
            for (outgoing, answer) in due.iter().zip(answers) {
                match answer {
                    Ok(()) => {
                        channels::sent(&mut conn, outgoing.id, now_ns).await?;
                        done.sent += 1;
                    }
                    Err(failure) => {
                        let next_ns = again(outgoing, now_ns);
                        channels::failed(&mut conn, outgoing.id, &failure, next_ns, now_ns).await?;
                        if next_ns.is_some() {
                            tracing::warn!(channel = %outgoing.channel, notice = %outgoing.key, failure, "a notice was not taken; trying again");
                            done.failed += 1;
                        } else {
                            tracing::error!(channel = %outgoing.channel, notice = %outgoing.key, failure, "a notice was not taken for a day and is given up");
                            done.given_up += 1;
                        }
                    }
                }
            }
        }
    }

    /// Errors: why not, without any secret.
    async fn send(&self, outgoing: &Outgoing, now_ns: UnixNanos) -> Result<(), String> {
        let secret = outgoing.secret.as_deref().unwrap_or_default();
        match &outgoing.to {
            ChannelKind::Webhook { url } => hook::signed(&self.http, url, secret, outgoing, now_ns).await,
            ChannelKind::Slack => hook::chat(&self.http, secret, outgoing).await,
            ChannelKind::Email { .. } => mail::send(outgoing, secret, TIMEOUT).await,
        }
    }
}

/// When to try again; `None` for never.
fn again(outgoing: &Outgoing, now_ns: UnixNanos) -> Option<UnixNanos> {
    let pause = FIRST_PAUSE
        .saturating_mul(1 << outgoing.attempts.saturating_sub(1).min(10))
        .min(LONGEST_PAUSE);
    // Up to a fifth more, so that not all come at once.
    let next_ns = now_ns + ns(pause.mul_f64(1.0 + rand::random::<f64>() / 5.0));
    (next_ns.saturating_sub(outgoing.created_ns) < ns(GIVE_UP)).then_some(next_ns)
}
