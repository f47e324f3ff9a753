//! What the trace was, in a sentence, and the whole of it small.

use leptos::prelude::*;

use crate::components::{Chip, Clock, WaterfallState};
use crate::format::{self, Times};
use crate::views::trace::TraceView;
use crate::views::waterfall::{bar, minimap};

/// Height of the minimap, in its own units and in pixels.
const MINIMAP_HEIGHT: u32 = 48;

/// Root, start, duration, spans, services, errors.
#[component]
pub(super) fn Header(trace: Memo<Option<TraceView>>) -> impl IntoView {
    move || {
        let trace = trace.get()?;
        let summary = trace.summary;
        let errors = match summary.errors {
            0 => "no errors".to_owned(),
            n => format::counted(u64::from(n), "error", "errors"),
        };
        let orphans = trace.spans.iter().filter(|span| span.orphan).count() as u64;
        let orphans = (orphans > 0).then(|| {
            let spans = format::counted(orphans, "span names", "spans name");
            view! { <p class="lag">{spans} " a parent that was not received: its service may not send to Pointsman, or it is still on its way."</p> }
        });
        let services = summary.services.iter().map(|(name, spans)| {
            view! { <li><Chip name=name.to_string() />{name.to_string()} " " <span class="quiet">{format::count(u64::from(*spans))}</span></li> }
        });
        Some(view! {
            <h1 class="answer trace-title">
                <strong>{summary.root_service.to_string()}</strong> " " {summary.root_operation.to_string()}
                " took " <strong>{format::duration(summary.duration_ns)}</strong>
            </h1>
            <p class="trace-lead">
                <Clock at=summary.start_ns times=Times::default() /> " UTC, " {format::day(summary.start_ns)} " · "
                {format::counted(u64::from(summary.spans), "span", "spans")} " in "
                {format::counted(summary.services.len() as u64, "service", "services")} " · "
                <span class:bad={summary.errors > 0}>{errors}</span> " · "
                <span class="mono">{summary.trace_id.to_string()}</span>
            </p>
            <ul class="trace-services" aria-label="Services, with how many spans each">{services.collect_view()}</ul>
            {orphans}
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
