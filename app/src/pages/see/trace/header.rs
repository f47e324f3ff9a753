//! What the trace was, in a sentence, and the whole of it small.

use leptos::prelude::*;

use super::waterfall::WaterfallState;
use crate::components::{Chip, Clock};
use crate::format::{self, Times};
use crate::views::trace::TraceView;
use crate::views::waterfall::{bar, minimap};

/// How many pairs of clocks that differ are named.
const CLOCKS_TOLD: usize = 3;

/// Height of the minimap, in its own units and in pixels.
const MINIMAP_HEIGHT: u32 = 48;

/// Root, start, duration, spans, services, errors.
#[component]
pub(super) fn Header(trace: Memo<Option<TraceView>>) -> impl IntoView {
    move || {
        let trace = trace.get()?;
        let clocks = trace.clocks();
        let summary = trace.summary;
        let errors = match summary.errors {
            0 => "no errors".to_owned(),
            n => format::counted(u64::from(n), "error", "errors"),
        };
        let orphans = trace.spans.iter().filter(|span| span.orphan).count() as u64;
        let orphans = (orphans > 0).then(|| {
            let spans = format::counted(orphans, "span names", "spans name");
            view! { <p class="lag">{spans} " a parent that was not received: its service may not send to Pointsman, or the span has not arrived yet."</p> }
        });
        let whole = (summary.duration_ns != summary.root_duration_ns).then(|| {
            format!(
                "{} from first start to last end · ",
                format::duration(summary.duration_ns)
            )
        });
        let clocks = (!clocks.is_empty()).then(|| {
            let more = clocks.len().saturating_sub(CLOCKS_TOLD);
            let told = clocks.into_iter().take(CLOCKS_TOLD).collect::<Vec<_>>().join(" ");
            let more = (more > 0).then(|| format!(" {more} more pairs of services differ."));
            view! { <p class="lag">{told} {more} " Spans are placed by the clocks of their own services."</p> }
        });
        let services = summary.services.iter().map(|(name, spans)| {
            view! { <li><Chip name=name.to_string() />{format::shown(name)} " " <span class="quiet">{format::count(u64::from(*spans))}</span></li> }
        });
        Some(view! {
            <h1 class="answer trace-title">
                <strong>{format::shown(&summary.root_service)}</strong> " " {format::shown(&summary.root_operation)}
                " took " <strong>{format::duration(summary.root_duration_ns)}</strong>
            </h1>
            <p class="trace-lead">
                <Clock at=summary.start_ns times=Times::default() /> " UTC, " {format::day(summary.start_ns)} " · "
                {whole}
                {format::counted(u64::from(summary.spans), "span", "spans")} " in "
                {format::counted(summary.services.len() as u64, "service", "services")} " · "
                <span class:bad={summary.errors > 0}>{errors}</span> " · "
                <span class="mono">{summary.trace_id.to_string()}</span>
            </p>
            <ul class="trace-services" aria-label="Services, with how many spans each">{services.collect_view()}</ul>
            {orphans}
            {clocks}
        })
    }
}

/// The whole trace small, with where the chosen span is in it.
#[component]
pub(super) fn Minimap(state: WaterfallState) -> AnyView {
    let paths = Memo::new(move |_| {
        state
            .rows
            .with(|rows| minimap(rows, state.length_ns.get(), MINIMAP_HEIGHT))
    });
    let path = move |kind: usize| move || paths.with(|paths| paths[kind].clone());
    let chosen = move || {
        let key = state.selected.get()?;
        let (start, width) = state
            .rows
            .with(|rows| Some(bar(&rows[key.find(rows)?], state.length_ns.get())))?;
        Some(
            view! { <rect class="minimap-chosen" x=format!("{:.1}", start * 10.0) y="0" width=format!("{:.1}", width * 10.0) height=MINIMAP_HEIGHT /> },
        )
    };
    view! {
        <svg class="minimap" viewBox=format!("0 0 1000 {MINIMAP_HEIGHT}") width="100%" height=MINIMAP_HEIGHT preserveAspectRatio="none"
            role="img" aria-label="The whole trace; the table below has it row by row">
            {chosen}
            <path class="minimap-span" d=path(0) />
            <path class="minimap-critical" d=path(1) />
            <path class="minimap-error" d=path(2) />
        </svg>
    }
    .into_any()
}
