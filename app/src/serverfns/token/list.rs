//! Lists everybody's tokens.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::read::TokenSummary;

use crate::failure::Failure;

/// Everybody's tokens, newest first.
#[server(prefix = "/fn", endpoint = "tokens", input = GetUrl, output = crate::codec::Json)]
pub async fn list_tokens() -> Result<Vec<TokenSummary>, Failure> {
    super::super::answer(super::super::desk()?.tokens().await)
}
