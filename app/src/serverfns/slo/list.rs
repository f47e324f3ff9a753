//! Lists the objectives.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::slo::SloList;

use crate::failure::Failure;

/// The objectives, what is left of whose budget is least first.
#[server(prefix = "/fn", endpoint = "slos", input = GetUrl, output = crate::codec::Json)]
pub async fn list_slos(
    /// Only those of this service.
    #[server(default)]
    service: Option<String>,
) -> Result<SloList, Failure> {
    super::super::answer(super::super::desk()?.slo_list(service.as_deref()).await)
}
