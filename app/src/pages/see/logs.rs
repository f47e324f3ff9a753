//! The log search: the filters, how many lines of which severity, the lines newest first, the next page.

mod form;
mod histogram;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::read::{LogLine, LogPage};
use pointsman_domain::telemetry::UnixNanos;

use self::form::LogFilters;
use self::histogram::LogHistogram;
use crate::components::{LiveLoaded, LogLines, ResultPage, Rows, SearchResults, Searched, SeverityWord};
use crate::format::{self, Times};
use crate::live::use_live;
use crate::serverfns::choices::list_choices;
use crate::serverfns::log::search_logs;
use crate::site_map;
use crate::url::use_query;
use crate::views::filters::log_form;
use crate::views::severity;

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
            <SearchResults data search=SEARCH />
        </LiveLoaded>
    }
    .into_any()
}

impl ResultPage for LogPage {
    type Row = LogLine;

    fn rows(&self) -> &[LogLine] {
        &self.lines
    }

    fn at_ns(row: &LogLine) -> UnixNanos {
        row.time_ns
    }

    fn is_truncated(&self) -> bool {
        self.truncated
    }

    fn next_before_ns(&self) -> Option<UnixNanos> {
        self.next_before_ns
    }
}

const SEARCH: Searched<LogLine> = Searched {
    path: "/logs",
    what: "log lines",
    head: |Rows { rows, times }| {
        view! {
            <p class="answer">{move || rows.with(|lines| answer(lines, times.get()))}</p>
            <Severities lines=rows />
        }
        .into_any()
    },
    list: |Rows { rows, times }| {
        view! {
            <LogHistogram lines=rows times />
            <LogLines lines=rows times />
        }
        .into_any()
    },
    hint: |_| view! { "Services send logs with " <code>"OTEL_LOGS_EXPORTER=otlp"</code> "." }.into_any(),
};

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
