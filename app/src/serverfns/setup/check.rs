//! Checks a set-up link.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use crate::failure::Failure;

/// Whether this link can make the first admin. For everybody: the link itself is the secret.
#[server(prefix = "/fn", endpoint = "setup_link", input = GetUrl, output = crate::codec::Json)]
pub async fn check_setup_link(
    /// What stands in the link.
    #[server(default)]
    link: String,
) -> Result<bool, Failure> {
    super::super::answer(super::super::desk()?.setup_link_is_good(&link).await)
}
