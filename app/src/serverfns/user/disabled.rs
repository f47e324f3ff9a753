//! Disables an account, or enables it again.

use leptos::prelude::*;

use crate::failure::Failure;

/// Disables an account, or enables it again.
#[server(prefix = "/fn", endpoint = "user_disabled")]
pub async fn set_disabled(
    /// What they sign in with.
    name: String,
    /// Whether they can't sign in.
    disabled: bool,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(
        super::super::use_cases()?
            .people()
            .set_disabled(&name, disabled, &reason)
            .await,
    )
}
