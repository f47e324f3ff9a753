//! Removes a contract.

use leptos::prelude::*;

use crate::failure::Failure;

/// Removes a contract of which no period is closed; then the others.
#[server(prefix = "/fn", endpoint = "sla_remove")]
pub async fn remove_sla(
    /// Its name.
    name: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.promise().remove_sla(&name, &reason).await)?;
    super::super::go("/slas");
    Ok(())
}
