//! Reads one service.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
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
    let range = super::super::answer(range.parse())?;
    super::super::answer(super::super::desk()?.service(&name, range).await)
}
