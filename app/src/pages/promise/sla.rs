//! One contract (`/slas/{name}`): what was agreed, how the running period stands, what follows, and the periods that are closed.

mod periods;
mod running;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::sla::{Contract, SlaDetail};

use self::periods::Periods;
use self::running::RunningPeriod;
use crate::components::{ChangeFailure, Column, Confirm, DataTable, Empty, Loaded, Section, use_change};
use crate::format;
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
            <Section id="change" title="Manage SLA">
                <p><a class="button" href=edit>"Edit"</a></p>
                {away}
            </Section>
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
        let below = format!("below {} %", format::exact_percent(tier.below.share()));
        view! { <tr><th scope="row">{below}</th><td>{words::tier(tier)}</td></tr> }
    });
    let rows = rows.collect_view();
    let amount = contract.amount.to_string();
    view! {
        <Section id="tiers" title="Consequences">
            <p class="quiet">"They depend on how far an SLO is missed; the worst one decides. Credits are a share of " {amount} " per period."</p>
            <DataTable class="people fitting" columns=vec![Column::text("Good"), Column::text("Consequence")]>
                {rows}
            </DataTable>
        </Section>
    }
    .into_any()
}
