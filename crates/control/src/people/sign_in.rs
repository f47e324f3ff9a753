//! Sign in by a name and a password.

use pointsman_domain::kit::name::UserName;
use pointsman_domain::people::Action;
use pointsman_store::people::users::Account;
use pointsman_store::people::{audit, browsers, users};

use super::attempts::{Counted, Place};
use super::secret::digest;
use super::session::{UNKNOWN, by_account};
use super::{Browser, NewSession, Secret, SignInError, password};
use crate::People;
use crate::access::Target;

impl People<'_> {
    /// Signs in by a name and a password.
    pub async fn sign_in<'b>(
        &self,
        name: &str,
        password: &str,
        browser: impl Into<Browser<'b>>,
    ) -> Result<NewSession, SignInError> {
        self.0.may(Action::SignIn, Target::Everything)?;
        let browser = browser.into();
        let name = UserName::parse(name).map_or_else(|_| name.trim().to_lowercase(), |name| name.to_string());
        let account = users::by_name(&mut *self.0.control.store.conn().await?, &name).await?;
        let place = self.place(account.as_ref(), browser.known_by).await?;
        let counted = self.attempt(&name, place).await?;
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
        let mut tx = self.0.control.store.begin().await?;
        users::lock(&mut tx, account.id).await?;
        let now = users::by_id(&mut tx, account.id).await?;
        // While the password was hashed, it may have been changed, or the account disabled.
        let Some(account) = now.filter(|now| !now.disabled && now.password_hash == account.password_hash) else {
            return Err(SignInError::Wrong);
        };
        attempt.succeeded(&mut tx).await?;
        let mut session = self.begin_session(&mut tx, &account, browser.agent, None).await?;
        session.browser = Some(self.know_browser(&mut tx, &account, browser.known_by).await?);
        let mut entry = by_account(self.0.entry(Action::SignIn, ""), &account);
        entry.detail = "signed in".into();
        audit::insert(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(session)
    }

    /// Where somebody tries a password on this account.
    async fn place(&self, account: Option<&Account>, known_by: Option<&Secret>) -> Result<Place, SignInError> {
        let hash = known_by.and_then(|secret| digest(secret.reveal()));
        let (Some(account), Some(hash)) = (account, hash) else {
            return Ok(Place::Unknown);
        };
        let mut conn = self.0.control.store.conn().await?;
        let known = browsers::is_known(&mut conn, &hash, account.id, self.0.control.clock.now_ns()).await?;
        Ok(if known { Place::Known(hash) } else { Place::Unknown })
    }

    /// Notes a sign-in that was refused; of an account only where there is one.
    async fn nobody_signs_in(&self, account: Option<&Account>, why: &str) -> Result<(), SignInError> {
        let name = account.map_or(UNKNOWN, |account| account.name.clone());
        Ok(self.0.note_refused(self.0.entry(Action::SignIn, &name), why).await?)
    }
}
