//! Gives somebody a password.

use leptos::prelude::*;

use crate::failure::Failure;

/// Gives somebody a password. Their sessions end.
#[server(prefix = "/fn", endpoint = "user_password")]
pub async fn set_password(
    /// What they sign in with.
    name: String,
    /// The password.
    password: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(
        super::super::use_cases()?
            .people()
            .set_password(&name, &password, &reason)
            .await,
    )
}
