//! Reads one span of a trace.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use crate::failure::Failure;
use crate::views::trace::SpanCardView;

/// All that is known of one span; `None` where the trace has none with this id, or where one of them is no id.
#[server(prefix = "/fn", endpoint = "span", input = GetUrl, output = crate::codec::Json)]
pub async fn read_span(
    /// 32 hex digits.
    trace: String,
    /// 16 hex digits, with a kind behind a dot where several spans have them.
    span: String,
) -> Result<Option<SpanCardView>, Failure> {
    let (Ok(trace), Ok(span)) = (trace.parse(), span.parse()) else {
        return Ok(None);
    };
    let detail = super::super::answer(super::super::desk()?.trace(trace).await)?;
    Ok(detail.and_then(|detail| SpanCardView::of(detail, span)))
}
