//! Renames a team.

use leptos::prelude::*;

use crate::failure::Failure;

/// Says how pages call a team.
#[server(prefix = "/fn", endpoint = "team_rename")]
pub async fn rename_team(
    /// Its name in URLs.
    name: String,
    /// How pages are to call it.
    title: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(
        super::super::use_cases()?
            .people()
            .rename_team(&name, &title, &reason)
            .await,
    )
}
