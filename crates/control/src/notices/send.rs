//! Sends what waits in the outbox, each channel by itself: at least once, with a key by which the receiver knows a repeat; again and again
//! with growing pauses, and given up after a day.
//!
//! ```text
//! outbox --[ lease of a channel ]--> a few notices at once, each with its limit of time --> sent, again, given up
//!                 ^                                                         |
//!                 +-- receiver not reached: a pause, then one notice alone --+
//! ```
//!
//! Every replica sends. What one is sending to is kept from the others by the channel's lease, which outlasts every attempt; where the
//! replica dies, another one goes on once the lease has run out.

mod chat;
mod failure;
mod hook;
mod mail;
mod words;

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use pointsman_domain::backoff::Backoff;
use pointsman_domain::slo::ChannelKind;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::slo::outbox::{self, Leased, Outgoing};
use pointsman_store::{Store, StoreError};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use self::failure::SendFailure;
pub(super) use self::mail::check as check_mail;
use crate::secrets::SecretKeys;
use crate::{Clock, Control};

/// How many notices go to a channel at once.
const AT_ONCE: i64 = 4;
/// How long an attempt over HTTP may take, from the name of the host to the head of the answer.
const HTTP_LIMIT: Duration = Duration::from_secs(10);
/// The same by mail, to the answer that the mail is taken: servers let those wait whom they do not know.
const MAIL_LIMIT: Duration = Duration::from_secs(30);
/// For how long it is tried to note what came of attempts, while the database is away.
const NOTE_LIMIT: Duration = Duration::from_secs(30);
/// How long a channel is kept from other replicas: longer than an attempt and its note.
const LEASE: Duration = Duration::from_secs(90);
/// The pauses of a channel that is not reached. An attempt is a single one, so it can be soon: a page that waits should not wait long.
const CHANNEL_BACKOFF: Backoff = Backoff::new(Duration::from_secs(5), Duration::from_secs(120));
/// The pauses of a notice that the receiver does not take while it takes others.
const NOTICE_BACKOFF: Backoff = Backoff::new(Duration::from_secs(5), Duration::from_secs(900));
/// From when on a notice is given up.
const GIVE_UP: Duration = Duration::from_secs(86_400);
/// How long the outbox tells of what was sent.
const KEPT: Duration = Duration::from_secs(7 * 86_400);
/// How many channels use the database at once.
const DATABASE_USES: usize = 2;

fn ns(length: Duration) -> u64 {
    length.as_nanos() as u64
}

/// Sends notices. Clones share everything.
#[derive(Debug, Clone)]
pub struct Sender {
    store: Store,
    clock: Clock,
    keys: SecretKeys,
    http: reqwest::Client,
    database: Arc<Semaphore>,
    stop: CancellationToken,
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

impl std::ops::AddAssign for Sent {
    fn add_assign(&mut self, other: Self) {
        self.sent += other.sent;
        self.failed += other.failed;
        self.given_up += other.given_up;
    }
}

impl Sender {
    /// Trusts whom the machine trusts, and follows no redirect. Errors: the machine's certificates can't be read.
    pub fn new(control: &Control) -> Result<Self, reqwest::Error> {
        let (store, keys) = (control.store.clone(), control.keys.clone());
        Self::over(store, control.clock.clone(), keys, CancellationToken::new())
    }

    pub(crate) fn over(
        store: Store,
        clock: Clock,
        keys: SecretKeys,
        stop: CancellationToken,
    ) -> Result<Self, reqwest::Error> {
        // That another part has chosen already is fine: there is only this one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // A connection that was quiet for long may be dead without either end knowing.
            .pool_max_idle_per_host(0)
            .user_agent(concat!("pointsman/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            store,
            clock,
            keys,
            http,
            database: Arc::new(Semaphore::new(DATABASE_USES)),
            stop,
        })
    }

    /// Encrypts secrets that lie there otherwise, and takes out what was sent long ago.
    pub async fn tidy(&self) -> Result<(), StoreError> {
        let encrypted = self.keys.encrypt_all(&self.store).await?;
        if encrypted > 0 {
            tracing::info!(channels = encrypted, "secrets of channels were encrypted");
        }
        let before_ns = self.clock.now_ns().saturating_sub(ns(KEPT));
        outbox::sweep(&mut *self.store.conn().await?, before_ns).await?;
        Ok(())
    }

