//! The objectives (`/slos`): what is left of whose budget is least first, filtered by team and words.

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::slo::{SloList, SloSummary};

use crate::components::{
    BudgetBar, Column, DataTable, Each, Empty, Field, LiveData, LiveLoaded, Moment, SearchForm, ServiceName, State,
    alert_link,
};
use crate::format;
use crate::live::use_live;
use crate::serverfns::slo::list_slos;
use crate::site_map;
use crate::url::{segment, use_filters, use_query, use_shared};
use crate::views::slo as words;

/// The objectives.
#[component]
pub fn SlosPage() -> AnyView {
    let live = use_live();
    let slos = Resource::new(move || live.tick.get(), |_| list_slos(None));
    let as_of: fn(&SloList) -> _ = |list| Some(list.at_ns);
    view! {
        <Title text=site_map::SLOS.title />
        <h1 class="only-read">"Service level objectives"</h1>
        <LiveLoaded resource=slos as_of let:data>
            <Whole data />
        </LiveLoaded>
    }
    .into_any()
}

#[component]
fn Whole(data: LiveData<SloList>) -> impl IntoView {
    let any = Memo::new(move |_| data.with(|list| !list.slos.is_empty()));
    let may_promise = Memo::new(move |_| data.with(|list| list.may_promise));
    move || {
        if any.get() {
            view! { <Objectives data may_promise /> }.into_any()
        } else {
            view! { <Nothing may_promise /> }.into_any()
        }
    }
}

#[component]
fn Nothing(may_promise: Memo<bool>) -> AnyView {
    let next = move || {
        if may_promise.get() {
            view! { <p><a class="button primary" href="/slos/new">"New SLO"</a></p> }.into_any()
        } else {
            view! { <p>"Admins, and the engineers of the team that owns a service, can create SLOs for it."</p> }
                .into_any()
        }
    };
    view! {
        <Empty title="No SLOs yet">
            <p>
                "An SLO says how much of what a service does has to be good, such as 99.5 % of requests without an error over 30 days. \
                Pointsman computes it from the telemetry that it already has, shows the error budget that is left, and notifies you when \
                it burns too fast."
            </p>
            {next}
        </Empty>
    }
    .into_any()
}

/// Whether an objective is one that the URL asks for.
fn meets(summary: &SloSummary, team: Option<&str>, q: Option<&str>) -> bool {
    let objective = &summary.objective;
    let of_team = team.is_none_or(|team| summary.team.as_ref().is_some_and(|own| own.as_str() == team));
    let text = format!(
        "{} {} {} {} {}",
        objective.name,
        objective.title,
        objective.service,
        objective.description,
        words::sentence(objective)
    );
    let text = text.to_lowercase();
    of_team && q.is_none_or(|q| q.to_lowercase().split_whitespace().all(|word| text.contains(word)))
}

#[component]
fn Objectives(data: LiveData<SloList>, may_promise: Memo<bool>) -> AnyView {
    let query = use_query();
    let shown = Memo::new(move |_| {
        let (team, q) = query.with(|query| (query.text("team"), query.text("q")));
        data.with(|list| {
            let slos = list.slos.iter().filter(|slo| meets(slo, team.as_deref(), q.as_deref()));
            slos.cloned().collect::<Vec<_>>()
        })
    });
    let now_ns = Memo::new(move |_| data.with(|list| list.at_ns));
    let none = Memo::new(move |_| shown.with(Vec::is_empty));
    let promise = move || {
        may_promise
            .get()
            .then(|| view! { <a class="button primary" href="/slos/new">"New SLO"</a> })
    };
    let answer = move || {
        if none.get() {
            "No SLOs match these filters.".to_owned()
        } else {
            shown.with(|slos| words::answer(slos))
        }
    };
    view! {
        <div class="section-head">
            <p class="answer">{answer}</p>
            {promise}
        </div>
        <Filters data />
        <DataTable class="slos" hidden=none columns=vec![
            Column::text("State"),
            Column::text("SLO"),
            Column::figure("Good").of("%"),
            Column::figure("Target").of("%"),
            Column::text("Budget left"),
            Column::text("Alerts"),
        ]>
            <Each items=shown key=|slo| slo.objective.name.clone() let:slo>
                {move || view! { <Row slo=slo.get() now_ns /> }}
            </Each>
        </DataTable>
    }
    .into_any()
}

