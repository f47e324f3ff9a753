//! One contract (`/slas/{name}`): what is promised, how the running period stands, what follows, and the periods that are closed.

mod periods;
mod running;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::sla::{Contract, SlaDetail};
use pointsman_domain::slo::percent_text;

use self::periods::Periods;
use self::running::RunningPeriod;
use crate::components::{ChangeFailure, Confirm, Empty, Loaded, use_change};
use crate::live::use_live;
use crate::serverfns::sla::{CorrectSlaPeriod, RemoveSla, read_sla};
use crate::url::use_subject;
use crate::views::report as words;

/// One contract.
#[component]
pub fn SlaPage() -> AnyView {
    let live = use_live();
    let name = use_subject("slas");
    let correct = use_change::<CorrectSlaPeriod>();
    let remove = use_change::<RemoveSla>();
    let resource = Resource::new(move || (name.get(), live.asked.get()), |(name, _)| read_sla(name));
    view! {
        <Title text=move || name.get() />
        <ChangeFailure action=remove />
        <Loaded resource let:detail>
            {match detail {
                Some(detail) => view! { <Detail detail correct remove /> }.into_any(),
                None => view! { <NoContract name=name.get_untracked() /> }.into_any(),
            }}
        </Loaded>
    }
    .into_any()
}

#[component]
fn Detail(detail: SlaDetail, correct: ServerAction<CorrectSlaPeriod>, remove: ServerAction<RemoveSla>) -> AnyView {
    let SlaDetail {
        summary,
        periods,
        may_edit,
    } = detail;
    let contract = summary.contract;
    let name = contract.name.to_string();
    let held = match (contract.starts, contract.ends) {
        (starts, Some(ends)) => format!("In force from {starts} to {ends}."),
        (starts, None) => format!("In force from {starts}."),
    };
    let left_out = if contract.honours_exclusions {
        "Excluded time does not count."
    } else {
        "No exclusions: excluded time counts too."
    };
    let about =
        (!contract.description.is_empty()).then(|| view! { <p class="about">{contract.description.to_string()}</p> });
    let failing = summary.failing.map(|failing| {
        let said = crate::views::slo::failing("Closing a period has failed", &failing);
        view! { <p role="alert">{said}</p> }
    });
    let running = match summary.running {
        Some(running) => view! { <RunningPeriod running contract=contract.clone() /> }.into_any(),
        None => view! { <p class="quiet">"No period is in progress."</p> }.into_any(),
    };
    let change = may_edit.then(|| {
        let removable = periods.is_empty();
        let edit = format!("/slas/{name}/edit");
        let name = name.clone();
        let away = removable.then(|| {
            view! {
                <Confirm action=remove verb="Delete SLA" what="No period has closed yet. Only its audit entries remain.">
                    <input type="hidden" name="name" value=name />
                </Confirm>
            }
        });
        view! {
            <section class="section" aria-labelledby="change">
                <h2 id="change">"Manage SLA"</h2>
                <p><a class="button" href=edit>"Edit"</a></p>
                {away}
            </section>
        }
    });
    view! {
        <header class="page-head">
            <h1>{contract.display_title().to_owned()}</h1>
        </header>
        <p class="answer">{words::promise(&contract)}</p>
        <p class="quiet">{held} " " {left_out}</p>
        {about}
        {failing}
        {running}
        <Tiers contract />
        <Periods periods name may_edit correct />
        {change}
    }
    .into_any()
}

/// There is no such contract, or no longer.
#[component]
pub(super) fn NoContract(name: String) -> AnyView {
    crate::serverfns::not_found();
    view! {
        <Empty title=format!("There is no SLA {name}")>
            <p><a href="/slas">"All SLAs"</a></p>
        </Empty>
    }
    .into_any()
}

#[component]
fn Tiers(contract: Contract) -> AnyView {
    let rows = contract.tiers.iter().map(|tier| {
        let below = format!("below {} %", percent_text(tier.below.share()));
        view! { <tr><th scope="row">{below}</th><td>{words::tier(tier)}</td></tr> }
    });
    view! {
        <section class="section" aria-labelledby="tiers">
            <h2 id="tiers">"Consequences"</h2>
            <p class="quiet">"They depend on how far an SLO is missed; the worst one decides. Credits are a share of " {contract.amount.to_string()} " per period."</p>
            <div class="table-wrap">
                <table class="people fitting">
                    <thead>
                        <tr><th scope="col">"Good"</th><th scope="col">"Consequence"</th></tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
