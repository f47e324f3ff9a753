//! Traces as points: when they began, and how long they took, on the scale of the list. The list is its table twin.

use leptos::prelude::*;
use pointsman_domain::read::TraceSummary;

use crate::components::follow;
use crate::format::{self, Times};
use crate::url::use_shared;
use crate::views::logscale::LogScale;

/// The points.
#[component]
pub(super) fn TraceScatter(
    /// What to show, newest first.
    #[prop(into)]
    traces: Signal<Vec<TraceSummary>>,
    /// How their times are written.
    #[prop(into)]
    times: Signal<Times>,
) -> impl IntoView {
    let shared = use_shared();
    let drawing = move || {
        let traces = traces.get();
        let (newest, oldest) = (traces.first()?.start_ns, traces.last()?.start_ns);
        let length = newest.saturating_sub(oldest).max(1);
        let scale = LogScale::of(traces.iter().map(|trace| trace.duration_ns));
        // The whole of the box less a margin, in which a point at the edge has room.
        let inner = |percent: f64| format!("{:.2}%", 3.0 + percent * 0.94);
        let lines = scale.ticks().map(|(_, percent)| {
            let y = inner(100.0 - percent);
            view! { <line class="tick" x1="0" x2="100%" y1=y.clone() y2=y /> }
        });
        let lines = lines.collect_view();
        let points = traces.into_iter().map(|trace| {
            let x = inner(trace.start_ns.saturating_sub(oldest) as f64 / length as f64 * 100.0);
            let y = inner(100.0 - scale.percent(trace.duration_ns));
            let (id, matched) = (trace.trace_id.to_string(), trace.matched.map(|span| span.to_string()));
            let href = move || shared.with(|shared| shared.trace(&id, matched.as_deref()));
            let title = format!(
                "{} {}: {}",
                format::shown(&trace.root_service),
                format::shown(&trace.root_operation),
                format::duration(trace.duration_ns)
            );
            // Failed ones differ by shape too.
            let (class, shape) = if trace.errors > 0 {
                ("point bad", "M-4 -4h8v8h-8z")
            } else {
                ("point", "M-3.5 0a3.5 3.5 0 1 1 7 0a3.5 3.5 0 1 1 -7 0z")
            };
            view! {
                <svg x=x y=y class=class overflow="visible">
                    <a href=href.clone() tabindex="-1" on:click=follow(href)><title>{title}</title><path d=shape /></a>
                </svg>
            }
        });
        let points = points.collect_view();
        Some(view! {
            <figure class="scatter">
                <svg width="100%" height="96" aria-hidden="true">{lines}{points}</svg>
                <figcaption>
                    <span>{times.get().seconds(oldest)}</span>
                    <span>"Each point is a trace: start time and duration (log scale). Squares have errors."</span>
                    <span>{times.get().seconds(newest)}</span>
                </figcaption>
            </figure>
        })
    };
    view! { {drawing} }
}
