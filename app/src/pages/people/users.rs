//! The accounts (`/users`), for admins: all of them, one of them to change (`?user=`), a new one, and everybody's tokens.

mod chosen;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::health::Health;
use pointsman_domain::people::Role;
use pointsman_domain::people::read::{TokenSummary, UserSummary};

use self::chosen::{Changes, Chosen};
use crate::components::{
    Change, ChangeFailure, Column, DataTable, Loaded, Reason, Section, Select, Stamp, State, TextInput, TokenTable,
    use_change,
};
use crate::format;
use crate::live::use_live;
use crate::serverfns::token::{RevokeToken, list_tokens};
use crate::serverfns::user::{CreateUser, list_users};
use crate::site_map;
use crate::url::{segment, use_query, use_shared};
use crate::views::people::role_options;

/// The accounts.
#[component]
pub fn UsersPage() -> AnyView {
    let (live, query) = (use_live(), use_query());
    let create = use_change::<CreateUser>();
    let revoke = use_change::<RevokeToken>();
    let changes = Changes {
        role: use_change(),
        disabled: use_change(),
        end_sessions: use_change(),
        password: use_change(),
    };
    let chosen = Memo::new(move |_| query.with(|query| query.text("user")));
    let found = Resource::new(
        move || live.asked.get(),
        |_| async move { Ok((list_users().await?, list_tokens().await?)) },
    );
    view! {
        <Title text=site_map::USERS.title />
        <h1 class="only-read">{site_map::USERS.title}</h1>
        <ChangeFailure action=create />
        <Loaded resource=found let:found>
            <Users users=found.0 chosen create changes />
            <Tokens tokens=found.1 revoke />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Users(
    users: Vec<UserSummary>,
    chosen: Memo<Option<String>>,
    create: ServerAction<CreateUser>,
    changes: Changes,
) -> AnyView {
    let answer = answer(&users);
    let all = StoredValue::new(users.clone());
    let panel = move || {
        let name = chosen.get()?;
        let user = all.with_value(|users| users.iter().find(|user| user.name.as_str() == name).cloned())?;
        Some(view! { <Chosen user changes /> })
    };
    let rows = users
        .into_iter()
        .map(|user| view! { <Row user chosen /> })
        .collect_view();
    view! {
        <p class="answer">{answer}</p>
        {panel}
        <DataTable class="people" columns=vec![
            Column::text("Name"),
            Column::text("State"),
            Column::text("Role"),
            Column::text("Teams"),
            Column::text("Signs in with"),
            Column::moment("Last seen"),
        ]>
            {rows}
        </DataTable>
        <New create />
    }
    .into_any()
}

/// "5 users, including 2 active admins."
fn answer(users: &[UserSummary]) -> String {
    let admins = users
        .iter()
        .filter(|user| user.role == Role::Admin && !user.disabled)
        .count();
    let accounts = format::counted(users.len() as u64, "user", "users");
    let admins = format::counted(admins as u64, "active admin", "active admins");
    format!("{accounts}, including {admins}.")
}

#[component]
fn Row(user: UserSummary, chosen: Memo<Option<String>>) -> AnyView {
    let shared = use_shared();
    let name = user.name.to_string();
    let called = (!user.display_name.is_empty() && user.display_name != user.name)
        .then(|| view! { " " <span class="quiet">{user.display_name.to_string()}</span> });
    let teams = user.teams.iter().map(|team| {
        let path = format!("/teams/{}", segment(team));
        view! { <li><a href=move || shared.with(|shared| shared.link(&path, &[]))>{team.to_string()}</a></li> }
    });
    let teams = teams.collect_view();
    let ways: Vec<_> = [(user.has_password, "password"), (user.from_oidc, "identity provider")]
        .into_iter()
        .filter_map(|(has, word)| has.then_some(word))
        .collect();
    let ways = if ways.is_empty() {
        view! { <span class="none">"none"</span> }.into_any()
    } else {
        ways.join(", ").into_any()
    };
    let seen = match user.last_seen_ns {
        Some(at) => view! { <Stamp at /> }.into_any(),
        None => view! { <span class="none">"never"</span> }.into_any(),
    };
    let (health, word) = if user.disabled {
        (Health::NoTraffic, "disabled")
    } else {
        (Health::Healthy, "active")
    };
    let (link, current) = (name.clone(), name.clone());
    view! {
        <tr>
            <th scope="row">
                <a
                    href=move || shared.with(|shared| shared.link("/users", &[("user", &link)]))
                    aria-current=move || (chosen.get().as_ref() == Some(&current)).then_some("true")
                >{name}</a>{called}
            </th>
            <td><State health word /></td>
            <td>{user.role.word()}</td>
            <td><ul class="names">{teams}</ul></td>
            <td>{ways}</td>
            <td>{seen}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn New(create: ServerAction<CreateUser>) -> AnyView {
    view! {
        <details class="offer">
            <summary>"New user"</summary>
            <Change action=create label="New user">
                <TextInput name="name" label="Name" hint="Used to sign in" required=true most=128 />
                <TextInput name="display_name" label="Display name" hint="Shown in the console" most=100 />
                <TextInput name="email" label="Email" kind="email" most=254 />
                <Select name="role" label="Role" options=role_options() chosen="viewer" class="entry-role" />
                <TextInput name="password" label="Password" kind="password" least=12 most=256 autocomplete="new-password"
                    hint="At least 12 characters; leave empty for users who sign in at the identity provider" />
                <Reason />
                <button class="button primary" type="submit">"Create user"</button>
            </Change>
        </details>
    }
    .into_any()
}

#[component]
fn Tokens(tokens: Vec<TokenSummary>, revoke: ServerAction<RevokeToken>) -> AnyView {
    let none = tokens.is_empty();
    let table = (!none).then(|| view! { <TokenTable tokens revoke owners=true /> });
    view! {
        <Section id="all-tokens" title="All tokens">
            <ChangeFailure action=revoke />
            {none.then(|| view! { <p class="quiet">"No tokens yet."</p> })}
            {table}
        </Section>
    }
    .into_any()
}
