//! Takes a promise back.

use leptos::prelude::*;

use crate::failure::Failure;

/// Removes an objective; then the page of all objectives. Its alerts stay in the history.
#[server(prefix = "/fn", endpoint = "slo_remove")]
pub async fn remove_slo(
    /// Its name.
    name: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.promise().remove_slo(&name, &reason).await)?;
    super::super::go("/slos");
    Ok(())
}
