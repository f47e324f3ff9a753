//! What the team owns.

use leptos::prelude::*;
use pointsman_domain::Text;

use crate::components::{Change, ChangeFailure, Column, Confirm, DataTable, Reason, Section, Select, ServiceName};
use crate::format::shown;
use crate::serverfns::service::AssignService;

/// Its services; where the reader may, a way to take one away and to give it another.
#[component]
pub(super) fn Owned(
    team: String,
    services: Vec<Text>,
    assignable: Vec<Text>,
    may_edit: bool,
    assign: ServerAction<AssignService>,
) -> AnyView {
    let none = services.is_empty();
    let rows = services
        .into_iter()
        .map(|service| view! { <Row service may_edit assign /> })
        .collect_view();
    let give = (may_edit && !assignable.is_empty()).then(|| {
        let options = assignable
            .iter()
            .map(|name| (name.to_string(), shown(name)))
            .collect::<Vec<_>>();
        view! {
            <details class="offer">
                <summary>"Assign a service"</summary>
                <Change action=assign label="Assign a service">
                    <input type="hidden" name="team" value=team />
                    <Select name="service" label="Service without a team" options />
                    <Reason />
                    <button class="button primary" type="submit">"Assign service"</button>
                </Change>
            </details>
        }
    });
    view! {
        <Section id="owned" title="Services">
            <ChangeFailure action=assign />
            {none.then(|| view! { <p class="quiet">"No services yet."</p> })}
            <DataTable class="people" hidden=none columns=vec![
                Column::text("Service"),
                Column::unseen("Actions"),
            ]>
                {rows}
            </DataTable>
            {give}
        </Section>
    }
    .into_any()
}

#[component]
fn Row(service: Text, may_edit: bool, assign: ServerAction<AssignService>) -> AnyView {
    let name = service.to_string();
    let away = may_edit.then(|| {
        let name = name.clone();
        let what = format!("No team will own {}: only admins can edit it.", shown(&name));
        view! {
            <Confirm action=assign verb="Unassign" what>
                <input type="hidden" name="service" value=name />
                <input type="hidden" name="team" value="" />
            </Confirm>
        }
    });
    view! {
        <tr>
            <th scope="row"><ServiceName name /></th>
            <td class="row-change">{away}</td>
        </tr>
    }
    .into_any()
}
