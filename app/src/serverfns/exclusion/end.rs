//! Takes time in again.

use leptos::prelude::*;

use crate::failure::Failure;

/// Takes time that was left out in again.
#[server(prefix = "/fn", endpoint = "exclusion_end")]
pub async fn end_exclusion(
    /// The exclusion's number.
    id: i64,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.promise().end_exclusion(id, &reason).await)
}
