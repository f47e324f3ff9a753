//! Traces as rows: time, root, duration as a bar on a scale that all rows share, spans, errors, services as colour ticks with names.

use leptos::prelude::*;
use pointsman_domain::read::TraceSummary;

use super::{Chip, Clock};
use crate::format::{self, Times};
use crate::url::use_shared;
use crate::views::logscale::LogScale;

/// How many services of a trace are named; the rest is counted.
const NAMED: usize = 4;

/// The rows, newest first.
#[component]
pub fn TraceTable(
    /// What to show.
    #[prop(into)]
    traces: Signal<Vec<TraceSummary>>,
    /// How their times are written.
    #[prop(into)]
    times: Signal<Times>,
) -> AnyView {
    let scale = Memo::new(move |_| traces.with(|traces| LogScale::of(traces.iter().map(|trace| trace.duration_ns))));
    let ends = move || {
        let ticks: Vec<u64> = scale.get().ticks().map(|(ns, _)| ns).collect();
        let name = |ns: Option<&u64>| ns.map(|&ns| power_words(ns)).unwrap_or_default();
        (name(ticks.first()), name(ticks.last()))
    };
    let key = |trace: &TraceSummary| (trace.trace_id, trace.spans, trace.errors, trace.duration_ns);
    view! {
        <div class="scroll-x">
            <table class="table traces">
                <thead>
                    <tr>
                        <th scope="col">"Start"</th>
                        <th scope="col">"Root span"</th>
                        <th scope="col" class="num">"Duration"</th>
                        <th scope="col" class="scale">
                            <span class="only-read">"Duration as a bar, log scale from "</span>
                            <span class="scale-ends"><span>{move || ends().0}</span><span>{move || ends().1}</span></span>
                        </th>
                        <th scope="col" class="num">"Spans"</th>
                        <th scope="col" class="num">"Errors"</th>
                        <th scope="col">"Services"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || traces.get() key=key let:trace><TraceRow trace scale times /></For>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

/// `10 ms`, without decimals.
fn power_words(ns: u64) -> String {
    let (n, unit) = match ns {
        0..1_000 => (ns, "ns"),
        1_000..1_000_000 => (ns / 1_000, "µs"),
        1_000_000..1_000_000_000 => (ns / 1_000_000, "ms"),
        _ => (ns / 1_000_000_000, "s"),
    };
    format!("{n} {unit}")
}

#[component]
fn TraceRow(trace: TraceSummary, scale: Memo<LogScale>, times: Signal<Times>) -> AnyView {
    let shared = use_shared();
    let id = trace.trace_id.to_string();
    let matched = trace.matched.map(|span| span.to_string());
    let href = move || shared.with(|shared| shared.trace(&id, matched.as_deref()));
    let duration = trace.duration_ns;
    let bar = move || format!("{:.2}%", scale.get().percent(duration).max(0.5));
    let lines = move || {
        let ticks: Vec<f64> = scale.get().ticks().map(|(_, percent)| percent).collect();
        ticks
            .into_iter()
            .map(|percent| {
                let x = format!("{percent:.2}%");
                view! { <line class="tick" x1=x.clone() x2=x y1="0" y2="100%" /> }
            })
            .collect_view()
    };
    let errors = if trace.errors > 0 {
        view! { <span class="errors state-danger"><ErrorGlyph />{format::count(u64::from(trace.errors))}</span> }
            .into_any()
    } else {
        view! { <span class="quiet">"0"</span> }.into_any()
    };
    let all: Vec<String> = trace
        .services
        .iter()
        .map(|(name, spans)| format!("{} ({spans})", format::shown(name)))
        .collect();
    let services = trace.services.iter().take(NAMED).map(|(name, _)| {
        view! { <span class="tick-name"><Chip name=name.to_string() />{format::shown(name)}</span> }
    });
    let services = services.collect_view();
    let more = trace.services.len().saturating_sub(NAMED);
    let ticks = trace
        .services
        .iter()
        .skip(NAMED)
        .map(|(name, _)| view! { <Chip name=name.to_string() /> })
        .collect_view();
    let root = format!(
        "{} {}",
        format::shown(&trace.root_service),
        format::shown(&trace.root_operation)
    );
    view! {
        <tr>
            <td class="began mono"><Clock at=trace.start_ns times /></td>
            <td class="root">
                <a href=href title=root>
                    <Chip name=trace.root_service.to_string() />
                    <strong>{format::shown(&trace.root_service)}</strong> " " {format::shown(&trace.root_operation)}
                </a>
            </td>
            <td class="num">{format::duration(duration)}</td>
            <td class="scale" aria-hidden="true">
                <svg class="bar" width="100%" height="16">
                    {lines}
                    <rect class:bad={trace.errors > 0} y="4" height="8" width=bar rx="1" />
                </svg>
            </td>
            <td class="num">{format::count(u64::from(trace.spans))}</td>
            <td class="num">{errors}</td>
            <td class="ticks" title=all.join(", ")>
                {services}
                {ticks}
                {(more > 0).then(|| format!("+{more}"))}
            </td>
        </tr>
    }
    .into_any()
}

/// The shape of an error, where its word is in the head.
#[component]
pub fn ErrorGlyph() -> impl IntoView {
    use pointsman_domain::health::Health;
    view! { <super::StateGlyph health=Health::Failing /> }
}
