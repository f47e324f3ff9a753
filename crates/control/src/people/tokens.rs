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
use crate::{Change, People, Problem};

impl People<'_> {
    /// Makes a token; see [`create`].
    pub async fn create_token(&self, form: &TokenForm) -> Result<NewToken, Problem> {
        self.0.transact("", async |change| create(change, form).await).await
    }

    /// Ends a token; see [`revoke`].
    pub async fn revoke_token(&self, id: i64, reason: &str) -> Result<(), Problem> {
        self.0.transact(reason, async |change| revoke(change, id).await).await
    }

    /// Everybody's tokens, the newest first.
    pub async fn tokens(&self) -> Result<Vec<TokenSummary>, Problem> {
        self.0.may(Action::ReadTokens, Target::Everything)?;
        let all = tokens::all(&mut *self.0.control.store.conn().await?).await?;
        Ok(all.into_iter().map(|token| token.summary).collect())
    }
}

/// Makes a token. Its secret is in the answer, and nowhere else ever again. It takes no reason.
pub async fn create(change: &mut Change, form: &TokenForm) -> Result<NewToken, Problem> {
    let wish = form.parse()?;
    let (teams, owner) = match &change.caller().actor {
        Actor::Person(person) => (person.teams.clone(), Some(person.id)),
        _ => (Vec::new(), None),
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
    let allowed = change.ask(Action::CreateToken, &wish.name, target)?;
    let secret = Secret::token();
    let now_ns = change.now_ns();
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
        owner: change.caller().person().map(|person| person.name.clone()),
        scopes: wish.scopes,
        services: wish.services,
        created_ns: now_ns,
        expires_ns,
        last_used_ns: None,
    };
    let detail = format!("made the token {}, for {} days", token.name, wish.days);
    change.note(allowed, detail, Value::Null, shown(&token));
    Ok(NewToken {
        token,
        secret: secret.reveal().to_owned(),
    })
}

/// Ends a token. Another's takes a reason.
pub async fn revoke(change: &mut Change, id: i64) -> Result<(), Problem> {
    let missing = || Problem::Missing("There is no such token, or no longer.".to_owned());
    let Some(token) = tokens::by_id(&mut change.tx, id).await? else {
        // Which there are is nobody's business who may not end them all.
        let _ = change.ask(Action::RevokeToken, "(unknown token)", Target::Account(None))?;
        return Err(missing());
    };
    let (name, target) = (&token.summary.name, Target::Account(token.owner));
    let own = token.owner.is_some() && token.owner == change.caller().person().map(|person| person.id);
    let allowed = if own && change.reason().is_empty() {
        change.ask(Action::RevokeToken, name, target)?
    } else {
        change.ask_because(Action::RevokeToken, name, target)?
    };
    if !tokens::delete(&mut change.tx, id).await? {
        return Err(missing());
    }
    let of = match &token.summary.owner {
        Some(owner) => format!(" of {owner}"),
        None => String::new(),
    };
    let detail = format!("ended the token {name}{of}");
    change.note(allowed, detail, shown(&token.summary), Value::Null);
    Ok(())
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
