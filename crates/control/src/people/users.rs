//! Accounts. There is always an admin who can sign in, once there is one.

use pointsman_domain::people::form::{self, UserForm};
use pointsman_domain::people::name::{Password, UserName};
use pointsman_domain::people::read::UserSummary;
use pointsman_domain::people::{Action, Role};
use pointsman_store::Connection;
use pointsman_store::people::users::{self, Account, NewAccount};
use pointsman_store::people::{browsers, sessions};
use serde_json::{Value, json};

use super::change::Change;
use super::password;
use crate::access::{Denial, Target};
use crate::{Desk, Problem};

impl Desk {
    /// All accounts, by name.
    pub async fn users(&self) -> Result<Vec<UserSummary>, Problem> {
        self.may(Action::ReadUsers, Target::Everything)?;
        let all = users::all(&mut *self.store.conn().await?).await?;
        let summary = |account: Account| UserSummary {
            name: account.name,
            display_name: account.display_name,
            email: account.email,
            role: account.role,
            teams: account.teams,
            from_oidc: account.from_oidc,
            has_password: account.password_hash.is_some(),
            disabled: account.disabled,
            last_seen_ns: account.last_seen_ns,
        };
        Ok(all.into_iter().map(summary).collect())
    }

    /// Makes an account.
    pub async fn create_user(&self, form: &UserForm, reason: &str) -> Result<(), Problem> {
        let password_hash = match form.password.as_str() {
            "" => None,
            given => self.hashed(given).await?,
        };
        let change = self.change(Action::EditUser, &form.name.to_lowercase()).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
        let wish = form.parse()?;
        let new = NewAccount {
            name: wish.name.as_str(),
            display_name: &wish.display_name,
            email: &wish.email,
            role: wish.role,
            password_hash: password_hash.as_deref(),
            identity: None,
            created_ns: self.clock.now_ns(),
        };
        users::insert(&mut change.tx, new).await?;
        let after = json!({
            "display_name": wish.display_name,
            "email": wish.email,
            "role": wish.role,
            "has_password": password_hash.is_some(),
        });
        let detail = format!("made the account {}", wish.name);
        change.done(detail, Value::Null, after).await
    }

    /// Sets what somebody is; their sessions end.
    pub async fn set_role(&self, user: &str, role: Role, reason: &str) -> Result<(), Problem> {
        let (change, account) = self.edit(user, reason).await?;
        let mut change = change.keeping_an_admin(&account, role != Role::Admin).await?;
        users::set_role(&mut change.tx, account.id, role).await?;
        sessions::end_all(&mut change.tx, account.id, None).await?;
        let detail = format!("made {} {}", account.name, with_article(role));
        let (before, after) = (json!({ "role": account.role }), json!({ "role": role }));
        change.done(detail, before, after).await
    }

    /// Sets whether somebody can't sign in; their sessions end, and their tokens do not work meanwhile.
    pub async fn set_disabled(&self, user: &str, disabled: bool, reason: &str) -> Result<(), Problem> {
        let (change, account) = self.edit(user, reason).await?;
        let mut change = change.keeping_an_admin(&account, disabled).await?;
        users::set_disabled(&mut change.tx, account.id, disabled).await?;
        if disabled {
            sessions::end_all(&mut change.tx, account.id, None).await?;
        }
        let verb = if disabled { "disabled" } else { "enabled" };
        let detail = format!("{verb} the account {}", account.name);
        let before = json!({ "disabled": account.disabled });
        change.done(detail, before, json!({ "disabled": disabled })).await
    }

    /// Sets somebody's password; their sessions end, and no browser is known as theirs any longer.
    pub async fn set_password(&self, user: &str, password: &str, reason: &str) -> Result<(), Problem> {
        let hash = self.hashed(password).await?;
        let (mut change, account) = self.edit(user, reason).await?;
        // Who may not has been refused by now.
        let hash = hash.ok_or(Denial::SignIn)?;
        users::set_password(&mut change.tx, account.id, &hash).await?;
        sessions::end_all(&mut change.tx, account.id, None).await?;
        browsers::forget_all(&mut change.tx, account.id).await?;
        let detail = format!("set the password of {}", account.name);
        change.done(detail, Value::Null, Value::Null).await
    }

    /// Ends all sessions of somebody.
    pub async fn end_sessions(&self, user: &str, reason: &str) -> Result<(), Problem> {
        let (mut change, account) = self.edit(user, reason).await?;
        let ended = sessions::end_all(&mut change.tx, account.id, None).await?;
        let detail = format!("ended {ended} sessions of {}", account.name);
        change.done(detail, Value::Null, Value::Null).await
    }

    /// The hash of a password, made before the transaction: it may take a while. None where the caller may not set it anyway.
    async fn hashed(&self, password: &str) -> Result<Option<String>, Problem> {
        if self.may(Action::EditUser, Target::Everything).is_err() {
            return Ok(None);
        }
        let password = form::field("password", Password::parse(password))?;
        password::hash(password).await.map(Some)
    }

    /// Begins a change of an account, which stays as it is otherwise. Admins are locked first, whoever it is about, so that two such
    /// changes wait for each other in one order.
    async fn edit(&self, user: &str, reason: &str) -> Result<(Change<'_>, Account), Problem> {
        let change = self.change(Action::EditUser, &user.to_lowercase()).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
        users::lock_admins(&mut change.tx).await?;
        let found = account(&mut change.tx, user).await?;
        users::lock(&mut change.tx, found.id).await?;
        let account = account(&mut change.tx, user).await?;
        Ok((change, account))
    }
}

impl Change<'_> {
    /// Refuses where somebody who is to be no admin any more, or not to sign in, is the only one.
    async fn keeping_an_admin(mut self, account: &Account, is_to_end: bool) -> Result<Self, Problem> {
        if is_to_end && users::lock_admins(&mut self.tx).await? == [account.id] {
            let sentence = format!(
                "{} is the only admin who can sign in: make another one first.",
                account.name
            );
            return Err(self.refuse(Problem::Conflict(sentence)).await);
        }
        Ok(self)
    }
}

/// The account of a name, as somebody wrote it.
pub(super) async fn account(conn: &mut Connection, user: &str) -> Result<Account, Problem> {
    let missing = || Problem::Missing(format!("There is no account {}.", user.trim()));
    let name = UserName::parse(user).map_err(|_| missing())?;
    users::by_name(conn, name.as_str()).await?.ok_or_else(missing)
}

fn with_article(role: Role) -> String {
    match role {
        Role::Engineer | Role::Admin => format!("an {role}"),
        Role::Viewer | Role::Manager => format!("a {role}"),
    }
}
