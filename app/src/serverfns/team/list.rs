//! Lists the teams.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::read::TeamList;

use crate::failure::Failure;

/// All teams, and what no team owns.
#[server(prefix = "/fn", endpoint = "teams", input = GetUrl, output = crate::codec::Json)]
pub async fn list_teams() -> Result<TeamList, Failure> {
    super::super::answer(super::super::desk()?.teams().await)
}
