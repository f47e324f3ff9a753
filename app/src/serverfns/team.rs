//! Server functions of teams and their members.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::read::{TeamDetail, TeamList};

use crate::failure::Failure;

/// All teams, and what no team owns.
#[server(prefix = "/fn", endpoint = "teams", input = GetUrl, output = crate::codec::Json)]
pub async fn list_teams() -> Result<TeamList, Failure> {
    super::answer(super::use_cases()?.people().teams().await)
}

/// One team; `None` where there is none of this name.
#[server(prefix = "/fn", endpoint = "team", input = GetUrl, output = crate::codec::Json)]
pub async fn read_team(name: String) -> Result<Option<TeamDetail>, Failure> {
    super::answer(super::use_cases()?.people().team(&name).await)
}

/// Makes a team; then its page.
#[server(prefix = "/fn", endpoint = "team_create")]
pub async fn create_team(
    /// Its name in URLs.
    name: String,
    /// How pages call it.
    title: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().create_team(&name, &title, &reason).await)?;
    super::go(&format!("/teams/{}", crate::url::segment(name.trim())));
    Ok(())
}

/// Says how pages call a team.
#[server(prefix = "/fn", endpoint = "team_rename")]
pub async fn rename_team(
    /// Its name in URLs.
    name: String,
    /// How pages are to call it.
    title: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().rename_team(&name, &title, &reason).await)
}

/// Removes a team; then the page of all teams. What it owned is owned by none.
#[server(prefix = "/fn", endpoint = "team_remove")]
pub async fn remove_team(
    name: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().remove_team(&name, &reason).await)?;
    super::go("/teams");
    Ok(())
}

/// Adds a member to a team.
#[server(prefix = "/fn", endpoint = "member_add")]
pub async fn add_team_member(
    /// The team's name.
    team: String,
    /// What the member signs in with.
    user: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().add_member(&team, &user, &reason).await)
}

/// Takes a member out of a team.
#[server(prefix = "/fn", endpoint = "member_remove")]
pub async fn remove_team_member(
    /// The team's name.
    team: String,
    /// What the member signs in with.
    user: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    super::changed(super::use_cases()?.people().remove_member(&team, &user, &reason).await)
}