/// The filters; a GET form, so that every choice is a URL.
#[component]
fn Filters(data: LiveData<SloList>) -> AnyView {
    let query = use_query();
    let value = use_filters();
    let fine = Signal::stored(None::<String>);
    let teams = Memo::new(move |_| {
        data.with(|list| {
            let mut teams: Vec<_> = list.slos.iter().filter_map(|slo| slo.team.clone()).collect();
            teams.sort();
            teams.dedup();
            teams
        })
    });
    let narrows = move || query.with(|query| query.get("team").is_some() || query.get("q").is_some());
    view! {
        <SearchForm path="/slos" label="Filter SLOs">
            <Field name="q" label="Text" value=value("q") mistake=fine placeholder="checkout" />
            <Field name="team" label="Team" value=value("team") mistake=fine list="slo-teams" />
            <datalist id="slo-teams">
                {move || teams.get().into_iter().map(|team| view! { <option value=team.to_string()></option> }).collect_view()}
            </datalist>
            <div class="field-go">
                <button class="button" type="submit">"Filter"</button>
                {move || narrows().then(|| view! { <a href="/slos">"Clear"</a> })}
            </div>
        </SearchForm>
    }
    .into_any()
}

#[component]
fn Row(slo: SloSummary, now_ns: Memo<u64>) -> AnyView {
    let shared = use_shared();
    let (health, word) = words::state(&slo);
    let objective = &slo.objective;
    let path = format!("/slos/{}", objective.name);
    let team = slo.team.as_ref().map(|team| {
        let path = format!("/teams/{}", segment(team));
        view! { <a class="quiet" href=move || shared.with(|shared| shared.link(&path, &[]))>{team.to_string()}</a> }
    });
    let alerts = slo.firing.iter().map(|alert| {
        let word = words::severity_word(alert.severity);
        let (href, at) = (alert_link(alert), alert.opened_ns);
        view! { <li><a href=href>{word}</a> " since " {move || view! { <Moment at now_ns=now_ns.get() /> }}</li> }
    });
    let alerts = alerts.collect_view();
    let figures = match &slo.status {
        Some(status) if status.measure.bad.is_some() => {
            let (from, budget) = (
                words::compliance_from(objective, status),
                words::budget_from(objective, status),
            );
            let few = (!status.enough).then(|| {
                let least = format::count(objective.min_events);
                view! { <span class="slo-few">"fewer than " {least}</span> }
            });
            let projected = words::projected(objective, status);
            view! {
                <td class="num slo-good">
                    <span title=from.clone() tabindex="0">{format::compliance(status.compliance.unwrap_or_default())}</span>
                    <span class="only-read">{from}</span>
                    <span class="slo-sample">"of " {words::unit(objective, status.measure.count.total)} " " {few}</span>
                </td>
                <td class="num slo-target">{format::exact_percent(objective.target.share())}</td>
                <td class="slo-budget">
                    <span class="budget-line">
                        <BudgetBar left=status.budget.left() health />
                        <span class="budget-left-words" title=budget.clone() tabindex="0">{format::budget_left(status.budget.left())} " %"</span>
                        <span class="only-read">{budget}</span>
                    </span>
                    <span class="slo-sample">{projected}</span>
                </td>
            }
            .into_any()
        }
        other => {
            let why = match (&slo.failing, other) {
                (Some(failing), _) => words::failing("Counting has failed", failing),
                (None, Some(_)) => "no events yet".to_owned(),
                (None, None) => "counting recorded data".to_owned(),
            };
            view! {
                <td class="num slo-good"><span class="none">{format::NONE}</span> <span class="slo-sample">{why}</span></td>
                <td class="num slo-target">{format::exact_percent(objective.target.share())}</td>
                <td class="slo-budget"><span class="none">{format::NONE}</span></td>
            }
            .into_any()
        }
    };
    view! {
        <tr>
            <td class="slo-state"><State health word=word /></td>
            <th scope="row" class="slo-name">
                <a href=move || shared.with(|shared| shared.link(&path, &[]))>{objective.display_title().to_owned()}</a>
                <span class="slo-sentence">{words::sentence(objective)}</span>
                <span class="slo-of"><ServiceName name=objective.service.to_string() /> {team}</span>
            </th>
            {figures}
            <td class="slo-alerts"><ul>{alerts}</ul></td>
        </tr>
    }
    .into_any()
}
