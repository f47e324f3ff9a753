//! The log search: the filters, how many lines of which severity, the lines newest first, the next page.

mod form;
mod histogram;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::query::LogForm;
use pointsman_domain::read::{LogLine, LogPage};

use self::form::LogFilters;
use self::histogram::LogHistogram;
use crate::components::{
    Empty, FirstSpan, FurtherBack, LiveData, LiveLoaded, LogLines, Pager, Pausable, PausableList, SeverityWord,
    Truncated,
};
use crate::format::{self, Times, ends};
use crate::live::use_live;
use crate::serverfns::choices::list_choices;
use crate::serverfns::log::search_logs;
use crate::site_map;
use crate::url::{use_query, use_shared, use_times};
use crate::views::filters::{log_form, narrows};
use crate::views::severity;

/// A result with the form that asked for it.
type Found = (LogForm, LogPage);

/// The log search.
#[component]
pub fn LogsPage() -> AnyView {
    let (query, live) = (use_query(), use_live());
    let form = Memo::new(move |_| query.with(log_form));
    let error = Memo::new(move |_| form.with(|form| form.parse().err()));
    let found = Resource::new(
        move || (form.get(), live.tick.get()),
        |(form, _)| async move {
            // A mistake is told at its field; there is nothing to ask the server for.
            form.parse()?;
            Ok((form.clone(), search_logs(form).await?))
        },
    );
    let choices = Resource::new(move || form.with(|form| form.service.clone()), list_choices);
    view! {
        <Title text=site_map::LOGS.title />
        <h1 class="only-read">{site_map::LOGS.title}</h1>
        <LogFilters error choices />
        {move || error.with(Option::is_some).then(|| view! { <p class="quiet">"No search was run: a filter is not valid."</p> })}
        <LiveLoaded resource=found form_tells=true let:data>
            <Results data />
        </LiveLoaded>
    }
    .into_any()
}

#[component]
fn Results(data: LiveData<Found>) -> impl IntoView {
    let still = Pausable::of(data, |a: &Found, b| a.0 == b.0);
    let lines = Signal::derive(move || still.with(|found| found.1.lines.clone()));
    let times = use_times(move || lines.with(|lines| ends(lines.iter().map(|line| line.time_ns))));
    let none = Memo::new(move |_| lines.with(Vec::is_empty));
    let truncated = Memo::new(move |_| still.with(|found| found.1.truncated));
    let next_before = Memo::new(move |_| still.with(|found| found.1.next_before_ns));
    move || {
        if none.get() {
            return match next_before.get() {
                Some(next_before) => view! { <FurtherBack path="/logs" next_before /> }.into_any(),
                None => view! { <Nothing /> }.into_any(),
            };
        }
        view! {
            <p class="answer">{move || lines.with(|lines| answer(lines, times.get()))}</p>
            <Severities lines />
            {move || truncated.get().then(|| view! { <Truncated /> })}
            <PausableList still what="lines">
                <LogHistogram lines times />
                <LogLines lines times />
            </PausableList>
            <Pager path="/logs" next_before what="lines" />
        }
        .into_any()
    }
}

/// What was found, as a sentence.
fn answer(lines: &[LogLine], times: Times) -> String {
    let mut services: Vec<&str> = lines.iter().map(|line| line.service.as_str()).collect();
    services.sort_unstable();
    services.dedup();
    let ends = lines.last().zip(lines.first());
    let when = ends.map(|(oldest, newest)| {
        format!(
            ", from {} to {}",
            times.seconds(oldest.time_ns),
            times.seconds(newest.time_ns)
        )
    });
    format!(
        "{} of {}{} UTC.",
        format::counted(lines.len() as u64, "line", "lines"),
        format::counted(services.len() as u64, "service", "services"),
        when.unwrap_or_default(),
    )
}

/// How many of the lines have which severity; each leads to those that are as bad or worse.
#[component]
fn Severities(lines: Signal<Vec<LogLine>>) -> impl IntoView {
    let query = use_query();
    let counts = move || {
        let counts = lines.with(|lines| severity::count(lines)).into_iter();
        let rows = counts.map(|(word, severity, count)| {
            let href = query.get().without(&["before"]).with("severity", word).link("/logs");
            let count = format::count(count as u64);
            let inside = view! { <SeverityWord severity /> <span class="count">{count}</span> };
            let unset = word == "UNSET";
            view! { <li>{if unset { inside.into_any() } else { view! { <a href=href>{inside}</a> }.into_any() }}</li> }
        });
        rows.collect_view()
    };
    view! { <ul class="severities" aria-label="Lines shown, by severity">{counts}</ul> }
}

/// Why there is nothing, and what to do.
#[component]
fn Nothing() -> AnyView {
    let (query, shared) = (use_query(), use_shared());
    let live = use_live();
    let status = Resource::new(move || live.tick.get(), |_| crate::serverfns::status::read_status());
    let why = move || {
        if query.with(|query| query.get("before").is_some()) {
            let back = query.get().without(&["before"]).link("/logs");
            return view! { <Empty title="No older log lines in this range"><p><a href=back>"Back to the newest"</a></p></Empty> }.into_any();
        }
        let clear = shared.with(|shared| shared.link("/logs", &[]));
        let wider = query
            .get()
            .without(&["from", "to", "before"])
            .with("range", "24h")
            .link("/logs");
        let narrowed = query.with(narrows);
        view! {
            <Empty title=if narrowed { "No log lines match these filters" } else { "No log lines in this range" }>
                <p>
                    <a href=wider>"Search the last 24 hours"</a>
                    {narrowed.then(|| view! { ", remove a filter, or " <a href=clear>"clear all filters"</a> })}
                    ". Services send logs with " <code>"OTEL_LOGS_EXPORTER=otlp"</code> "."
                </p>
            </Empty>
        }
        .into_any()
    };
    view! {
        <LiveLoaded resource=status let:status>
            {move || if status.with(|status| status.any_data) { why() } else { view! { <FirstSpan /> }.into_any() }}
        </LiveLoaded>
    }
    .into_any()
}
