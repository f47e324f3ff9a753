//! Tokens of programs.

use pointsman_domain::Text;
use pointsman_domain::people::form::TokenForm;
use pointsman_domain::people::read::{NewToken, TokenSummary};
use pointsman_domain::people::{Action, Services};
use pointsman_store::people::services;
use pointsman_store::people::tokens::{self, NewToken as Row};
use serde_json::{Value, json};

use super::secret::digest;
use super::{DAY_NS, Secret};
use crate::access::{Actor, Target};
use crate::{Desk, Problem};

impl Desk {
    /// Makes a token. Its secret is in the answer, and nowhere else ever again.
    pub async fn create_token(&self, form: &TokenForm) -> Result<NewToken, Problem> {
        let wish = form.parse()?;
        let mut change = self.change(Action::CreateToken, &wish.name).await?;
        let (teams, owner) = match &self.caller().actor {
            Actor::Person(person) => (person.teams.as_slice(), Some(person.id)),
            _ => (&[][..], None),
        };
        let owned = match &wish.services {
            Services::All => false,
            Services::Named(names) => {
                let names: Vec<Text> = names.iter().cloned().collect();
                let owners = services::owners(&mut change.tx, &names).await?;
                names
                    .iter()
                    .all(|name| owners.get(name).is_some_and(|owner| teams.contains(owner)))
            }
        };
        let target = Target::Token {
            scopes: &wish.scopes,
            owned,
        };
        let mut change = change.ask(target).await?;
        let secret = Secret::token();
        let now_ns = self.clock.now_ns();
        let expires_ns = now_ns + u64::from(wish.days) * DAY_NS;
        let row = Row {
            secret_hash: &digest(secret.reveal()).unwrap_or_default(),
            name: &wish.name,
            owner,
            scopes: &wish.scopes,
            services: &wish.services,
            created_ns: now_ns,
            expires_ns,
        };
        let id = tokens::insert(&mut change.tx, row).await?;
        let token = TokenSummary {
            id,
            name: wish.name,
            owner: self.caller().person().map(|person| person.name.clone()),
            scopes: wish.scopes,
            services: wish.services,
            created_ns: now_ns,
            expires_ns,
            last_used_ns: None,
        };
        let detail = format!("made the token {}, for {} days", token.name, wish.days);
        change.done(detail, Value::Null, shown(&token)).await?;
        Ok(NewToken {
            token,
            secret: secret.reveal().to_owned(),
        })
    }

    /// Ends a token. Another's takes a reason.
    pub async fn revoke_token(&self, id: i64, reason: &str) -> Result<(), Problem> {
        let missing = || Problem::Missing("There is no such token, or no longer.".to_owned());
        let found = tokens::by_id(&mut *self.store.conn().await?, id).await?;
        let Some(token) = found else {
            // Which there are is nobody's business who may not end them all.
            let change = self.change(Action::RevokeToken, "(unknown token)").await?;
            change.ask(Target::Account(None)).await?;
            return Err(missing());
        };
        let target = Target::Account(token.owner);
        let change = self.change(Action::RevokeToken, &token.summary.name).await?;
        let own = token.owner.is_some() && token.owner == self.caller().person().map(|person| person.id);
        let mut change = if own && reason.trim().is_empty() {
            change.ask(target).await?
        } else {
            change.ask_because(target, reason).await?
        };
        if !tokens::delete(&mut change.tx, id).await? {
            return Err(missing());
        }
        let of = match &token.summary.owner {
            Some(owner) => format!(" of {owner}"),
            None => String::new(),
        };
        let detail = format!("ended the token {}{of}", token.summary.name);
        change.done(detail, shown(&token.summary), Value::Null).await
    }

    /// Everybody's tokens, the newest first.
    pub async fn tokens(&self) -> Result<Vec<TokenSummary>, Problem> {
        self.may(Action::ReadTokens, Target::Everything)?;
        let all = tokens::all(&mut *self.store.conn().await?).await?;
        Ok(all.into_iter().map(|token| token.summary).collect())
    }
}

/// What the audit holds of a token.
fn shown(token: &TokenSummary) -> Value {
    json!({
        "id": token.id,
        "owner": token.owner,
        "scopes": token.scopes,
        "services": token.services,
        "expires_ns": token.expires_ns,
    })
}
