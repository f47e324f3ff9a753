//! Removes a team.

use leptos::prelude::*;

use crate::failure::Failure;

/// Removes a team; then the page of all teams. What it owned is owned by none.
#[server(prefix = "/fn", endpoint = "team_remove")]
pub async fn remove_team(
    /// Its name.
    name: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.people().remove_team(&name, &reason).await)?;
    super::super::go("/teams");
    Ok(())
}
