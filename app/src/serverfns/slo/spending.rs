//! Reads where a budget went.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::slo::Spending;

use crate::failure::Failure;

/// Where the bad events of an objective's window came from; `None` where it has none of its own.
#[server(prefix = "/fn", endpoint = "slo_spending", input = GetUrl, output = crate::codec::Json)]
pub async fn read_spending(
    /// The objective's name.
    name: String,
) -> Result<Option<Spending>, Failure> {
    super::super::answer(super::super::desk()?.slo_spending(&name).await)
}
