//! Accounts. There is always an admin who can sign in, once there is one.

use pointsman_domain::kit::field;
use pointsman_domain::kit::name::UserName;
use pointsman_domain::people::form::UserForm;
use pointsman_domain::people::password::Password;
use pointsman_domain::people::read::UserSummary;
use pointsman_domain::people::{Action, Role};
use pointsman_store::Connection;
use pointsman_store::people::users::{self, Account, NewAccount};
use pointsman_store::people::{browsers, sessions};
use serde_json::{Value, json};

use super::password;
use crate::access::{Denial, Target};
use crate::audit::Allowed;
use crate::{Change, People, Problem};

impl People<'_> {
    /// All accounts, by name.
    pub async fn users(&self) -> Result<Vec<UserSummary>, Problem> {
        self.0.may(Action::ReadUsers, Target::Everything)?;
        let all = users::all(&mut *self.0.control.store.conn().await?).await?;
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
        self.0
            .transact(reason, async |change| {
                create(change, form, password_hash.as_deref()).await
            })
            .await
    }

    /// Sets what somebody is; see [`set_role`].
    pub async fn set_role(&self, user: &str, role: Role, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| set_role(change, user, role).await)
            .await
    }

    /// Sets whether somebody can't sign in; see [`set_disabled`].
    pub async fn set_disabled(&self, user: &str, disabled: bool, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| set_disabled(change, user, disabled).await)
            .await
    }

    /// Sets somebody's password; their sessions end, and no browser is known as theirs any longer.
    pub async fn set_password(&self, user: &str, password: &str, reason: &str) -> Result<(), Problem> {
        let hash = self.hashed(password).await?;
        self.0
            .transact(reason, async |change| set_password(change, user, hash).await)
            .await
    }

    /// Ends all sessions of somebody; see [`end_sessions`].
    pub async fn end_sessions(&self, user: &str, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| end_sessions(change, user).await)
            .await
    }

    /// The hash of a password, made before the transaction: it may take a while. None where the caller may not set it anyway.
    async fn hashed(&self, password: &str) -> Result<Option<String>, Problem> {
        if self.0.may(Action::EditUser, Target::Everything).is_err() {
            return Ok(None);
        }
        let password = field::field("password", Password::parse(password))?;
        password::hash(password).await.map(Some)
    }
}

/// Makes an account with the hash of its password, if it is to have one.
async fn create(change: &mut Change, form: &UserForm, password_hash: Option<&str>) -> Result<(), Problem> {
    let allowed = change.ask_because(Action::EditUser, &form.name.to_lowercase(), Target::Everything)?;
    let wish = form.parse()?;
    let new = NewAccount {
        name: wish.name.as_str(),
        display_name: &wish.display_name,
        email: &wish.email,
        role: wish.role,
        password_hash,
        identity: None,
        created_ns: change.now_ns(),
    };
    users::insert(&mut change.tx, new).await?;
    let after = json!({
        "display_name": wish.display_name,
        "email": wish.email,
        "role": wish.role,
        "has_password": password_hash.is_some(),
    });
    let detail = format!("made the account {}", wish.name);
    change.note(allowed, detail, Value::Null, after);
    Ok(())
}

/// Sets what somebody is; their sessions end.
pub async fn set_role(change: &mut Change, user: &str, role: Role) -> Result<(), Problem> {
    let (allowed, account) = edit(change, user).await?;
    let allowed = keep_an_admin(change, allowed, &account, role != Role::Admin).await?;
    users::set_role(&mut change.tx, account.id, role).await?;
    sessions::end_all(&mut change.tx, account.id, None).await?;
    let detail = format!("made {} {}", account.name, with_article(role));
    let (before, after) = (json!({ "role": account.role }), json!({ "role": role }));
    change.note(allowed, detail, before, after);
    Ok(())
}

/// Sets whether somebody can't sign in; their sessions end, and their tokens do not work meanwhile.
pub async fn set_disabled(change: &mut Change, user: &str, disabled: bool) -> Result<(), Problem> {
    let (allowed, account) = edit(change, user).await?;
    let allowed = keep_an_admin(change, allowed, &account, disabled).await?;
    users::set_disabled(&mut change.tx, account.id, disabled).await?;
    if disabled {
        sessions::end_all(&mut change.tx, account.id, None).await?;
    }
    let verb = if disabled { "disabled" } else { "enabled" };
    let detail = format!("{verb} the account {}", account.name);
    let before = json!({ "disabled": account.disabled });
    change.note(allowed, detail, before, json!({ "disabled": disabled }));
    Ok(())
}

async fn set_password(change: &mut Change, user: &str, hash: Option<String>) -> Result<(), Problem> {
    let (allowed, account) = edit(change, user).await?;
    // Who may not has been refused by now.
    let hash = hash.ok_or(Denial::SignIn)?;
    users::set_password(&mut change.tx, account.id, &hash).await?;
    sessions::end_all(&mut change.tx, account.id, None).await?;
    browsers::forget_all(&mut change.tx, account.id).await?;
    let detail = format!("set the password of {}", account.name);
    change.note(allowed, detail, Value::Null, Value::Null);
    Ok(())
}

/// Ends all sessions of somebody.
pub async fn end_sessions(change: &mut Change, user: &str) -> Result<(), Problem> {
    let (allowed, account) = edit(change, user).await?;
    let ended = sessions::end_all(&mut change.tx, account.id, None).await?;
    let detail = format!("ended {ended} sessions of {}", account.name);
    change.note(allowed, detail, Value::Null, Value::Null);
    Ok(())
}

/// Asks for a change of an account, which stays as it is otherwise. Admins are locked first, whoever it is about, so that two such changes wait
/// for each other in one order.
async fn edit(change: &mut Change, user: &str) -> Result<(Allowed, Account), Problem> {
    let allowed = change.ask_because(Action::EditUser, &user.to_lowercase(), Target::Everything)?;
    users::lock_admins(&mut change.tx).await?;
    let found = account(&mut change.tx, user).await?;
    users::lock(&mut change.tx, found.id).await?;
    let account = account(&mut change.tx, user).await?;
    Ok((allowed, account))
}

/// Refuses where somebody who is to be no admin any more, or not to sign in, is the only one.
async fn keep_an_admin(
    change: &mut Change,
    allowed: Allowed,
    account: &Account,
    is_to_end: bool,
) -> Result<Allowed, Problem> {
    if is_to_end && users::lock_admins(&mut change.tx).await? == [account.id] {
        let sentence = format!(
            "{} is the only admin who can sign in: make another one first.",
            account.name
        );
        return Err(change.refuse(allowed, Problem::Conflict(sentence)));
    }
    Ok(allowed)
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
