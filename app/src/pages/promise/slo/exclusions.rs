//! Time that does not count for the objective: what there is of it in the window, and where the reader may, ways to change it.

use leptos::prelude::*;
use pointsman_domain::slo::Exclusion;

use super::Known;
use crate::components::{Change, ChangeFailure, Column, Confirm, DataTable, Reason, Section, Select, Stamp, TextInput};
use crate::serverfns::slo::{BeginExclusion, EndExclusion};

const HOUR_NS: u64 = 3_600_000_000_000;

/// The exclusions.
#[component]
pub(super) fn Exclusions(
    view: Known,
    exclude: ServerAction<BeginExclusion>,
    end: ServerAction<EndExclusion>,
) -> AnyView {
    let exclusions = view.part(|view| view.detail.exclusions.clone());
    let hours_until = view.part(|view| view.detail.hours_until_ns);
    let subject = view.part(|view| {
        let objective = &view.detail.summary.objective;
        (
            objective.service.to_string(),
            objective.name.to_string(),
            view.detail.may_edit,
        )
    });
    let rows = move || {
        let (exclusions, (.., may_edit)) = (exclusions.get()?, subject.get()?);
        let by_the_hour = hours_until.get().flatten().filter(|until_ns| {
            let whole = |at_ns: u64| at_ns.is_multiple_of(HOUR_NS);
            let partly = |one: &Exclusion| one.from_ns < *until_ns && !(whole(one.from_ns) && whole(one.to_ns));
            exclusions.iter().any(partly)
        });
        let by_the_hour = by_the_hour.map(|until_ns| {
            view! {
                <p class="quiet">
                    "LiveData before " <Stamp at=until_ns />
                    " UTC was counted by the hour: only whole hours of it can be excluded; an hour that is excluded in part counts."
                </p>
            }
        });
        if exclusions.is_empty() {
            return Some(view! { <p class="quiet">"No exclusions."</p> }.into_any());
        }
        let rows = exclusions
            .into_iter()
            .map(|exclusion| view! { <Row exclusion may_edit end /> });
        let rows = rows.collect_view();
        let table = view! {
            <DataTable class="people" columns=vec![
                Column::moment("From"),
                Column::moment("To"),
                Column::text("Scope"),
                Column::text("By"),
                Column::text("Reason"),
                Column::unseen("Actions"),
            ]>
                {rows}
            </DataTable>
        };
        Some(view! { {table} {by_the_hour} }.into_any())
    };
    let offer = move || {
        let (service, objective, may_edit) = subject.get()?;
        may_edit.then(|| view! { <Offer service objective exclude /> })
    };
    view! {
        <Section id="exclusions" title="Exclusions">
            <ChangeFailure action=exclude />
            <ChangeFailure action=end />
            {rows}
            {offer}
        </Section>
    }
    .into_any()
}

#[component]
fn Row(exclusion: Exclusion, may_edit: bool, end: ServerAction<EndExclusion>) -> AnyView {
    let of = if exclusion.objective.is_some() {
        "this SLO"
    } else {
        "the whole service"
    };
    let away = may_edit.then(|| {
        view! {
            <Confirm action=end verb="Remove exclusion" what="The excluded events count again immediately.">
                <input type="hidden" name="id" value=exclusion.id.to_string() />
            </Confirm>
        }
    });
    view! {
        <tr>
            <th scope="row"><Stamp at=exclusion.from_ns /></th>
            <td><Stamp at=exclusion.to_ns /></td>
            <td>{of}</td>
            <td>{exclusion.by.to_string()}</td>
            <td class="reason">{exclusion.reason.to_string()}</td>
            <td class="row-change">{away}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Offer(service: String, objective: String, exclude: ServerAction<BeginExclusion>) -> AnyView {
    let of = vec![
        (objective.clone(), "this SLO".to_owned()),
        (String::new(), format!("all SLOs of {service}")),
    ];
    view! {
        <details class="offer">
            <summary>"Add exclusion"</summary>
            <Change action=exclude label="Add exclusion">
                <p class="quiet">"For maintenance and the like: excluded events are in no figure except the count of excluded events."</p>
                <input type="hidden" name="service" value=service />
                <Select name="objective" label="Scope" options=of chosen=objective />
                <TextInput name="from" label="From" placeholder="2026-01-31T14:00:00Z" required=true most=40 />
                <TextInput name="to" label="To" placeholder="2026-01-31T15:00:00Z" required=true most=40 />
                <Reason />
                <button class="button primary" type="submit">"Add exclusion"</button>
            </Change>
        </details>
    }
    .into_any()
}
