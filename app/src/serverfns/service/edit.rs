//! Says what a service is.

use leptos::prelude::*;
#[cfg(feature = "ssr")]
use pointsman_domain::people::form::ServiceForm;

use crate::failure::Failure;

/// Says what a service is.
#[server(prefix = "/fn", endpoint = "service_edit")]
pub async fn edit_service(
    /// `service.name`.
    service: String,
    /// What it is for.
    description: String,
    /// What to do when it fails.
    runbook: String,
    /// Where its source is.
    repository: String,
    /// Why.
    reason: String,
) -> Result<(), Failure> {
    let form = ServiceForm {
        description,
        runbook,
        repository,
    };
    super::super::changed(
        super::super::use_cases()?
            .people()
            .edit_service(&service, &form, &reason)
            .await,
    )
}
