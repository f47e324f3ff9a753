//! Tells by which ways one can sign in.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// The ways in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WaysIn {
    /// The identity provider, where there is one.
    pub provider: Option<String>,
    /// Whether there is nobody yet who could sign in.
    pub nobody: bool,
}

/// By which ways one can sign in. For everybody.
#[server(prefix = "/fn", endpoint = "ways_in", input = GetUrl, output = crate::codec::Json)]
pub async fn read_ways_in() -> Result<WaysIn, Failure> {
    let people = super::super::answer(super::super::desk()?.has_people().await)?;
    let provider = use_context::<crate::Provider>().and_then(|provider| provider.host());
    Ok(WaysIn {
        provider,
        nobody: !people,
    })
}
