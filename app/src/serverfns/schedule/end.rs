//! Sends reports by mail no longer.

use leptos::prelude::*;

use crate::failure::Failure;

/// Sends no more reports by this schedule.
#[server(prefix = "/fn", endpoint = "schedule_end")]
pub async fn end_schedule(
    /// Its number.
    id: i64,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.promise().end_schedule(id, &reason).await)
}
