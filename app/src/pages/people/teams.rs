//! The teams (`/teams`): who is in them, what they own, and what nobody owns.

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::people::read::{TeamList, TeamSummary};

use crate::components::{
    Change, ChangeFailure, Column, DataTable, Empty, Loaded, Reason, Section, ServiceName, TextInput, use_change,
};
use crate::format;
use crate::live::use_live;
use crate::serverfns::team::{CreateTeam, list_teams};
use crate::site_map;
use crate::url::{segment, use_shared};

/// The teams.
#[component]
pub fn TeamsPage() -> AnyView {
    let live = use_live();
    let create = use_change::<CreateTeam>();
    let teams = Resource::new(move || live.asked.get(), |_| list_teams());
    view! {
        <Title text=site_map::TEAMS.title />
        <h1 class="only-read">{site_map::TEAMS.title}</h1>
        <ChangeFailure action=create />
        <Loaded resource=teams let:list>
            <Teams list create />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Teams(list: TeamList, create: ServerAction<CreateTeam>) -> AnyView {
    let answer = answer(&list);
    let TeamList {
        teams,
        unowned,
        may_edit,
    } = list;
    let none = teams.is_empty();
    let empty = none.then(|| {
        view! {
            <Empty title="No teams yet">
                <p>"A team owns services: only its engineers and admins can edit them."</p>
            </Empty>
        }
    });
    let rows = teams.into_iter().map(|team| view! { <Row team /> }).collect_view();
    let new = may_edit.then(|| view! { <New create open=none /> });
    let unowned = (!unowned.is_empty()).then(|| {
        let names = unowned
            .into_iter()
            .map(|name| view! { <li><ServiceName name=name.to_string() /></li> });
        view! {
            <Section id="unowned" title="Services without a team">
                <ul class="names">{names.collect_view()}</ul>
                <p class="quiet">
                    {if may_edit {
                        "Only admins can edit them. Assign them on the page of a team or of the service."
                    } else {
                        "Only admins can edit them, and assign them to a team."
                    }}
                </p>
            </Section>
        }
    });
    view! {
        <p class="answer">{answer}</p>
        {empty}
        <DataTable class="people" hidden=none columns=vec![
            Column::text("Team"),
            Column::figure("Members"),
            Column::text("Services"),
        ]>
            {rows}
        </DataTable>
        {new}
        {unowned}
    }
    .into_any()
}

/// "3 teams own 6 of 8 services."
fn answer(list: &TeamList) -> String {
    let owned: usize = list.teams.iter().map(|team| team.services.len()).sum();
    let all = owned + list.unowned.len();
    let teams = format::counted(list.teams.len() as u64, "team owns", "teams own");
    format!(
        "{teams} {owned} of {}.",
        format::counted(all as u64, "service", "services")
    )
}

#[component]
fn Row(team: TeamSummary) -> AnyView {
    let shared = use_shared();
    let path = format!("/teams/{}", segment(&team.name));
    let title = if team.title.is_empty() {
        team.name.to_string()
    } else {
        team.title.to_string()
    };
    let name = (title != team.name.as_str()).then(|| view! { " " <span class="quiet">{team.name.to_string()}</span> });
    let mine = team.mine.then(|| view! { " " <span class="tag">"your team"</span> });
    let services = if team.services.is_empty() {
        view! { <span class="none">"none"</span> }.into_any()
    } else {
        let services = team
            .services
            .into_iter()
            .map(|name| view! { <li><ServiceName name=name.to_string() /></li> });
        view! { <ul class="names">{services.collect_view()}</ul> }.into_any()
    };
    view! {
        <tr>
            <th scope="row"><a href=move || shared.with(|shared| shared.link(&path, &[]))>{title}</a>{name}{mine}</th>
            <td class="num">{format::count(team.members.into())}</td>
            <td>{services}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn New(create: ServerAction<CreateTeam>, open: bool) -> AnyView {
    view! {
        <details class="offer" open=open>
            <summary>"New team"</summary>
            <Change action=create label="New team">
                <TextInput name="name" label="Name" hint="Used in URLs: lower-case letters, digits, hyphens" required=true most=63 />
                <TextInput name="title" label="Title" hint="Shown in the console" most=100 />
                <Reason />
                <button class="button primary" type="submit">"Create team"</button>
            </Change>
        </details>
    }
    .into_any()
}
