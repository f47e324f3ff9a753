//! One team (`/teams/{name}`): its members and what it owns. Admins change both here.

mod members;
mod owned;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::people::PLATFORM;
use pointsman_domain::people::read::TeamDetail;

use self::members::Members;
use self::owned::Owned;
use crate::components::{Change, ChangeFailure, Confirm, Empty, Loaded, Reason, Section, TextInput, use_change};
use crate::format;
use crate::live::use_live;
use crate::serverfns::service::AssignService;
use crate::serverfns::team::{AddTeamMember, RemoveTeam, RemoveTeamMember, RenameTeam, read_team};
use crate::url::use_subject;

/// What the page offers to change.
#[derive(Clone, Copy)]
struct Changes {
    add: ServerAction<AddTeamMember>,
    take_out: ServerAction<RemoveTeamMember>,
    assign: ServerAction<AssignService>,
    rename: ServerAction<RenameTeam>,
    remove: ServerAction<RemoveTeam>,
}

/// One team.
#[component]
pub fn TeamPage() -> AnyView {
    let live = use_live();
    let name = use_subject("teams");
    let changes = Changes {
        add: use_change(),
        take_out: use_change(),
        assign: use_change(),
        rename: use_change(),
        remove: use_change(),
    };
    let team = Resource::new(move || (name.get(), live.asked.get()), |(name, _)| read_team(name));
    view! {
        <Title text=move || name.get() />
        <ChangeFailure action=changes.rename />
        <ChangeFailure action=changes.remove />
        <Loaded resource=team let:team>
            {match team {
                Some(team) => view! { <Detail team changes /> }.into_any(),
                None => view! { <NoTeam name=name.get_untracked() /> }.into_any(),
            }}
        </Loaded>
    }
    .into_any()
}

#[component]
fn Detail(team: TeamDetail, changes: Changes) -> AnyView {
    let TeamDetail {
        team,
        members,
        assignable,
        candidates,
        may_edit,
    } = team;
    let name = team.name.to_string();
    let title = if team.title.is_empty() {
        name.clone()
    } else {
        team.title.to_string()
    };
    let answer = format!(
        "{} {} {}.",
        format::counted(members.len() as u64, "member", "members"),
        if members.len() == 1 { "owns" } else { "own" },
        format::counted(team.services.len() as u64, "service", "services"),
    );
    let mine = team.mine.then(|| view! { <span class="tag">"your team"</span> });
    // Who is in the platform team follows from the roles.
    let by_role = name == PLATFORM;
    let more = may_edit.then(|| {
        let (name, title, owned) = (name.clone(), title.clone(), team.services.len());
        let same = name.clone();
        let remove = (!by_role).then(|| {
            view! {
                <Confirm action=changes.remove verb="Delete team" what=lost(owned)>
                    <input type="hidden" name="name" value=same />
                </Confirm>
            }
        });
        view! {
            <Section id="the-team" title="Manage team">
                <details class="offer">
                    <summary>"Rename"</summary>
                    <Change action=changes.rename label="Rename">
                        <input type="hidden" name="name" value=name />
                        <TextInput name="title" label="Title" value=title most=100 required=true />
                        <Reason />
                        <button class="button primary" type="submit">"Save"</button>
                    </Change>
                </details>
                {remove}
            </Section>
        }
    });
    let named = (title != name).then(|| view! { <span class="quiet">{name.clone()}</span> });
    view! {
        <header class="page-head">
            <h1>{title}</h1>
            {named}
            {mine}
        </header>
        <p class="answer">{answer}</p>
        <Owned team=name.clone() services=team.services assignable may_edit assign=changes.assign />
        <Members team=name members candidates may_edit=may_edit && !by_role add=changes.add take_out=changes.take_out />
        {more}
    }
    .into_any()
}

/// What goes with the team.
fn lost(services: usize) -> String {
    match services {
        0 => "Its members lose the team. This can't be undone.".to_owned(),
        _ => format!(
            "Its members lose the team, and no team owns its {}: only admins can edit them. This can't be undone.",
            format::counted(services as u64, "service", "services")
        ),
    }
}

#[component]
fn NoTeam(name: String) -> AnyView {
    crate::serverfns::not_found();
    view! {
        <Empty title=format!("There is no team {name}")>
            <p>"It may have been removed. " <a href="/teams">"All teams"</a> "."</p>
        </Empty>
    }
    .into_any()
}
