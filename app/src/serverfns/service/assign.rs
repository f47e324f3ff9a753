//! Says which team owns a service.

use leptos::prelude::*;

use crate::failure::Failure;

/// Says which team owns a service.
#[server(prefix = "/fn", endpoint = "service_assign")]
pub async fn assign_service(
    /// `service.name`.
    service: String,
    /// The team's name; empty where none is to own it.
    team: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    let team = Some(team.as_str()).filter(|team| !team.is_empty());
    super::super::changed(
        super::super::use_cases()?
            .people()
            .assign_service(&service, team, &reason)
            .await,
    )
}
