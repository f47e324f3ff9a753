//! Ends a session.

use leptos::prelude::*;

use crate::failure::Failure;

/// Ends one of the own sessions.
#[server(prefix = "/fn", endpoint = "session_end")]
pub async fn end_session(
    /// Its number.
    id: i64,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.people().end_session(id).await)
}
