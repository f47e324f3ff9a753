//! Lists contracts.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::sla::SlaSummary;

use crate::failure::Failure;

/// All contracts, by name.
#[server(prefix = "/fn", endpoint = "slas", input = GetUrl, output = crate::codec::Json)]
pub async fn list_slas() -> Result<Vec<SlaSummary>, Failure> {
    super::super::answer(super::super::desk()?.slas().await)
}
