//! Server functions of the entry pages, sign-in and set-up: open to everybody.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// The ways in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SignInWays {
    /// The identity provider, where there is one.
    pub provider: Option<String>,
    /// Whether there is nobody yet who could sign in.
    pub nobody: bool,
}

/// By which ways one can sign in. For everybody.
#[server(prefix = "/fn", endpoint = "ways_in", input = GetUrl, output = crate::codec::Json)]
pub async fn read_sign_in_ways() -> Result<SignInWays, Failure> {
    let people = super::answer(super::use_cases()?.people().has_people().await)?;
    let provider = use_context::<crate::Provider>().and_then(|provider| provider.host());
    Ok(SignInWays {
        provider,
        nobody: !people,
    })
}

/// Whether this link can make the first admin. For everybody: the link itself is the secret.
#[server(prefix = "/fn", endpoint = "setup_link", input = GetUrl, output = crate::codec::Json)]
pub async fn check_setup_link(
    /// What stands in the link.
    #[server(default)]
    link: String,
) -> Result<bool, Failure> {
    super::answer(super::use_cases()?.people().setup_link_is_good(&link).await)
}
