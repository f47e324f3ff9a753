//! The newest traces and log records of the service. Each reads by itself, so that a slow search does not hold up the figures.

use leptos::prelude::*;
use pointsman_domain::query::{LogForm, TraceForm};
use pointsman_domain::read::{LogPage, TracePage, TraceSummary};
use pointsman_domain::telemetry::UnixNanos;

use crate::components::{Loaded, LogLines, Moment, ServiceName};
use crate::format;
use crate::live::use_live;
use crate::serverfns::logs::search::search_logs;
use crate::serverfns::traces::search::search_traces;
use crate::url::{use_range, use_shared};

const MANY: &str = "8";

/// The newest traces that the service took part in.
#[component]
pub(super) fn RecentTraces(name: Memo<String>) -> AnyView {
    let (range, live, shared) = (use_range(), use_live(), use_shared());
    let resource = Resource::new(
        move || (name.get(), range.get(), live.tick.get()),
        |(name, range, _)| {
            search_traces(TraceForm {
                range: range.range,
                from: range.from,
                to: range.to,
                service: Some(name),
                limit: Some(MANY.to_owned()),
                ..TraceForm::default()
            })
        },
    );
    let all = move || shared.with(|shared| shared.link("/traces", &[("service", &name.get())]));
    view! {
        <section class="section" aria-labelledby="recent-traces">
            <div class="section-head">
                <h2 id="recent-traces">"Recent traces"</h2>
                <a href=all>"All its traces"</a>
            </div>
            <Loaded resource let:page>
                <Traces page />
            </Loaded>
        </section>
    }
    .into_any()
}

#[component]
fn Traces(page: TracePage) -> impl IntoView {
    if page.traces.is_empty() {
        return view! { <p class="quiet">"No traces in this range."</p> }.into_any();
    }
    let now_ns = page.traces.iter().map(|trace| trace.start_ns).max().unwrap_or_default();
    let rows = page
        .traces
        .into_iter()
        .map(|trace| view! { <Trace trace now_ns /> })
        .collect_view();
    view! {
        <div class="table-wrap">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Time" <span class="unit">"UTC"</span></th>
                        <th scope="col">"Root"</th>
                        <th scope="col" class="num">"Duration"</th>
                        <th scope="col" class="num">"Spans"</th>
                        <th scope="col" class="num">"Errors"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Trace(trace: TraceSummary, now_ns: UnixNanos) -> AnyView {
    let shared = use_shared();
    let (id, matched) = (trace.trace_id.to_string(), trace.matched.map(|id| id.to_string()));
    let href = move || shared.with(|shared| shared.trace(&id, matched.as_deref()));
    let errors = if trace.errors == 0 {
        view! { <span class="none">"0"</span> }.into_any()
    } else {
        view! { <span class="bad">{format::count(trace.errors.into())}</span> }.into_any()
    };
    view! {
        <tr>
            <td><Moment at=trace.start_ns now_ns precise=true /></td>
            <th scope="row" class="operation">
                <ServiceName name=trace.root_service.to_string() /> " "
                <a href=href>{trace.root_operation.to_string()}</a>
            </th>
            <td class="num">{format::duration(trace.duration_ns)}</td>
            <td class="num">{format::count(trace.spans.into())}</td>
            <td class="num">{errors}</td>
        </tr>
    }
    .into_any()
}

/// Its newest log records.
#[component]
pub(super) fn RecentLogs(name: Memo<String>) -> AnyView {
    let (range, live, shared) = (use_range(), use_live(), use_shared());
    let resource = Resource::new(
        move || (name.get(), range.get(), live.tick.get()),
        |(name, range, _)| {
            search_logs(LogForm {
                range: range.range,
                from: range.from,
                to: range.to,
                service: Some(name),
                limit: Some(MANY.to_owned()),
                ..LogForm::default()
            })
        },
    );
    let all = move || shared.with(|shared| shared.link("/logs", &[("service", &name.get())]));
    view! {
        <section class="section" aria-labelledby="recent-logs">
            <div class="section-head">
                <h2 id="recent-logs">"Recent logs"</h2>
                <a href=all>"All its logs"</a>
            </div>
            <Loaded resource let:page>
                <Logs page />
            </Loaded>
        </section>
    }
    .into_any()
}

#[component]
fn Logs(page: LogPage) -> impl IntoView {
    if page.lines.is_empty() {
        return view! { <p class="quiet">"No log records in this range."</p> }.into_any();
    }
    let now_ns = page.lines.iter().map(|line| line.time_ns).max().unwrap_or_default();
    view! { <LogLines lines=page.lines now_ns of_one_service=true /> }.into_any()
}
