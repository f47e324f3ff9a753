//! Makes an account.

use leptos::prelude::*;
use pointsman_domain::people::Role;
#[cfg(feature = "ssr")]
use pointsman_domain::people::form::UserForm;

use crate::failure::Failure;

/// Makes an account.
#[server(prefix = "/fn", endpoint = "user_create")]
pub async fn create_user(
    /// What they sign in with.
    name: String,
    /// How pages call them.
    display_name: String,
    /// Where mail reaches them; may be empty.
    email: String,
    /// What they are.
    role: Role,
    /// What they sign in with besides; empty for none.
    password: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    let form = UserForm {
        name,
        display_name,
        email,
        role,
        password,
    };
    super::super::changed(super::super::use_cases()?.people().create_user(&form, &reason).await)
}
