//! Changes the own password.

use leptos::prelude::*;

use crate::failure::Failure;

/// Changes the own password; then the profile says so.
#[server(prefix = "/fn", endpoint = "password_change")]
pub async fn change_password(
    /// The one that holds.
    old: String,
    /// The one that is to hold.
    new: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.people().change_password(&old, &new).await)?;
    super::super::go("/profile?done=password");
    Ok(())
}
