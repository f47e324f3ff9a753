//! One report (`/reports/{label}`): how a month or a quarter went, in words first. The page is what is printed.

mod contracts;
mod objectives;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::report::Report;

use self::contracts::Contracts;
use self::objectives::{Causes, Objectives, Trend};
use crate::components::{Empty, Loaded, Section};
use crate::format;
use crate::live::use_live;
use crate::serverfns::report::read_report;
use crate::url::{encode, use_query, use_subject};
use crate::views::report as words;

/// One report.
#[component]
pub fn ReportPage() -> AnyView {
    let (query, live) = (use_query(), use_live());
    let label = use_subject("reports");
    let team = Memo::new(move |_| query.with(|query| query.text("team").unwrap_or_default()));
    let resource = Resource::new(
        move || (label.get(), team.get(), live.asked.get()),
        |(label, team, _)| read_report(label, team),
    );
    view! {
        <Title text=move || format!("Report {}", label.get()) />
        <Loaded resource let:report>
            {match report {
                Some(report) => view! { <Whole report /> }.into_any(),
                None => view! { <NoReport label=label.get_untracked() /> }.into_any(),
            }}
        </Loaded>
    }
    .into_any()
}

#[component]
fn Whole(report: Report) -> AnyView {
    let head = &report.head;
    let title = format::begun(&head.label.spoken());
    let of = head
        .team
        .as_ref()
        .map_or_else(|| "All teams".to_owned(), |team| format!("Team {team}"));
    let state = words::state(head);
    let range = format!(
        "{} to {} UTC, calendar of {}",
        crate::format::stamp(head.range.from_ns),
        crate::format::stamp(head.range.to_ns),
        head.zone
    );
    let api = |form: &str| {
        let team = head.team.as_ref().map(|team| format!("&team={}", encode(team)));
        format!(
            "/api/v1/reports/{}?format={form}{}",
            head.label,
            team.unwrap_or_default()
        )
    };
    let (csv, json) = (api("csv"), api("json"));
    let file = |ending: &str| format!("report-{}.{ending}", head.label);
    let (csv_file, json_file) = (file("csv"), file("json"));
    let sentences = report
        .sentences
        .iter()
        .map(|sentence| view! { <li>{sentence.clone()}</li> });
    let sentences = sentences.collect_view();
    let alerts = words::alerts(&report.alerts);
    let label = head.label;
    let none = report.objectives.is_empty();
    let figures = if none {
        view! { <p class="quiet">"No SLOs in this period."</p> }.into_any()
    } else {
        view! {
            <Objectives rows=report.objectives.clone() />
            <Causes rows=report.objectives.clone() />
            <Trend rows=report.objectives label />
        }
        .into_any()
    };
    let contracts = report.contracts.map(|part| view! { <Contracts part /> });
    view! {
        <article class="report">
            <header class="report-head">
                <p class="report-of">{of}</p>
                <h1>{title}</h1>
                <p class="quiet">{range} ". " {state}</p>
            </header>
            <p class="onward no-print">
                <a href="/reports">"All reports"</a>
                <a href=csv rel="external" download=csv_file>"Export CSV"</a>
                <a href=json rel="external" download=json_file>"Export JSON"</a>
                <Print />
            </p>
            <ul class="report-sentences">{sentences}</ul>
            {figures}
            <Section id="alerts" title="Alerts">
                <p>{alerts}</p>
            </Section>
            {contracts}
        </article>
    }
    .into_any()
}

/// Opens the browser's print dialog (`document.js` shows it and hears it); there is none to open without JavaScript.
#[component]
fn Print() -> AnyView {
    view! { <button class="link" type="button" hidden data-print="true">"Print or save as PDF"</button> }.into_any()
}

#[component]
fn NoReport(label: String) -> AnyView {
    crate::serverfns::not_found();
    view! {
        <Empty title=format!("There is no report for {label}")>
            <p>
                "Periods are months, such as 2026-10, and quarters, such as 2026-Q4, that have started. "
                <a href="/reports">"All reports"</a> "."
            </p>
        </Empty>
    }
    .into_any()
}
