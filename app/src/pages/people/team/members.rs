//! Who is in the team.

use leptos::prelude::*;
use pointsman_domain::Text;
use pointsman_domain::people::Role;
use pointsman_domain::people::read::Member;

use crate::components::{Change, ChangeFailure, Column, Confirm, DataTable, Reason, Section, Select};
use crate::serverfns::team::{AddTeamMember, RemoveTeamMember};
use crate::views::people::role_words;

/// Its members; where the reader may, a way to take one out and to add one.
#[component]
pub(super) fn Members(
    team: String,
    members: Vec<Member>,
    candidates: Vec<Text>,
    may_edit: bool,
    add: ServerAction<AddTeamMember>,
    take_out: ServerAction<RemoveTeamMember>,
) -> AnyView {
    let none = members.is_empty();
    let rows = {
        let team = team.clone();
        let row = move |member| view! { <Row team=team.clone() member may_edit take_out /> };
        members.into_iter().map(row).collect_view()
    };
    let more = (may_edit && !candidates.is_empty()).then(|| {
        let options = candidates
            .iter()
            .map(|name| (name.to_string(), name.to_string()))
            .collect::<Vec<_>>();
        view! {
            <details class="offer">
                <summary>"Add member"</summary>
                <Change action=add label="Add member">
                    <input type="hidden" name="team" value=team />
                    <Select name="user" label="User" options />
                    <Reason />
                    <button class="button primary" type="submit">"Add member"</button>
                </Change>
            </details>
        }
    });
    view! {
        <Section id="members" title="Members">
            <ChangeFailure action=add />
            <ChangeFailure action=take_out />
            {none.then(|| view! { <p class="quiet">"No members yet: only admins can edit its services."</p> })}
            <DataTable class="people" hidden=none columns=vec![
                Column::text("Name"),
                Column::text("Role"),
                Column::unseen("Actions"),
            ]>
                {rows}
            </DataTable>
            {more}
        </Section>
    }
    .into_any()
}

#[component]
fn Row(team: String, member: Member, may_edit: bool, take_out: ServerAction<RemoveTeamMember>) -> AnyView {
    let name = member.name.to_string();
    let called = (!member.display_name.is_empty() && member.display_name != member.name)
        .then(|| view! { " " <span class="quiet">{member.display_name.to_string()}</span> });
    let out = if member.from_oidc {
        view! { <span class="quiet">"from a group of the identity provider"</span> }.into_any()
    } else if may_edit {
        let what = format!("{name} can no longer edit what {team} owns.");
        let user = name.clone();
        view! {
            <Confirm action=take_out verb="Remove" what>
                <input type="hidden" name="team" value=team />
                <input type="hidden" name="user" value=user />
            </Confirm>
        }
        .into_any()
    } else {
        ().into_any()
    };
    // A viewer in a team still only reads.
    let role = if member.role == Role::Engineer || member.role == Role::Admin {
        member.role.word().to_owned()
    } else {
        format!("{}: {}", member.role, role_words(member.role))
    };
    view! {
        <tr>
            <th scope="row">{name}{called}</th>
            <td>{role}</td>
            <td class="row-change">{out}</td>
        </tr>
    }
    .into_any()
}
