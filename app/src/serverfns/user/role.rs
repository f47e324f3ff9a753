//! Says what somebody is.

use leptos::prelude::*;
use pointsman_domain::people::Role;

use crate::failure::Failure;

/// Says what somebody is. Their sessions end.
#[server(prefix = "/fn", endpoint = "user_role")]
pub async fn set_role(
    /// What they sign in with.
    name: String,
    /// What they are to be.
    role: Role,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    super::super::changed(super::super::use_cases()?.people().set_role(&name, role, &reason).await)
}
