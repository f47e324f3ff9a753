//! Server functions of traces and spans.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use pointsman_domain::query::TraceForm;
use pointsman_domain::read::TracePage;

use crate::failure::Failure;
use crate::views::trace::{SpanCardView, TraceView};

/// The traces that this form asks for, newest first.
#[server(prefix = "/fn", endpoint = "traces", input = GetUrl, output = crate::codec::Json)]
pub async fn search_traces(
    /// As in the URL.
    #[server(default)]
    form: TraceForm,
) -> Result<TracePage, Failure> {
    let query = super::answer(form.parse())?;
    super::answer(super::use_cases()?.see().traces(&query).await)
}

/// One trace, without the details of its spans; `None` where there is none with this id, or where this is no id.
#[server(prefix = "/fn", endpoint = "trace", input = GetUrl, output = crate::codec::Json)]
pub async fn read_trace(
    /// 32 hex digits.
    id: String,
) -> Result<Option<TraceView>, Failure> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let use_cases = super::use_cases()?;
    let detail = super::answer(use_cases.see().trace(id).await)?;
    Ok(detail.map(|detail| TraceView::of(use_cases.see().is_settled(&detail.summary), detail)))
}

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
    let detail = super::answer(super::use_cases()?.see().trace(trace).await)?;
    Ok(detail.and_then(|detail| SpanCardView::of(detail, span)))
}
