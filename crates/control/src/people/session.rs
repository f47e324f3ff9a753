//! How every way in ends: with a new session.

use pointsman_domain::Text;
use pointsman_domain::people::audit::ActorKind;
use pointsman_domain::people::{Action, audit::AuditEntry};
use pointsman_store::people::sessions::NewSession as Row;
use pointsman_store::people::users::Account;
use pointsman_store::people::{browsers, sessions, users};
use pointsman_store::{StoreError, Tx};

use super::secret::digest;
use super::{NewSession, Secret, person, tidy};
use crate::People;

impl People<'_> {
    /// Begins a session. The one that the browser had ends: who knew its secret before does not get in with it now.
    pub(super) async fn begin_session(
        &self,
        tx: &mut Tx,
        account: &Account,
        agent: &str,
        id_token: Option<&Secret>,
    ) -> Result<NewSession, StoreError> {
        let caller = self.0.caller();
        if let (Some(before), Some(id)) = (caller.person(), caller.session) {
            sessions::end(tx, id, before.id).await?;
        }
        let now_ns = self.0.control.clock.now_ns();
        let expires_ns = now_ns.saturating_add(self.0.control.settings.people.session_max.as_nanos() as u64);
        let secret = Secret::random();
        let row = Row {
            secret_hash: &digest(secret.reveal()).unwrap_or_default(),
            person: account.id,
            created_ns: now_ns,
            expires_ns,
            address: &self.0.entry(Action::SignIn, "").address,
            agent: &tidy(agent, 300),
            id_token: id_token.map(Secret::reveal),
        };
        sessions::insert(tx, row).await?;
        users::touch(tx, account.id, now_ns).await?;
        Ok(NewSession {
            secret,
            expires_ns,
            person: person(account),
            browser: None,
        })
    }

    /// Notes that the account was signed in to in this browser; what the browser keeps from now on instead of what it kept.
    pub(super) async fn know_browser(
        &self,
        tx: &mut Tx,
        account: &Account,
        known_by: Option<&Secret>,
    ) -> Result<Secret, StoreError> {
        let old = known_by.and_then(|secret| digest(secret.reveal()));
        let secret = Secret::random();
        let new = digest(secret.reveal()).unwrap_or_default();
        let old = old.as_ref().map(<[u8; 32]>::as_slice);
        browsers::signed_in(tx, old, &new, account.id, self.0.control.clock.now_ns()).await?;
        Ok(secret)
    }
}

/// The same entry, with the account that somebody turned out to have.
pub(super) fn by_account(entry: AuditEntry, account: &Account) -> AuditEntry {
    AuditEntry {
        actor_kind: ActorKind::Person,
        actor: account.name.clone(),
        target: account.name.clone(),
        ..entry
    }
}

/// What the audit calls an account that there is not: what was typed may be anything, a password among it.
pub(super) const UNKNOWN: Text = Text::const_new("(unknown account)");
