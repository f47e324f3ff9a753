//! Makes a team.

use leptos::prelude::*;

use crate::failure::Failure;

/// Makes a team; then its page.
#[server(prefix = "/fn", endpoint = "team_create")]
pub async fn create_team(
    /// Its name in URLs.
    name: String,
    /// How pages call it.
    title: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(
        super::super::use_cases()?
            .people()
            .create_team(&name, &title, &reason)
            .await,
    )?;
    super::super::go(&format!("/teams/{}", crate::url::segment(name.trim())));
    Ok(())
}
