//! Reads one objective.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::slo::SloView;

use crate::failure::Failure;

/// One objective; `None` where there is none of this name.
#[server(prefix = "/fn", endpoint = "slo", input = GetUrl, output = crate::codec::Json)]
pub async fn read_slo(
    /// Its name.
    name: String,
) -> Result<Option<SloView>, Failure> {
    super::super::answer(super::super::desk()?.slo_view(&name).await)
}
