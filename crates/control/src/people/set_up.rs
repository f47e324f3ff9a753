//! The first admin, made by a link that only the log of the server shows.

use pointsman_domain::kit::name::UserName;
use pointsman_domain::kit::{field, name};
use pointsman_domain::people::password::Password;
use pointsman_domain::people::{Action, Role};
use pointsman_store::people::users::NewAccount;
use pointsman_store::people::{audit, setup, users};
use serde_json::json;

use super::secret::digest;
use super::session::by_account;
use super::{DAY_NS, NewSession, Secret, SignInError, password};
use crate::access::Target;
use crate::{Control, People, Problem};

/// How long a link works.
const LINK_NS: u64 = DAY_NS;

impl Control {
    /// A link that makes the first admin within 24 h; none where there is an admin who can sign in.
    pub async fn setup_link(&self) -> Result<Option<Secret>, Problem> {
        let mut conn = self.store.conn().await?;
        if users::has_admin(&mut conn).await? {
            return Ok(None);
        }
        let secret = Secret::random();
        let hash = digest(secret.reveal()).unwrap_or_default();
        setup::insert(&mut conn, &hash, self.clock.now_ns() + LINK_NS).await?;
        Ok(Some(secret))
    }
}

impl People<'_> {
    /// Whether a set-up link works now.
    pub async fn setup_link_is_good(&self, link: &str) -> Result<bool, Problem> {
        self.0.may(Action::SetUp, Target::Everything)?;
        let Some(hash) = digest(link) else { return Ok(false) };
        let mut conn = self.0.control.store.conn().await?;
        Ok(setup::is_good(&mut conn, &hash, self.0.control.clock.now_ns()).await?
            && !users::has_admin(&mut conn).await?)
    }

    /// Makes the first admin by a set-up link, and signs them in. All links end with it.
    pub async fn set_up(
        &self,
        link: &str,
        name: &str,
        display_name: &str,
        password: &str,
        agent: &str,
    ) -> Result<NewSession, SignInError> {
        if !self.setup_link_is_good(link).await? {
            return self.no_set_up().await;
        }
        let name = field::field("name", UserName::parse(name))?;
        let display_name = name::title("display_name", display_name, name.as_str())?;
        let password = field::field("password", Password::parse(password))?;
        let password_hash = password::hash(password).await?;
        let now_ns = self.0.control.clock.now_ns();
        let mut tx = self.0.control.store.begin().await?;
        setup::lock(&mut tx).await?;
        // Of two at once, the second comes here when the first is done.
        let link = digest(link).unwrap_or_default();
        if !setup::is_good(&mut tx, &link, now_ns).await? || users::has_admin(&mut tx).await? {
            tx.rollback().await?;
            return self.no_set_up().await;
        }
        let new = NewAccount {
            name: name.as_str(),
            display_name: &display_name,
            email: "",
            role: Role::Admin,
            password_hash: Some(&password_hash),
            identity: None,
            created_ns: now_ns,
        };
        let id = users::insert(&mut tx, new).await?;
        setup::end_all(&mut tx).await?;
        let account = users::by_id(&mut tx, id).await?;
        let account = account.ok_or_else(|| Problem::internal(&"an account that was just made is not there"))?;
        let mut session = self.begin_session(&mut tx, &account, agent, None).await?;
        session.browser = Some(self.know_browser(&mut tx, &account, None).await?);
        let mut entry = by_account(self.0.entry(Action::SetUp, ""), &account);
        entry.detail = "made the first admin by the set-up link".into();
        entry.after = json!({ "role": Role::Admin });
        audit::insert(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(session)
    }

    async fn no_set_up<T>(&self) -> Result<T, SignInError> {
        let entry = self.0.entry(Action::SetUp, "the first admin");
        self.0
            .note_refused(entry, "The link is wrong, used or old, or there is an admin already.")
            .await?;
        Err(SignInError::Link)
    }
}
