//! Who the caller is, and what they may do with their own account.

use pointsman_domain::kit::field;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::people::password::Password;
use pointsman_domain::people::read::{Me, Profile, SessionSummary};
use pointsman_domain::people::{Action, Scope};
use pointsman_store::people::{services, sessions, tokens, users};
use serde_json::Value;

use super::attempts::{Counted, Place};
use super::password;
use crate::access::{Actor, Denial, Person, Target};
use crate::{People, Problem};

impl People<'_> {
    /// Who the caller is and what pages offer them; nobody's name where nobody has signed in.
    pub async fn me(&self) -> Result<Me, Problem> {
        let may = |action| self.0.may(action, Target::Everything).is_ok();
        let me = Me {
            may_read_teams: may(Action::ReadTeams),
            may_read_users: may(Action::ReadUsers),
            may_read_audit: may(Action::ReadAudit),
            may_read_contracts: may(Action::ReadContracts),
            may_edit_contracts: may(Action::EditContracts),
            may_create_tokens: may(Action::CreateToken),
            may_edit_teams: may(Action::EditTeam),
            may_edit_slos: self.0.promise().may_promise(),
            may_edit_channels: may(Action::EditChannels),
            ..Me::default()
        };
        let named = |name: &pointsman_domain::Text| (Some(name.clone()), name.clone());
        Ok(match &self.0.caller().actor {
            Actor::Anonymous(anybody) => Me {
                role: anybody.role,
                ..me
            },
            Actor::Operator(name) => {
                let (name, display_name) = named(name);
                Me {
                    name,
                    display_name,
                    ..me
                }
            }
            Actor::Automation { .. } => {
                let (name, display_name) = named(&self.0.caller().named().1);
                Me {
                    name,
                    display_name,
                    ..me
                }
            }
            Actor::Program(program) => {
                let (name, display_name) = named(&program.name);
                let role = program.owner.as_ref().map(|owner| owner.role);
                Me {
                    name,
                    display_name,
                    role,
                    ..me
                }
            }
            Actor::Person(person) => {
                let account = users::by_id(&mut *self.0.control.store.conn().await?, person.id).await?;
                let account = account.ok_or(Denial::SignIn)?;
                Me {
                    name: Some(account.name),
                    display_name: account.display_name,
                    role: Some(person.role),
                    teams: person.teams.clone(),
                    has_password: account.password_hash.is_some(),
                    ..me
                }
            }
        })
    }

    /// The caller's sessions and tokens.
    pub async fn profile(&self) -> Result<Profile, Problem> {
        let person = self.own_account()?;
        let me = self.me().await?;
        let mut at = self.0.snapshot().await?;
        let owned = services::owned_by(&mut at, &person.teams).await?;
        let new_token = |scope: &Scope, owned: bool| {
            let scopes = &[*scope];
            self.0.may(Action::CreateToken, Target::Token { scopes, owned }).is_ok()
        };
        let for_all = Scope::ALL.iter().all(|scope| new_token(scope, false));
        Ok(Profile {
            me,
            sessions: self.sessions_of(&mut at, person.id).await?,
            tokens: tokens::of_person(&mut at, person.id)
                .await?
                .into_iter()
                .map(|token| token.summary)
                .collect(),
            scopes: Scope::ALL
                .iter()
                .filter(|scope| new_token(scope, !owned.is_empty()))
                .copied()
                .collect(),
            services: if for_all { Vec::new() } else { owned },
        })
    }

    async fn sessions_of(
        &self,
        conn: &mut pointsman_store::Connection,
        person: i64,
    ) -> Result<Vec<SessionSummary>, Problem> {
        let now_ns = self.0.control.clock.now_ns();
        let all = sessions::of_person(conn, person).await?;
        let open = all
            .into_iter()
            .filter(|session| !self.0.control.settings.people.has_ended(session, now_ns));
        let summary = |session: sessions::Session| SessionSummary {
            id: session.id,
            created_ns: session.created_ns,
            last_seen_ns: session.last_seen_ns,
            expires_ns: session.expires_ns,
            address: session.address,
            agent: session.agent,
            current: self.0.caller().session == Some(session.id),
        };
        Ok(open.map(summary).collect())
    }

    /// Ends one of the caller's sessions.
    pub async fn end_session(&self, id: i64) -> Result<(), Problem> {
        let person = self.own_account()?;
        self.0
            .transact("", async |change| {
                let allowed = change.ask(Action::OwnAccount, &person.name, Target::Everything)?;
                if sessions::end(&mut change.tx, id, person.id).await?.is_none() {
                    return Err(Problem::Missing("There is no such session, or no longer.".to_owned()));
                }
                change.note(allowed, "ended a session", Value::Null, Value::Null);
                Ok(())
            })
            .await
    }

    /// Ends all sessions of the caller but the one that asks.
    pub async fn end_other_sessions(&self) -> Result<(), Problem> {
        let person = self.own_account()?;
        self.0
            .transact("", async |change| {
                let allowed = change.ask(Action::OwnAccount, &person.name, Target::Everything)?;
                let ended = sessions::end_all(&mut change.tx, person.id, self.0.caller().session).await?;
                if ended > 0 {
                    let detail = format!("ended {ended} other sessions");
                    change.note(allowed, detail, Value::Null, Value::Null);
                }
                Ok(())
            })
            .await
    }

    /// Changes the caller's password; their other sessions end. Wrong old passwords are counted as failed sign-ins
    /// are, by themselves.
    pub async fn change_password(&self, old: &str, new: &str) -> Result<(), Problem> {
        let person = self.own_account()?;
        let new = field::field("new", Password::parse(new))?;
        let attempt = match self.attempt(&person.name, Place::SignedIn).await? {
            Counted::Within(attempt) => attempt,
            Counted::Over { minutes, .. } => {
                let sentence = format!("Too many attempts. Try again in {minutes} min.");
                return Err(Problem::Conflict(sentence));
            }
        };
        let account = users::by_id(&mut *self.0.control.store.conn().await?, person.id).await?;
        let account = account.ok_or(Denial::SignIn)?;
        if account.password_hash.is_none() {
            let sentence = "This account has no password: it signs in at the identity provider.";
            return Err(Problem::Conflict(sentence.to_owned()));
        }
        let right = password::verify(old, account.password_hash.as_deref()).await?;
        let hash = password::hash(new).await?;
        self.0
            .transact("", async |change| {
                let allowed = change.ask(Action::OwnAccount, &person.name, Target::Everything)?;
                if !right {
                    let wrong = FieldError {
                        field: "old".to_owned(),
                        message: "is not the password".to_owned(),
                    };
                    return Err(change.refuse(allowed, wrong.into()));
                }
                attempt.succeeded(&mut change.tx).await?;
                users::set_password(&mut change.tx, person.id, &hash).await?;
                sessions::end_all(&mut change.tx, person.id, self.0.caller().session).await?;
                change.note(allowed, "changed the password", Value::Null, Value::Null);
                Ok(())
            })
            .await
    }

    /// The caller, where they have an account. Who has none changes nothing: there is nothing for the audit.
    fn own_account(&self) -> Result<&Person, Problem> {
        self.0.may(Action::OwnAccount, Target::Everything)?;
        self.0.caller().person().ok_or(Problem::Denied(Denial::SignIn))
    }
}
