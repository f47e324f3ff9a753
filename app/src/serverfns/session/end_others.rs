//! Ends all other sessions.

use leptos::prelude::*;

use crate::failure::Failure;

/// Ends all own sessions but this one.
#[server(prefix = "/fn", endpoint = "sessions_end_others")]
pub async fn end_other_sessions() -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.people().end_other_sessions().await)
}
