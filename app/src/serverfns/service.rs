//! Server functions of services.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
#[cfg(feature = "ssr")]
use pointsman_domain::people::form::ServiceForm;
use pointsman_domain::people::read::ServiceRecord;
use pointsman_domain::read::ServiceDetail;

use crate::failure::Failure;
use crate::url::RangeForm;

/// One service in this range; `None` where it was never heard of.
#[server(prefix = "/fn", endpoint = "service", input = GetUrl, output = crate::codec::Json)]
pub async fn read_service(
    /// `service.name`.
    name: String,
    /// As in the URL.
    #[server(default)]
    range: RangeForm,
) -> Result<Option<ServiceDetail>, Failure> {
    let range = super::answer(range.parse())?;
    super::answer(super::use_cases()?.see().service(&name, range).await)
}

/// What people say of a service, and what the reader may change of it.
#[server(prefix = "/fn", endpoint = "service_record", input = GetUrl, output = crate::codec::Json)]
pub async fn read_service_record(
    /// `service.name`.
    service: String,
) -> Result<ServiceRecord, Failure> {
    super::answer(super::use_cases()?.people().service_record(&service).await)
}

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
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    let form = ServiceForm {
        description,
        runbook,
        repository,
    };
    super::changed(
        super::use_cases()?
            .people()
            .edit_service(&service, &form, &reason)
            .await,
    )
}

/// Says which team owns a service.
#[server(prefix = "/fn", endpoint = "service_assign")]
pub async fn assign_service(
    /// `service.name`.
    service: String,
    /// The team's name; empty where none is to own it.
    team: String,
    /// What the audit says it was done for: 3 to 500 characters.
    reason: String,
) -> Result<(), Failure> {
    let team = Some(team.as_str()).filter(|team| !team.is_empty());
    super::changed(
        super::use_cases()?
            .people()
            .assign_service(&service, team, &reason)
            .await,
    )
}
