//! Server functions of what filters can be chosen from.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::read::Choices;

use crate::failure::Failure;

/// Services, and the operations of one where it is given.
#[server(prefix = "/fn", endpoint = "choices", input = GetUrl, output = crate::codec::Json)]
pub async fn list_choices(
    /// `service.name`.
    service: Option<String>,
) -> Result<Choices, Failure> {
    super::answer(super::use_cases()?.see().choices(service.as_deref()).await)
}
