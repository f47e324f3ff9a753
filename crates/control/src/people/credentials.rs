//! Who bears a secret: a session's, or a token's.

use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::people::{sessions, tokens, users};

use super::secret::{TOKEN_PREFIX, digest};
use super::{MINUTE_NS, PeopleSettings, person};
use crate::access::{Person, Program};
use crate::{Control, People, Problem};

impl PeopleSettings {
    /// Whether a session that was last used then has ended since.
    pub(super) fn has_ended(&self, session: &sessions::Session, now_ns: UnixNanos) -> bool {
        let idle_ns = self.session_idle.as_nanos() as u64;
        session.expires_ns <= now_ns || session.last_seen_ns.saturating_add(idle_ns) <= now_ns
    }
}

impl People<'_> {
    /// Whether there is any account: what the sign-in page goes by, for everybody.
    pub async fn has_people(&self) -> Result<bool, Problem> {
        Ok(users::any(&mut *self.0.control.store.conn().await?).await?)
    }
}

impl Control {
    /// Whose session this is, and its number. `None` where there is none (any more), or the account is disabled.
    pub async fn person_by_session(&self, secret: &str) -> Result<Option<(Person, i64)>, Problem> {
        let Some(hash) = digest(secret) else { return Ok(None) };
        let now_ns = self.clock.now_ns();
        let mut conn = self.store.conn().await?;
        let Some(session) = sessions::by_secret(&mut conn, &hash).await? else {
            return Ok(None);
        };
        if self.settings.people.has_ended(&session, now_ns) {
            return Ok(None);
        }
        let account = users::by_id(&mut conn, session.person).await?;
        let Some(account) = account.filter(|account| !account.disabled) else {
            return Ok(None);
        };
        if session.last_seen_ns + MINUTE_NS <= now_ns {
            sessions::touch(&mut conn, session.id, now_ns).await?;
            users::touch(&mut conn, account.id, now_ns).await?;
        }
        Ok(Some((person(&account), session.id)))
    }

    /// Which program this token is of. `None` where there is none (any more), or its owner is disabled.
    pub async fn program_by_token(&self, secret: &str) -> Result<Option<Program>, Problem> {
        let hash = digest(secret).filter(|_| secret.starts_with(TOKEN_PREFIX));
        let Some(hash) = hash else { return Ok(None) };
        let now_ns = self.clock.now_ns();
        let mut conn = self.store.conn().await?;
        let found = tokens::by_secret(&mut conn, &hash).await?;
        let Some(token) = found.filter(|token| token.summary.expires_ns > now_ns) else {
            return Ok(None);
        };
        let owner = match token.owner {
            None => None,
            Some(id) => match users::by_id(&mut conn, id).await? {
                Some(account) if !account.disabled => Some(person(&account)),
                _ => return Ok(None),
            },
        };
        let token = token.summary;
        if token.last_used_ns.is_none_or(|used_ns| used_ns + MINUTE_NS <= now_ns) {
            tokens::touch(&mut conn, token.id, now_ns).await?;
        }
        Ok(Some(Program {
            id: token.id,
            name: token.name,
            owner,
            scopes: token.scopes,
            services: token.services,
        }))
    }
}
