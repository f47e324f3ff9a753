//! Reads what people say of a service.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::people::read::ServiceRecord;

use crate::failure::Failure;

/// What people say of a service, and what the reader may change of it.
#[server(prefix = "/fn", endpoint = "service_record", input = GetUrl, output = crate::codec::Json)]
pub async fn read_record(
    /// `service.name`.
    service: String,
) -> Result<ServiceRecord, Failure> {
    super::super::answer(super::super::desk()?.service_record(&service).await)
}
