//! Reads the profile of whoever reads.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::read::Profile;

use crate::failure::Failure;

/// The own sessions and tokens.
#[server(prefix = "/fn", endpoint = "profile", input = GetUrl, output = crate::codec::Json)]
pub async fn read_profile() -> Result<Profile, Failure> {
    super::super::answer(super::super::desk()?.profile().await)
}
