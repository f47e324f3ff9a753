//! Adds a member to a team.

use leptos::prelude::*;

use crate::failure::Failure;

/// Adds a member to a team.
#[server(prefix = "/fn", endpoint = "member_add")]
pub async fn add_member(
    /// The team's name.
    team: String,
    /// What the member signs in with.
    user: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(
        super::super::use_cases()?
            .people()
            .add_member(&team, &user, &reason)
            .await,
    )
}
