//! Reads a trace.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use crate::failure::Failure;
use crate::views::trace::TraceView;

/// One trace, without the details of its spans; `None` where there is none with this id, or where this is no id.
#[server(prefix = "/fn", endpoint = "trace", input = GetUrl, output = crate::codec::Json)]
pub async fn read_trace(
    /// 32 hex digits.
    id: String,
) -> Result<Option<TraceView>, Failure> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let desk = super::super::desk()?;
    let detail = super::super::answer(desk.trace(id).await)?;
    Ok(detail.map(|detail| TraceView::of(desk.is_settled(&detail.summary), detail)))
}
