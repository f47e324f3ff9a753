//! Reads one contract.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::sla::SlaDetail;

use crate::failure::Failure;

/// One contract; `None` where there is none of this name.
#[server(prefix = "/fn", endpoint = "sla", input = GetUrl, output = crate::codec::Json)]
pub async fn read_sla(
    /// Its name.
    name: String,
) -> Result<Option<SlaDetail>, Failure> {
    super::super::answer(super::super::desk()?.sla(&name).await)
}
