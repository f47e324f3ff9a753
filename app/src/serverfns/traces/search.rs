//! Searches traces.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::query::TraceForm;
use pointsman_domain::read::TracePage;

use crate::failure::Failure;

/// The traces that this form asks for, newest first.
#[server(prefix = "/fn", endpoint = "traces", input = GetUrl, output = crate::codec::Json)]
pub async fn search_traces(
    /// As in the URL.
    #[server(default)]
    form: TraceForm,
) -> Result<TracePage, Failure> {
    let query = super::super::answer(form.parse())?;
    super::super::answer(super::super::desk()?.traces(&query).await)
}
