//! Ends a token.

use leptos::prelude::*;

use crate::failure::Failure;

/// Ends a token at once.
#[server(prefix = "/fn", endpoint = "token_revoke")]
pub async fn revoke_token(
    /// Its number.
    id: i64,
    /// Why; may be empty for an own one.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.people().revoke_token(id, &reason).await)
}
