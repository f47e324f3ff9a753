//! Server functions of tokens.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::read::TokenSummary;

use crate::failure::Failure;

/// Everybody's tokens, newest first.
#[server(prefix = "/fn", endpoint = "tokens", input = GetUrl, output = crate::codec::Json)]
pub async fn list_tokens() -> Result<Vec<TokenSummary>, Failure> {
    super::answer(super::use_cases()?.people().tokens().await)
}

/// Ends a token at once.
#[server(prefix = "/fn", endpoint = "token_revoke")]
pub async fn revoke_token(
    id: i64,
    /// What the audit says it was done for; may be empty for an own one.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().revoke_token(id, &reason).await)
}
