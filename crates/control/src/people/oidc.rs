//! Sign in by an identity provider: what is kept on the way there and back, and what becomes of who comes back.

use pointsman_domain::kit::name::UserName;
use pointsman_domain::people::{Action, PLATFORM, Role};
use pointsman_domain::{Text, people::audit::AuditEntry};
use pointsman_store::people::flows::{self, Flow};
use pointsman_store::people::users::{Account, NewAccount};
use pointsman_store::people::{audit, sessions, teams, tokens, users};
use pointsman_store::{Conflict, Connection, StoreError};
use serde_json::{Value, json};

use super::secret::digest;
use super::session::{UNKNOWN, by_account};
use super::{MINUTE_NS, NewSession, OidcFlow, OidcIdentity, SignInError, Standing, tidy};
use crate::access::Target;
use crate::{People, Problem};

/// How long somebody may take to sign in at the identity provider.
const FLOW_NS: u64 = 10 * MINUTE_NS;
/// How often it is tried when the same person, or another of the same name, arrives for the first time at the same moment.
const TRIES: u32 = 3;

/// What becomes of who comes back.
enum Arrival {
    In(NewSession),
    Refused(SignInError, Box<AuditEntry>),
}

impl People<'_> {
    /// Keeps a sign-in while somebody is at the identity provider.
    pub async fn keep_flow(&self, flow: OidcFlow) -> Result<(), Problem> {
        self.0.may(Action::SignIn, Target::Everything)?;
        let hash = digest(flow.state.reveal()).unwrap_or_default();
        let kept = Flow {
            nonce: flow.nonce.reveal().to_owned(),
            pkce_verifier: flow.pkce_verifier.reveal().to_owned(),
            next: flow.next,
        };
        let expires_ns = self.0.control.clock.now_ns() + FLOW_NS;
        Ok(flows::insert(&mut *self.0.control.store.conn().await?, &hash, &kept, expires_ns).await?)
    }

    /// The sign-in of a state that the identity provider sent back; once. `None` where there is none, or it took longer than 10 min.
    pub async fn take_flow(&self, state: &str) -> Result<Option<OidcFlow>, Problem> {
        self.0.may(Action::SignIn, Target::Everything)?;
        let Some(hash) = digest(state) else { return Ok(None) };
        let taken = flows::take(
            &mut *self.0.control.store.conn().await?,
            &hash,
            self.0.control.clock.now_ns(),
        )
        .await?;
        Ok(taken.map(|flow| OidcFlow {
            state: state.to_owned().into(),
            nonce: flow.nonce.into(),
            pkce_verifier: flow.pkce_verifier.into(),
            next: flow.next,
        }))
    }

    /// Signs in who the identity provider says it is. An account is known by issuer and subject, never by a name: a local account is nobody
    /// else's. Role and teams become what the groups say.
    pub async fn sign_in_oidc(&self, identity: OidcIdentity, agent: &str) -> Result<NewSession, SignInError> {
        self.0.may(Action::SignIn, Target::Everything)?;
        let mut tries = 0;
        let arrival = loop {
            tries += 1;
            match self.arrive(&identity, agent).await {
                Err(StoreError::Conflict(Conflict::Identity | Conflict::AccountName | Conflict::NoTeam))
                    if tries < TRIES => {}
                other => break other?,
            }
        };
        match arrival {
            Arrival::In(session) => Ok(session),
            Arrival::Refused(why, entry) => {
                let sentence = match &why {
                    SignInError::NoRole => "None of the groups has a role here.",
                    SignInError::NoGroups => "The identity provider left the groups out.",
                    _ => "The account is disabled.",
                };
                self.0.note_refused(*entry, sentence).await?;
                Err(why)
            }
        }
    }

    async fn arrive(&self, identity: &OidcIdentity, agent: &str) -> Result<Arrival, StoreError> {
        let mut tx = self.0.control.store.begin().await?;
        let before = users::by_identity(&mut tx, &identity.issuer, &identity.subject).await?;
        let known = before.as_ref().map_or(UNKNOWN, |account| account.name.clone());
        let refused = |why| Ok(Arrival::Refused(why, Box::new(self.0.entry(Action::SignIn, &known))));
        let role = match identity.standing {
            Standing::Role(role) => Some(role),
            Standing::NoRole => None,
            // Nothing is known, so nothing changes: nobody gets in by it, and nobody is put out.
            Standing::Unknown => return refused(SignInError::NoGroups),
        };
        let Some(role) = role else {
            if let Some(account) = &before {
                // Who was taken out of all groups does not stay in by an older session or a token.
                let ended = sessions::end_all(&mut tx, account.id, None).await?;
                let tokens = tokens::of_person(&mut tx, account.id).await?;
                for token in &tokens {
                    tokens::delete(&mut tx, token.summary.id).await?;
                }
                if ended > 0 || !tokens.is_empty() {
                    let mut entry = by_account(self.0.entry(Action::EditUser, &known), account);
                    let count = tokens.len();
                    entry.detail = format!("has no role any longer: {ended} sessions and {count} tokens ended").into();
                    audit::insert(&mut tx, &entry).await?;
                }
                tx.commit().await?;
            }
            return refused(SignInError::NoRole);
        };
        let id = match &before {
            Some(account) if account.disabled => return refused(SignInError::Wrong),
            Some(account) => {
                let (display_name, email) = called(identity, &account.name);
                users::set_profile(&mut tx, account.id, &display_name, &email, role).await?;
                account.id
            }
            None => self.admit(&mut tx, identity, role).await?,
        };
        // Who is in the platform team follows from the role, whatever a group is called.
        let names = identity.teams.iter().cloned().map(Text::from);
        let names: Vec<Text> = names.filter(|name| name != PLATFORM).collect();
        let made = teams::ensure(&mut tx, &names, self.0.control.clock.now_ns()).await?;
        teams::set_from_oidc(&mut tx, id, &names).await?;
        let Some(account) = users::by_id(&mut tx, id).await? else {
            return refused(SignInError::Wrong);
        };
        let session = self
            .begin_session(&mut tx, &account, agent, Some(&identity.id_token))
            .await?;
        for team in made {
            let mut entry = by_account(self.0.entry(Action::EditTeam, ""), &account);
            entry.detail = format!("made the team {team}, which the identity provider names").into();
            entry.after = json!({ "title": &team });
            entry.target = team;
            audit::insert(&mut tx, &entry).await?;
        }
        let entry = by_account(self.0.entry(Action::SignIn, ""), &account);
        audit::insert(&mut tx, &signed_in(entry, before.as_ref(), &account)).await?;
        tx.commit().await?;
        Ok(Arrival::In(session))
    }

    /// Makes the account of somebody who comes for the first time.
    async fn admit(&self, conn: &mut Connection, identity: &OidcIdentity, role: Role) -> Result<i64, StoreError> {
        let name = free_name(conn, &identity.name).await?;
        let (display_name, email) = called(identity, &name);
        let new = NewAccount {
            name: &name,
            display_name: &display_name,
            email: &email,
            role,
            password_hash: None,
            identity: Some((&identity.issuer, &identity.subject)),
            created_ns: self.0.control.clock.now_ns(),
        };
        users::insert(conn, new).await
    }
}

