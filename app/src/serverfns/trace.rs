//! Server functions of traces and spans.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::query::TraceForm;
use pointsman_domain::read::TracePage;

use crate::failure::Failure;
use crate::views::trace::{SpanCardView, TraceView};

/// The traces that this form asks for, newest first.
#[server(prefix = "/fn", endpoint = "traces", input = GetUrl)]
pub async fn search_traces(
    /// As in the URL.
    #[server(default)]
    form: TraceForm,
) -> Result<TracePage, Failure> {
    let query = super::answer(form.parse())?;
    super::answer(super::desk()?.traces(&query).await)
}

/// One trace, without the details of its spans; `None` where there is none with this id, or where this is no id.
#[server(prefix = "/fn", endpoint = "trace", input = GetUrl)]
pub async fn read_trace(
    /// 32 hex digits.
    id: String,
) -> Result<Option<TraceView>, Failure> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let desk = super::desk()?;
    let detail = super::answer(desk.trace(id).await)?;
    Ok(detail.map(|detail| TraceView::of(desk.is_settled(&detail.summary), detail)))
}

/// All that is known of one span; `None` where the trace has none with this id, or where one of them is no id.
#[server(prefix = "/fn", endpoint = "span", input = GetUrl)]
pub async fn read_span(
    /// 32 hex digits.
    trace: String,
    /// 16 hex digits, with a kind behind a dot where several spans have them.
    span: String,
) -> Result<Option<SpanCardView>, Failure> {
    let (Ok(trace), Ok(span)) = (trace.parse(), span.parse()) else {
        return Ok(None);
    };
    let detail = super::answer(super::desk()?.trace(trace).await)?;
    Ok(detail.and_then(|detail| SpanCardView::of(detail, span)))
}
