//! Removes a channel.

use leptos::prelude::*;

use crate::failure::Failure;

/// Removes a channel, with what waits to be sent to it.
#[server(prefix = "/fn", endpoint = "channel_remove")]
pub async fn remove_channel(
    /// Its number.
    id: i64,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.promise().remove_channel(id, &reason).await)
}
