//! The objectives of the service, one a line.

use leptos::prelude::*;
use pointsman_domain::slo::{SloList, SloSummary};

use crate::components::{BudgetBar, LiveData, LiveLoaded, Section, State};
use crate::format;
use crate::live::use_live;
use crate::serverfns::slo::list_slos;
use crate::url::{Query, use_shared};
use crate::views::slo as words;

/// Its objectives.
#[component]
pub(super) fn Objectives(name: Memo<String>) -> AnyView {
    let live = use_live();
    let slos = Resource::new(move || (name.get(), live.tick.get()), |(name, _)| list_slos(Some(name)));
    let more = move || {
        let query = Query::default().with("service", &name.get());
        query.link("/slos/new")
    };
    view! {
        <Section id="objectives" title="SLOs">
            <LiveLoaded resource=slos let:data>
                <Lines data />
                {move || data.with(|list| list.may_promise).then(|| view! { <p class="offer-link"><a href=more>"New SLO"</a></p> })}
            </LiveLoaded>
        </Section>
    }
    .into_any()
}

#[component]
fn Lines(data: LiveData<SloList>) -> impl IntoView {
    let slos = Memo::new(move |_| data.with(|list| list.slos.clone()));
    move || {
        let slos = slos.get();
        if slos.is_empty() {
            return view! { <p class="quiet">"No SLOs yet."</p> }.into_any();
        }
        let lines = slos.into_iter().map(|slo| view! { <Line slo /> });
        view! { <ul class="objectives">{lines.collect_view()}</ul> }.into_any()
    }
}

#[component]
fn Line(slo: SloSummary) -> AnyView {
    let shared = use_shared();
    let (health, word) = words::state(&slo);
    let path = format!("/slos/{}", slo.objective.name);
    let known = slo.status.as_ref().filter(|status| status.measure.bad.is_some());
    let figures = known.map(|status| {
        let good = format::compliance(status.compliance.unwrap_or_default());
        let target = format::exact_percent(slo.objective.target.share());
        let from = words::compliance_from(&slo.objective, status);
        view! {
            <span class="objectives-good" title=from>{format!("{good} % (target {target} %)")}</span>
            <span class="budget-line"><BudgetBar left=status.budget.left() health /> <span class="budget-left-words">{format::budget_left(status.budget.left())} " % of budget left"</span></span>
        }
    });
    view! {
        <li>
            <State health word=word />
            <span class="objectives-name">
                <a href=move || shared.with(|shared| shared.link(&path, &[]))>{slo.objective.display_title().to_owned()}</a> " "
                <span class="quiet">{words::sentence(&slo.objective)}</span>
            </span>
            {figures}
        </li>
    }
    .into_any()
}
