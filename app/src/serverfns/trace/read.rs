//! Reads a trace.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use crate::failure::Failure;
use crate::views::trace::TraceView;

/// One trace, without the details of its spans; `None` where there is none with this id, or where this is no id.
#[server(prefix = "/fn", endpoint = "trace", input = GetUrl)]
pub async fn read_trace(
    /// 32 hex digits.
    id: String,
) -> Result<Option<TraceView>, Failure> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let use_cases = super::super::use_cases()?;
    let detail = super::super::answer(use_cases.see().trace(id).await)?;
    Ok(detail.map(|detail| TraceView::of(use_cases.see().is_settled(&detail.summary), detail)))
}
