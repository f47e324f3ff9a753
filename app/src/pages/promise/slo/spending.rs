//! Where the budget went: the operations, versions and nodes with the most bad events. It reads by itself, and only when the reader
//! asks: it goes through the hours of the whole window.

use leptos::prelude::*;
use pointsman_domain::slo::{Spending, Spent};

use crate::components::{Column, DataTable, Loaded, Section};
use crate::format;
use crate::live::use_live;
use crate::serverfns::slo::read_slo_spending;

/// Where the budget went.
#[component]
pub(super) fn SpendingByPart(name: Memo<String>) -> AnyView {
    let live = use_live();
    let spending = Resource::new(
        move || (name.get(), live.asked.get()),
        |(name, _)| read_slo_spending(name),
    );
    view! {
        <Section id="spending" title="Where the budget went">
            <Loaded resource=spending let:spending>
                {match spending {
                    Some(spending) => view! { <Parts spending /> }.into_any(),
                    None => view! { <p class="quiet">"No breakdown: this SLO is a composite, or counts time slices."</p> }.into_any(),
                }}
            </Loaded>
        </Section>
    }
    .into_any()
}

#[component]
fn Parts(spending: Spending) -> AnyView {
    let Spending {
        range,
        bad,
        total,
        operations,
        versions,
        nodes,
    } = spending;
    let from = format!(
        "{} of {} were bad, {}. Counted by the hour, excluded time included.",
        format::counted(bad, "request", "requests"),
        format::count(total),
        format::span_words(range.from_ns, range.to_ns)
    );
    if bad == 0 {
        return view! { <p class="quiet">{from}</p> }.into_any();
    }
    view! {
        <p class="quiet">{from}</p>
        <div class="spending">
            <Table head="Operation" parts=operations bad />
            <Table head="Version" parts=versions bad />
            <Table head="Node" parts=nodes bad />
        </div>
    }
    .into_any()
}

#[component]
fn Table(head: &'static str, parts: Vec<Spent>, bad: u64) -> impl IntoView {
    if parts.is_empty() {
        return None;
    }
    let rows = parts.into_iter().map(|part| {
        let of_bad = part.bad as f64 / bad as f64;
        let of_own = part.bad as f64 / part.total.max(1) as f64;
        let from = format!("{} of {} were bad", format::count(part.bad), format::count(part.total));
        let name = if part.name.is_empty() {
            view! { <span class="none">"not set"</span> }.into_any()
        } else {
            format::shown(&part.name).into_any()
        };
        view! {
            <tr>
                <th scope="row" class="operation">{name}</th>
                <td class="num"><span title=from.clone() tabindex="0">{format::percent(of_bad)}</span><span class="only-read">{from}</span></td>
                <td class="num">{format::percent(of_own)}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <DataTable columns=vec![
                Column::text(head),
                Column::figure("Share of bad").of("%"),
                Column::figure("Bad rate").of("%"),
            ]>
                {rows}
            </DataTable>
        }
        .into_any(),
    )
}
