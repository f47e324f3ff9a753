//! Reads what was counted of an objective in a time range.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::slo::SloCourse;

use crate::failure::Failure;
use crate::url::RangeForm;

/// What was counted in this range, piece by piece; `None` where the objective has no events of its own.
#[server(prefix = "/fn", endpoint = "slo_course", input = GetUrl, output = crate::codec::Json)]
pub async fn read_course(
    /// The objective's name.
    name: String,
    /// As in the URL.
    #[server(default)]
    range: RangeForm,
) -> Result<Option<SloCourse>, Failure> {
    let range = super::super::answer(range.parse())?;
    super::super::answer(super::super::desk()?.slo_course(&name, range).await)
}
