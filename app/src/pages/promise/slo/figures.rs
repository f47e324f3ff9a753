//! How the objective stands: in a sentence, and in figures with what they rest on.

use leptos::prelude::*;
use pointsman_domain::slo::{Objective, SloSummary, Status};

use super::Known;
use crate::components::{Figure, ServiceName, State, state_class};
use crate::format;
use crate::url::{segment, use_shared};
use crate::views::slo as words;

/// The head of the page.
#[component]
pub(super) fn Answer(view: Known) -> AnyView {
    let head = view.part(|view| {
        (
            view.detail.summary.objective.clone(),
            view.detail.summary.team.clone(),
            view.detail.may_edit,
        )
    });
    let summary = view.part(|view| view.detail.summary.clone());
    let shared = use_shared();
    let title = move || {
        let (objective, team, may_edit) = head.get()?;
        let edit = may_edit.then(|| {
            let href = format!("/slos/{}/edit", objective.name);
            view! { <a href=href>"Edit"</a> }
        });
        let team = team.map(|team| {
            let path = format!("/teams/{}", segment(&team));
            view! { <a href=move || shared.with(|shared| shared.link(&path, &[]))>{team.to_string()}</a> }
        });
        let named = (objective.display_title() != objective.name.as_str())
            .then(|| view! { <span class="quiet">{objective.name.to_string()}</span> });
        let runbook = (!objective.runbook.is_empty()).then(|| {
            view! { <a href=objective.runbook.to_string() rel="external noopener noreferrer">"Runbook"</a> }
        });
        Some(view! {
            <header class="page-head">
                <h1>{objective.display_title().to_owned()}</h1>
                {named}
                <p class="onward"><ServiceName name=objective.service.to_string() /> {team} {runbook} {edit}</p>
            </header>
            <p class="answer">{format!("{}.", format::begun(&words::sentence(&objective)))}</p>
        })
    };
    let figures = move || {
        let summary = summary.get()?;
        let (health, word) = words::state(&summary);
        let class = state_class(health);
        let figures = match &summary.status {
            Some(status) => figures(&summary.objective, status, class).into_any(),
            None if summary.failing.is_some() => ().into_any(),
            None => view! { <p class="quiet">"Counting recorded data; figures appear within seconds."</p> }.into_any(),
        };
        let failing = summary.failing.as_ref().map(|failing| {
            let what = if summary.status.is_some() {
                "Evaluation has failed"
            } else {
                "Counting has failed"
            };
            view! { <p role="alert">{words::failing(what, failing)}</p> }
        });
        let told = summary.status.as_ref().and_then(|status| told(&summary, status));
        Some(view! {
            <div class="service-answer">
                <State health word=word />
                <p>{told}</p>
            </div>
            {failing}
            {figures}
        })
    };
    view! {
        {title}
        {figures}
    }
    .into_any()
}

/// What has to be said of the figures.
fn told(summary: &SloSummary, status: &Status) -> Option<String> {
    let objective = &summary.objective;
    if status.measure.bad.is_none() {
        return Some("No events in the window yet.".to_owned());
    }
    if !status.enough {
        return Some(format!(
            "Too few events to tell: {} of at least {}.",
            format::count(status.measure.count.total),
            format::count(objective.min_events)
        ));
    }
    if status.is_spent() {
        return Some("The error budget is exhausted.".to_owned());
    }
    words::projected(objective, status).map(|projected| format!("At risk: {projected}."))
}

fn figures(objective: &Objective, status: &Status, class: &'static str) -> impl IntoView {
    let target = format::exact_percent(objective.target.share());
    let count = status.measure.count;
    let good = status
        .compliance
        .map_or_else(|| format::NONE.to_owned(), format::compliance);
    let (low, high) = status.confidence;
    let between = format!("{} to {}", format::compliance(low), format::compliance(high));
    let fast = &status.burns[0];
    let rate_from = format!(
        "The share of bad events in the last {}, divided by the share that {target} % allows; at 1 the budget lasts exactly for the window",
        format::window(fast.window.long)
    );
    let left_from = words::budget_from(objective, status);
    let period = f64::from(objective.window.days()) * 24.0;
    let hours = match status.hours_left {
        None => "not burning".to_owned(),
        Some(hours) if hours <= 0.0 => "exhausted".to_owned(),
        Some(hours) if hours >= period => "the whole window".to_owned(),
        Some(hours) => format::hours(hours),
    };
    let excluded = status.excluded;
    let excluded_from = format!(
        "{} in {} of the window; in no other figure",
        format::counted(excluded.events, "event", "events"),
        format::counted(excluded.windows.into(), "stretch of time", "stretches of time")
    );
    let allowed = format!("of {:.1} allowed", status.budget.allowed);
    let members = !objective.is_counted();
    view! {
        <dl class="figures service-figures">
            <Figure label="Good" value=good unit=format!("% of {}", words::unit(objective, count.total)) from=words::compliance_from(objective, status) />
            <Figure label="With 95 % confidence" value=between unit="%" from=words::compliance_from(objective, status) />
            <Figure label="Target" value=target unit="%" />
            <Figure label="Budget left" value=format::budget_left(status.budget.left()) unit="%" from=left_from.clone() class=class />
            {(!members).then(|| view! { <Figure label="Bad" value=format::count(count.bad()) unit=allowed from=left_from /> })}
            <Figure label="Burn rate" value=words::burn_rate(fast.over_long) unit="" from=rate_from />
            <Figure label="Budget exhausted in" value=hours unit="" from="At the current burn rate, from the budget that is left; what the window gives back meanwhile is not counted" />
            <Figure label="Excluded" value=format::count(excluded.events) unit="events" from=excluded_from />
            {threshold(objective, status)}
        </dl>
    }
}

/// The threshold that the counts tell, where it is not the one that was asked for.
fn threshold(objective: &Objective, status: &Status) -> Option<impl IntoView + use<>> {
    let told = status.effective_threshold_ns?;
    let pointsman_domain::slo::Indicator::Latency { threshold_ns } = objective.indicator else {
        return None;
    };
    let from = format!(
        "Durations are counted in buckets; the last bucket entirely under {} ends here",
        format::duration(threshold_ns)
    );
    let (value, unit) = format::apart(&format::duration(told));
    Some(view! { <Figure label="Effective threshold" value unit from /> })
}
