//! Reads one team.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::read::TeamDetail;

use crate::failure::Failure;

/// One team; `None` where there is none of this name.
#[server(prefix = "/fn", endpoint = "team", input = GetUrl, output = crate::codec::Json)]
pub async fn read_team(
    /// Its name.
    name: String,
) -> Result<Option<TeamDetail>, Failure> {
    super::super::answer(super::super::desk()?.team(&name).await)
}
