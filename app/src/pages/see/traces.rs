//! The trace search: the filters, an answer in words, the traces newest first, the next page.

mod form;
mod scatter;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::read::{TracePage, TraceSummary};
use pointsman_domain::telemetry::UnixNanos;

use self::form::TraceFilters;
use self::scatter::TraceScatter;
use crate::components::{LiveLoaded, ResultPage, Rows, SearchResults, Searched, TraceTable, trace_id};
use crate::format;
use crate::live::use_live;
use crate::serverfns::choices::list_choices;
use crate::serverfns::trace::search_traces;
use crate::site_map;
use crate::url::{use_query, use_shared};
use crate::views::filters::trace_form;

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
            <SearchResults data search=SEARCH />
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

impl ResultPage for TracePage {
    type Row = TraceSummary;

    fn rows(&self) -> &[TraceSummary] {
        &self.traces
    }

    fn at_ns(row: &TraceSummary) -> UnixNanos {
        row.start_ns
    }

    fn is_truncated(&self) -> bool {
        self.truncated
    }

    fn next_before_ns(&self) -> Option<UnixNanos> {
        self.next_before_ns
    }
}

const SEARCH: Searched<TraceSummary> = Searched {
    path: "/traces",
    what: "traces",
    head: |Rows { rows, .. }| view! { <p class="answer">{move || rows.with(|traces| answer(traces))}</p> }.into_any(),
    list: |Rows { rows, times }| {
        view! {
            <TraceScatter traces=rows times />
            <TraceTable traces=rows times />
        }
        .into_any()
    },
    hint: |narrowed| {
        narrowed
            .then_some("All filters must match on one and the same span.")
            .into_any()
    },
};

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
