//! Reads who reads.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::read::Me;

use crate::failure::Failure;

/// Who reads, and what they may.
#[server(prefix = "/fn", endpoint = "me", input = GetUrl, output = crate::codec::Json)]
pub async fn read_me() -> Result<Me, Failure> {
    super::super::answer(super::super::desk()?.me().await)
}
