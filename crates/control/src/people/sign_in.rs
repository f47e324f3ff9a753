//! Sign in by a name and a password.

use pointsman_domain::people::Action;
use pointsman_domain::people::name::UserName;
use pointsman_store::people::users::Account;
use pointsman_store::people::{audit, users};

use super::attempts::Counted;
use super::session::{UNKNOWN, by_account};
use super::{NewSession, SignInError, password};
use crate::Desk;
use crate::access::Target;

impl Desk {
    /// Signs in by a name and a password. `agent` is what the browser calls itself.
    pub async fn sign_in(&self, name: &str, password: &str, agent: &str) -> Result<NewSession, SignInError> {
        self.may(Action::SignIn, Target::Everything)?;
        let name = UserName::parse(name).map_or_else(|_| name.trim().to_lowercase(), |name| name.to_string());
        let counted = self.attempt(&name).await?;
        let account = users::by_name(&mut *self.store.conn().await?, &name).await?;
        let attempt = match counted {
            Counted::Within(attempt) => attempt,
            Counted::Over { minutes, first } => {
                if first {
                    self.nobody_signs_in(account.as_ref(), "There were too many attempts.")
                        .await?;
                }
                return Err(SignInError::TooMany { minutes });
            }
        };
        let hash = account.as_ref().and_then(|account| account.password_hash.clone());
        let right = password::verify(password, hash.as_deref()).await?;
        let account = match account {
            Some(account) if right && !account.disabled => account,
            other => {
                let why = match &other {
                    None => "There is no such account.",
                    Some(account) if account.disabled => "The account is disabled.",
                    Some(account) if account.password_hash.is_none() => "The account has no password.",
                    Some(_) => "The password is wrong.",
                };
                self.nobody_signs_in(other.as_ref(), why).await?;
                return Err(SignInError::Wrong);
            }
        };
        let mut tx = self.store.begin().await?;
        users::lock(&mut tx, account.id).await?;
        let now = users::by_id(&mut tx, account.id).await?;
        // While the password was hashed, it may have been changed, or the account disabled.
        let Some(account) = now.filter(|now| !now.disabled && now.password_hash == account.password_hash) else {
            return Err(SignInError::Wrong);
        };
        attempt.succeeded(&mut tx).await?;
        let session = self.begin_session(&mut tx, &account, agent, None).await?;
        let mut entry = by_account(self.entry(Action::SignIn, ""), &account);
        entry.detail = "signed in".into();
        audit::insert(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(session)
    }

    /// Notes a sign-in that was refused; of an account only where there is one.
    async fn nobody_signs_in(&self, account: Option<&Account>, why: &str) -> Result<(), SignInError> {
        let name = account.map_or(UNKNOWN, |account| account.name.clone());
        Ok(self.note_refused(self.entry(Action::SignIn, &name), why).await?)
    }
}
