//! Server functions of the overview.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::read::Overview;

use crate::failure::Failure;
use crate::url::RangeForm;

/// The overview of this range.
#[server(prefix = "/fn", endpoint = "overview", input = GetUrl, output = crate::codec::Json)]
pub async fn read_overview(
    /// As in the URL.
    #[server(default)]
    range: RangeForm,
) -> Result<Overview, Failure> {
    let range = super::answer(range.parse())?;
    super::answer(super::use_cases()?.see().overview(range).await)
}
