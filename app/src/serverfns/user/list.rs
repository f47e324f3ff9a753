//! Lists the accounts.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::read::UserSummary;

use crate::failure::Failure;

/// All accounts, by name.
#[server(prefix = "/fn", endpoint = "users", input = GetUrl, output = crate::codec::Json)]
pub async fn list_users() -> Result<Vec<UserSummary>, Failure> {
    super::super::answer(super::super::desk()?.users().await)
}
