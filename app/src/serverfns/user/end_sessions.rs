//! Ends all sessions of an account.

use leptos::prelude::*;

use crate::failure::Failure;

/// Ends all sessions of an account.
#[server(prefix = "/fn", endpoint = "user_end_sessions")]
pub async fn end_sessions(
    /// What they sign in with.
    name: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.people().end_sessions(&name, &reason).await)
}
