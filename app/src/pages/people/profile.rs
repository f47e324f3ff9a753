//! The own profile (`/profile`): who one is, where one is signed in, the tokens of one's programs, the password.

mod password;
mod sessions;
mod tokens;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::people::form::TokenForm;
use pointsman_domain::people::read::{Me, Profile};

use self::password::PasswordForm;
use self::sessions::Sessions;
use self::tokens::Tokens;
use crate::components::{Loaded, NewTokenForm, use_change};
use crate::live::use_live;
use crate::serverfns::account::{ChangeOwnPassword, EndOtherSessions, EndSession, read_profile};
use crate::serverfns::token::RevokeToken;
use crate::site_map;
use crate::url::{segment, use_query, use_shared};
use crate::views::people::{role_word, role_words};

/// What the page offers to change.
#[derive(Clone, Copy)]
struct Changes {
    end: ServerAction<EndSession>,
    end_others: ServerAction<EndOtherSessions>,
    revoke: ServerAction<RevokeToken>,
    password: ServerAction<ChangeOwnPassword>,
}

/// The own profile.
#[component]
pub fn ProfilePage() -> AnyView {
    let (live, query) = (use_live(), use_query());
    let changes = Changes {
        end: use_change(),
        end_others: use_change(),
        revoke: use_change(),
        password: use_change(),
    };
    let profile = Resource::new(move || live.asked.get(), |_| read_profile());
    let done = move || query.with(|query| query.get("done") == Some("password"));
    view! {
        <Title text=site_map::PROFILE.title />
        {move || done().then(|| view! { <p class="done" role="status">"Password changed. Your other sessions have been signed out."</p> })}
        <Loaded resource=profile let:profile>
            <Detail profile changes />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Detail(profile: Profile, changes: Changes) -> AnyView {
    let Profile {
        me,
        sessions,
        tokens,
        scopes,
        services,
    } = profile;
    let password = me
        .has_password
        .then(|| view! { <PasswordForm change=changes.password /> });
    let new = me.may_create_tokens.then(|| {
        view! { <NewTokenForm form=TokenForm::default() scopes services open=false /> }
    });
    view! {
        <Who me />
        <Sessions sessions end=changes.end end_others=changes.end_others />
        <Tokens tokens revoke=changes.revoke>{new}</Tokens>
        {password}
    }
    .into_any()
}

#[component]
fn Who(me: Me) -> AnyView {
    let shared = use_shared();
    let name = me.name.map(|name| name.to_string()).unwrap_or_default();
    let called = if me.display_name.is_empty() {
        name.clone()
    } else {
        me.display_name.to_string()
    };
    let role = me.role.map(|role| format!("{}: {}", role_word(role), role_words(role)));
    let teams = me.teams.iter().map(|team| {
        let path = format!("/teams/{}", segment(team));
        view! { <li><a href=move || shared.with(|shared| shared.link(&path, &[]))>{team.to_string()}</a></li> }
    });
    let teams = if me.teams.is_empty() {
        view! { <span class="none">"none"</span> }.into_any()
    } else {
        view! { <ul class="names">{teams.collect_view()}</ul> }.into_any()
    };
    view! {
        <header class="page-head"><h1>{called}</h1></header>
        <dl class="pairs about">
            <div><dt>"Name"</dt><dd>{name}</dd></div>
            <div><dt>"Role"</dt><dd>{role}</dd></div>
            <div><dt>"Teams"</dt><dd>{teams}</dd></div>
        </dl>
    }
    .into_any()
}
