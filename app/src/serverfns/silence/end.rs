//! Ends a silence.

use leptos::prelude::*;

use crate::failure::Failure;

/// Ends a silence before its time.
#[server(prefix = "/fn", endpoint = "silence_end")]
pub async fn end_silence(
    /// Its number.
    id: i64,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.promise().end_silence(id, &reason).await)
}
