//! Server functions of accounts, for admins.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::Role;
#[cfg(feature = "ssr")]
use pointsman_domain::people::form::UserForm;
use pointsman_domain::people::read::UserSummary;

use crate::failure::Failure;

/// All accounts, by name.
#[server(prefix = "/fn", endpoint = "users", input = GetUrl, output = crate::codec::Json)]
pub async fn list_users() -> Result<Vec<UserSummary>, Failure> {
    super::answer(super::use_cases()?.people().users().await)
}

/// Makes an account.
#[server(prefix = "/fn", endpoint = "user_create")]
pub async fn create_user(
    /// What they sign in with.
    name: String,
    /// How pages call them.
    display_name: String,
    /// Where mail reaches them; may be empty.
    email: String,
    role: Role,
    /// What they sign in with besides; empty for none.
    password: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    let form = UserForm {
        name,
        display_name,
        email,
        role,
        password,
    };
    super::changed(super::use_cases()?.people().create_user(&form, &reason).await)
}

/// Says what somebody is. Their sessions end.
#[server(prefix = "/fn", endpoint = "user_role")]
pub async fn set_user_role(
    /// What they sign in with.
    name: String,
    /// What they are to be.
    role: Role,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().set_role(&name, role, &reason).await)
}

/// Disables an account, or enables it again.
#[server(prefix = "/fn", endpoint = "user_disabled")]
pub async fn set_user_disabled(
    /// What they sign in with.
    name: String,
    /// Whether they can't sign in.
    disabled: bool,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(
        super::use_cases()?
            .people()
            .set_disabled(&name, disabled, &reason)
            .await,
    )
}

/// Gives somebody a password. Their sessions end.
#[server(prefix = "/fn", endpoint = "user_password")]
pub async fn set_user_password(
    /// What they sign in with.
    name: String,
    /// The password.
    password: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(
        super::use_cases()?
            .people()
            .set_password(&name, &password, &reason)
            .await,
    )
}

/// Ends all sessions of an account.
#[server(prefix = "/fn", endpoint = "user_end_sessions")]
pub async fn end_user_sessions(
    /// What they sign in with.
    name: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().end_sessions(&name, &reason).await)
}