    /// The channels for which something is due.
    pub async fn due(&self) -> Result<Vec<i64>, StoreError> {
        let mut conn = self.store.conn().await?;
        outbox::due(&mut conn, &self.keys.ids(), self.clock.now_ns()).await
    }

    /// Sends all that is due, to all channels at once, and waits for the slowest.
    pub async fn deliver(&self) -> Result<Sent, StoreError> {
        let due = self.due().await?;
        let mut all = Sent::default();
        for done in join_all(due.into_iter().map(|channel| self.send_to(channel))).await {
            all += done?;
        }
        Ok(all)
    }

    /// Sends what is due to one channel, until nothing is or the receiver is not reached.
    pub async fn send_to(&self, channel: i64) -> Result<Sent, StoreError> {
        let lease = rand::random();
        let mut done = Sent::default();
        while !self.stop.is_cancelled() {
            let Some(leased) = self.lease(channel, lease).await? else {
                return Ok(done);
            };
            let attempts = leased.notices.iter().map(|notice| self.attempt(&leased, notice));
            let outcome = Outcome::of(&leased, join_all(attempts).await);
            done += self.note(&outcome, lease).await?;
            if outcome.failure.is_some() {
                return Ok(done);
            }
        }
        outbox::release(&mut *self.store.conn().await?, channel, lease).await?;
        Ok(done)
    }

    async fn lease(&self, channel: i64, lease: i64) -> Result<Option<Leased>, StoreError> {
        let _turn = self.database.acquire().await;
        let (seconds, keys, now_ns) = (LEASE.as_secs_f64(), self.keys.ids(), self.clock.now_ns());
        let mut tx = self.store.begin().await?;
        let leased = outbox::lease(&mut tx, channel, lease, seconds, AT_ONCE, &keys, now_ns).await?;
        tx.commit().await?;
        Ok(leased)
    }

    /// One attempt, which ends in time whatever the receiver does. When it was sent, or why not.
    async fn attempt(&self, leased: &Leased, notice: &Outgoing) -> Result<UnixNanos, SendFailure> {
        let letter = notice
            .letter
            .as_ref()
            .map_err(|error| SendFailure::Never(format!("it can't be read: {error}")))?;
        let to = leased.to.as_ref().map_err(|error| {
            SendFailure::Channel(format!("its settings can't be read: {error}; fill them in again"))
        })?;
        let secret = match &leased.secret {
            None => String::new(),
            Some(kept) => self
                .keys
                .decrypt(leased.channel, kept)
                .ok_or_else(|| SendFailure::Channel("its secret can't be decrypted; fill it in again".to_owned()))?,
        };
        if to.tells_password() {
            let why = "the password is not sent unencrypted over a network; choose tls or start_tls";
            return Err(SendFailure::Channel(why.to_owned()));
        }
        let sending = async {
            match to {
                ChannelKind::Webhook { url } => {
                    hook::signed(&self.http, url, &secret, &notice.key, letter, self.clock.now_ns()).await
                }
                ChannelKind::Slack => hook::chat(&self.http, &secret, &notice.key, letter).await,
                ChannelKind::Email { .. } => mail::send(to, &secret, &notice.key, letter, notice.created_ns).await,
            }
        };
        let limit = match to {
            ChannelKind::Email { .. } => MAIL_LIMIT,
            ChannelKind::Webhook { .. } | ChannelKind::Slack => HTTP_LIMIT,
        };
        match timeout(limit, sending).await {
            Ok(done) => done.map(|()| self.clock.now_ns()),
            Err(_) => Err(SendFailure::Channel(format!(
                "the receiver did not answer within {} s",
                limit.as_secs()
            ))),
        }
    }

