//! Takes a member out of a team.

use leptos::prelude::*;

use crate::failure::Failure;

/// Takes a member out of a team.
#[server(prefix = "/fn", endpoint = "member_remove")]
pub async fn remove_member(
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
            .remove_member(&team, &user, &reason)
            .await,
    )
}