/// How pages call them, and where mail reaches them.
fn called(identity: &OidcIdentity, name: &str) -> (Text, Text) {
    let display_name = match tidy(&identity.display_name, 100) {
        empty if empty.is_empty() => name.into(),
        display_name => display_name,
    };
    (display_name, tidy(&identity.email, 254))
}

/// What one could sign in with that is most like this text.
fn name_like(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let allowed = lower.chars().map(|c| match c {
        c if c.is_alphanumeric() || ".-_@+".contains(c) => c,
        _ => '-',
    });
    let name: String = allowed.take(100).collect();
    UserName::parse(&name).map_or_else(|_| "user".to_owned(), |name| name.to_string())
}

/// A name that no account has: the wanted one, or one with a number.
async fn free_name(conn: &mut Connection, wanted: &str) -> Result<String, StoreError> {
    let wanted = name_like(wanted);
    let mut name = wanted.clone();
    let mut number = 1;
    while users::by_name(conn, &name).await?.is_some() {
        number += 1;
        name = format!("{wanted}-{number}");
    }
    Ok(name)
}

/// The entry of a sign-in, with what it changed of the account.
fn signed_in(entry: AuditEntry, before: Option<&Account>, after: &Account) -> AuditEntry {
    let shown = |account: &Account| json!({ "role": account.role, "teams": account.teams });
    let (detail, before, after) = match before {
        None => (
            "signed in for the first time, at the identity provider",
            Value::Null,
            shown(after),
        ),
        Some(before) if shown(before) != shown(after) => (
            "signed in at the identity provider, whose groups have changed",
            shown(before),
            shown(after),
        ),
        Some(_) => ("signed in at the identity provider", Value::Null, Value::Null),
    };
    AuditEntry {
        detail: detail.into(),
        before,
        after,
        ..entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_what_the_provider_calls_somebody() {
        for (given, name) in [
            ("Ada@Example.org", "ada@example.org"),
            ("Ada Lovelace", "ada-lovelace"),
            ("<script>", "-script-"),
            ("", "user"),
        ] {
            assert_eq!(name_like(given), name);
        }
        assert_eq!(name_like(&"ü".repeat(300)).chars().count(), 100);
    }
}
