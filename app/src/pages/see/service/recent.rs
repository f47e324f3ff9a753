//! The newest traces and log records of the service. Each reads by itself, so that a slow search does not hold up the figures.

use leptos::prelude::*;
use pointsman_domain::query::{LogForm, TraceForm};
use pointsman_domain::read::{LogPage, TracePage, TraceSummary};

use crate::components::{Clock, Column, DataTable, Each, LiveData, LiveLoaded, LogLines, Section, ServiceName};
use crate::format::{self, Times, ends};
use crate::live::use_live;
use crate::serverfns::log::search_logs;
use crate::serverfns::trace::search_traces;
use crate::url::{use_range, use_shared, use_times};

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
        <Section id="recent-traces" title="Recent traces" beside=view! { <a href=all>"All traces"</a> }.into_any()>
            <LiveLoaded resource let:page>
                <Traces page />
            </LiveLoaded>
        </Section>
    }
    .into_any()
}

#[component]
fn Traces(page: LiveData<TracePage>) -> impl IntoView {
    let traces = Memo::new(move |_| page.with(|page| page.traces.clone()));
    let none = Memo::new(move |_| traces.with(Vec::is_empty));
    move || {
        if none.get() {
            return view! { <p class="quiet">"No traces in this range."</p> }.into_any();
        }
        view! { <TraceRows traces /> }.into_any()
    }
}

#[component]
fn TraceRows(traces: Memo<Vec<TraceSummary>>) -> AnyView {
    let times = use_times(move || traces.with(|traces| ends(traces.iter().map(|trace| trace.start_ns))));
    view! {
        <DataTable columns=vec![
            Column::moment("Start"),
            Column::text("Root span"),
            Column::figure("Duration"),
            Column::figure("Spans"),
            Column::figure("Errors"),
        ]>
            <Each items=traces key=|trace| trace.trace_id let:trace><Trace trace times /></Each>
        </DataTable>
    }
    .into_any()
}

#[component]
fn Trace(trace: Memo<TraceSummary>, times: Memo<Times>) -> AnyView {
    let shared = use_shared();
    let row = move || {
        let trace = trace.get();
        let (id, matched) = (trace.trace_id.to_string(), trace.matched.map(|id| id.to_string()));
        let href = move || shared.with(|shared| shared.trace(&id, matched.as_deref()));
        let errors = if trace.errors == 0 {
            view! { <span class="none">"0"</span> }.into_any()
        } else {
            view! { <span class="bad">{format::count(trace.errors.into())}</span> }.into_any()
        };
        view! {
            <tr>
                <td><Clock at=trace.start_ns times /></td>
                <th scope="row" class="operation">
                    <ServiceName name=trace.root_service.to_string() /> " "
                    <a href=href>{format::shown(&trace.root_operation)}</a>
                </th>
                <td class="num">{format::duration(trace.duration_ns)}</td>
                <td class="num">{format::count(trace.spans.into())}</td>
                <td class="num">{errors}</td>
            </tr>
        }
    };
    row.into_any()
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
        <Section id="recent-logs" title="Recent logs" beside=view! { <a href=all>"All logs"</a> }.into_any()>
            <LiveLoaded resource let:page>
                <Logs page />
            </LiveLoaded>
        </Section>
    }
    .into_any()
}

#[component]
fn Logs(page: LiveData<LogPage>) -> impl IntoView {
    let lines = Memo::new(move |_| page.with(|page| page.lines.clone()));
    let times = use_times(move || lines.with(|lines| ends(lines.iter().map(|line| line.time_ns))));
    let none = Memo::new(move |_| lines.with(Vec::is_empty));
    move || {
        if none.get() {
            return view! { <p class="quiet">"No log records in this range."</p> }.into_any();
        }
        view! { <LogLines lines times of_one_service=true /> }.into_any()
    }
}