    /// Notes what came of attempts. While the database is away it is tried again: what was sent and is not noted is sent again.
    async fn note(&self, outcome: &Outcome<'_>, lease: i64) -> Result<Sent, StoreError> {
        let ends = Instant::now() + NOTE_LIMIT;
        let done = loop {
            let turn = self.database.acquire().await;
            let noted = outcome.note(&self.store, lease, self.clock.now_ns()).await;
            drop(turn);
            match noted {
                Err(error) if error.is_unavailable() && Instant::now() < ends => sleep(Duration::from_secs(1)).await,
                noted => break noted?,
            }
        };
        outcome.tell(done);
        Ok(done)
    }
}

/// What came of the attempts of one lease.
struct Outcome<'l> {
    leased: &'l Leased,
    attempts: Vec<Result<UnixNanos, SendFailure>>,
    /// Why the receiver was not reached; `None` where it was: it took something, or answered.
    failure: Option<String>,
}

impl<'l> Outcome<'l> {
    fn of(leased: &'l Leased, attempts: Vec<Result<UnixNanos, SendFailure>>) -> Self {
        let unreached = attempts.iter().find_map(|attempt| match attempt {
            Err(SendFailure::Channel(why)) => Some(why.clone()),
            _ => None,
        });
        Self {
            leased,
            // One that is not taken while others are is not the channel's fault.
            failure: unreached.filter(|_| !attempts.iter().any(Result::is_ok)),
            attempts,
        }
    }

    async fn note(&self, store: &Store, lease: i64, now_ns: UnixNanos) -> Result<Sent, StoreError> {
        let mut done = Sent::default();
        let oldest_ns = now_ns.saturating_sub(ns(GIVE_UP));
        let mut tx = store.begin().await?;
        for (notice, attempt) in self.leased.notices.iter().zip(&self.attempts) {
            let failure = match attempt {
                Ok(sent_ns) => {
                    outbox::sent(&mut tx, notice.id, *sent_ns).await?;
                    done.sent += 1;
                    continue;
                }
                Err(failure) => failure,
            };
            let ends = matches!(failure, SendFailure::Never(_)) || notice.created_ns <= oldest_ns;
            let next_ns = match (failure, &self.failure) {
                // It waits for the channel, and for nothing else.
                (SendFailure::Channel(_), Some(_)) => 0,
                _ => now_ns + pause(NOTICE_BACKOFF, notice.attempts),
            };
            outbox::failed(&mut tx, notice.id, failure.why(), next_ns, ends.then_some(now_ns)).await?;
            *(if ends { &mut done.given_up } else { &mut done.failed }) += 1;
        }
        let channel = self.leased.channel;
        match &self.failure {
            None => outbox::reached(&mut tx, channel, lease, done.sent > 0, now_ns).await?,
            Some(why) => {
                let next_ns = now_ns + pause(CHANNEL_BACKOFF, self.leased.failures + 1);
                outbox::not_reached(&mut tx, channel, lease, why, next_ns, now_ns).await?;
                done.given_up += outbox::give_up(&mut tx, channel, oldest_ns, why, now_ns).await? as usize;
                outbox::release(&mut tx, channel, lease).await?;
            }
        }
        tx.commit().await?;
        Ok(done)
    }

    /// Logs what somebody should know: a channel once when it begins to fail, not at each attempt.
    fn tell(&self, done: Sent) {
        let channel = &self.leased.name;
        let failure = self.failure.as_deref();
        match (failure, self.leased.failures) {
            (Some(failure), 0) => {
                tracing::warn!(
                    channel,
                    failure,
                    "a channel does not get through; it is tried again and again"
                );
            }
            (Some(failure), failures) => {
                tracing::debug!(channel, failure, failures, "a channel still does not get through");
            }
            (None, 0) => {}
            (None, failures) => tracing::info!(channel, failures, "a channel gets through again"),
        }
        if failure.is_none() {
            for (notice, attempt) in self.leased.notices.iter().zip(&self.attempts) {
                if let Err(failure) = attempt {
                    tracing::warn!(channel, notice = %notice.key, failure = failure.why(), "a notice was not taken");
                }
            }
        }
        if done.given_up > 0 {
            tracing::error!(channel, notices = done.given_up, "notices are given up");
        }
    }
}

/// How long to wait after so many failures, in ns. Up to a fifth more, so that not all come at once.
fn pause(backoff: Backoff, failures: u32) -> u64 {
    ns(backoff.spread(failures, 1.0..=1.2, rand::random()))
}
