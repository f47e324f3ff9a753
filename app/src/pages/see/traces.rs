//! The trace search: the filters, an answer in words, the traces newest first, the next page.

mod form;
mod scatter;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::query::TraceForm;
use pointsman_domain::read::{TracePage, TraceSummary};

use self::form::TraceFilters;
use self::scatter::TraceScatter;
use crate::components::{
    Empty, FirstSpan, FurtherBack, LiveData, LiveLoaded, Pager, Pausable, PausableList, TraceTable, Truncated, trace_id,
};
use crate::format::{self, ends};
use crate::live::use_live;
use crate::serverfns::choices::list_choices;
use crate::serverfns::trace::search_traces;
use crate::site_map;
use crate::url::{use_query, use_shared, use_times};
use crate::views::filters::{narrows, trace_form};

/// A result with the form that asked for it.
type Found = (TraceForm, TracePage);

/// The trace search.
#[component]
pub fn TracesPage() -> AnyView {
    let (query, live) = (use_query(), use_live());
    let form = Memo::new(move |_| query.with(trace_form));
    let error = Memo::new(move |_| form.with(|form| form.parse().err()));
    let found = Resource::new(
        move || (form.get(), live.tick.get()),
        |(form, _)| async move {
            // A mistake is told at its field; there is nothing to ask the server for.
            form.parse()?;
            Ok((form.clone(), search_traces(form).await?))
        },
    );
    let choices = Resource::new(move || form.with(|form| form.service.clone()), list_choices);
    view! {
        <Title text=site_map::TRACES.title />
        <h1 class="only-read">{site_map::TRACES.title}</h1>
        <TraceFilters error choices />
        <ById />
        {move || error.with(Option::is_some).then(|| view! { <p class="quiet">"No search was run: a filter is not valid."</p> })}
        <LiveLoaded resource=found form_tells=true let:data>
            <Results data />
        </LiveLoaded>
    }
    .into_any()
}

/// The way to a trace whose id was searched for: no search finds it, because it is no attribute.
#[component]
fn ById() -> impl IntoView {
    let (query, shared) = (use_query(), use_shared());
    let id = Memo::new(move |_| query.with(|query| query.get("q").and_then(trace_id)));
    move || {
        id.get().map(|id| {
            let href = move || shared.with(|shared| shared.trace(&id.to_string(), None));
            view! { <p class="answer"><a href=href>"Open the trace " <span class="mono">{id.to_string()}</span></a></p> }
        })
    }
}

#[component]
fn Results(data: LiveData<Found>) -> impl IntoView {
    let still = Pausable::of(data, |a: &Found, b| a.0 == b.0);
    let traces = Signal::derive(move || still.with(|found| found.1.traces.clone()));
    let times = use_times(move || traces.with(|traces| ends(traces.iter().map(|trace| trace.start_ns))));
    let none = Memo::new(move |_| traces.with(Vec::is_empty));
    let truncated = Memo::new(move |_| still.with(|found| found.1.truncated));
    let next_before = Memo::new(move |_| still.with(|found| found.1.next_before_ns));
    move || {
        if none.get() {
            return match next_before.get() {
                Some(next_before) => view! { <FurtherBack path="/traces" next_before /> }.into_any(),
                None => view! { <Nothing /> }.into_any(),
            };
        }
        view! {
            <p class="answer">{move || traces.with(|traces| answer(traces))}</p>
            {move || truncated.get().then(|| view! { <Truncated /> })}
            <PausableList still what="traces">
                <TraceScatter traces times />
                <TraceTable traces times />
            </PausableList>
            <Pager path="/traces" next_before what="traces" />
        }
        .into_any()
    }
}

/// What was found, as a sentence.
fn answer(traces: &[TraceSummary]) -> String {
    let failed = traces.iter().filter(|trace| trace.errors > 0).count() as u64;
    let slowest = traces.iter().map(|trace| trace.duration_ns).max().unwrap_or_default();
    let found = format::counted(traces.len() as u64, "trace", "traces");
    let failed = match failed {
        0 => "none with errors".to_owned(),
        n => format!("{} with errors", format::count(n)),
    };
    format!("{found}, {failed}, the slowest {}.", format::duration(slowest))
}

/// Why there is nothing, and what to do.
#[component]
fn Nothing() -> impl IntoView {
    let (query, shared) = (use_query(), use_shared());
    let narrowed = move || query.with(narrows);
    let paged = move || query.with(|query| query.get("before").is_some());
    move || {
        if paged() {
            let back = query.get().without(&["before"]).link("/traces");
            return view! { <Empty title="No older traces in this range"><p><a href=back>"Back to the newest"</a></p></Empty> }.into_any();
        }
        if !narrowed() {
            return view! { <FirstOrWider /> }.into_any();
        }
        let clear = shared.with(|shared| shared.link("/traces", &[]));
        let wider = query
            .get()
            .without(&["from", "to"])
            .with("range", "24h")
            .link("/traces");
        view! {
            <Empty title="No traces match these filters">
                <p>
                    "All filters must match on one and the same span. "
                    <a href=wider>"Search the last 24 hours"</a> ", remove a filter, or "
                    <a href=clear>"clear all filters"</a> "."
                </p>
            </Empty>
        }
        .into_any()
    }
}

/// There is nothing at all in the range: nothing was ever received, or not lately.
#[component]
fn FirstOrWider() -> AnyView {
    let query = use_query();
    let live = use_live();
    let status = Resource::new(move || live.tick.get(), |_| crate::serverfns::status::read_status());
    view! {
        <LiveLoaded resource=status let:status>
            {move || {
                if status.with(|status| status.any_data) {
                    let wider = query.get().without(&["from", "to"]).with("range", "24h").link("/traces");
                    view! {
                        <Empty title="No traces in this range">
                            <p>"Choose a wider range, such as " <a href=wider>"the last 24 hours"</a> "."</p>
                        </Empty>
                    }
                    .into_any()
                } else {
                    view! { <FirstSpan /> }.into_any()
                }
            }}
        </LiveLoaded>
    }
    .into_any()
}
