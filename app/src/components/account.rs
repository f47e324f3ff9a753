//! Who reads, at the end of the top bar: a menu with the way to the profile and out, or the way in.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use pointsman_domain::people::read::Me;

use crate::failure::Failure;
use crate::site_map::is_entry;
use crate::url::Query;
use crate::views::people::role_word;

/// The way in that leads back to the page that is open.
pub fn use_sign_in() -> impl Fn() -> String + Copy + Send + Sync + 'static {
    let location = use_location();
    move || {
        let (path, search) = (location.pathname.get(), location.search.get());
        if is_entry(&path) {
            return "/sign-in".to_owned();
        }
        // What a failed form told is not where one wants to come back to.
        let here = Query::parse(&search).without(&["__path", "__err"]).link(&path);
        Query::default().with("next", &here).link("/sign-in")
    }
}

/// The menu of whoever has signed in; else the way in.
#[component]
pub fn Account(
    /// Who reads.
    me: Resource<Result<Me, Failure>>,
) -> AnyView {
    let way_in = use_sign_in();
    view! {
        <div class="account">
            <Transition>
                {move || {
                    let me = me.get()?.unwrap_or_default();
                    Some(match me.name.clone() {
                        Some(name) => view! { <Menu me name=name.to_string() /> }.into_any(),
                        None => view! {
                            <a class="button account-button" href=way_in rel="external">
                                <Somebody />
                                <span class="account-name">"Sign in"</span>
                            </a>
                        }
                        .into_any(),
                    })
                }}
            </Transition>
        </div>
    }
    .into_any()
}

#[component]
fn Somebody() -> AnyView {
    view! {
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <path class="line" d="M10 3.5a3.2 3.2 0 1 1 0 6.4a3.2 3.2 0 1 1 0-6.4zM3.8 16.5c.6-3 3-4.3 6.2-4.3s5.6 1.3 6.2 4.3" />
        </svg>
    }
    .into_any()
}

#[component]
fn Menu(me: Me, name: String) -> AnyView {
    let called = if me.display_name.is_empty() {
        name.clone()
    } else {
        me.display_name.to_string()
    };
    let role = me.role.map(role_word).unwrap_or_default();
    let teams = (!me.teams.is_empty()).then(|| {
        let names = me.teams.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        view! { <p class="quiet">{format!("Teams: {names}")}</p> }
    });
    view! {
        <button class="button account-button" type="button" popovertarget="account-menu" title=format!("{called}, {role}")>
            <Somebody />
            <span class="only-read">"Account: "</span>
            <span class="account-name">{name.clone()}</span>
        </button>
        <div class="menu-sheet account-sheet" id="account-menu" popover="auto">
            <p><strong>{called}</strong></p>
            <p class="quiet">{name} ", " {role}</p>
            {teams}
            <ul>
                <li><a href="/profile">"Profile, sessions and tokens"</a></li>
            </ul>
            <form method="post" action="/sign-out">
                <button class="button" type="submit">"Sign out"</button>
            </form>
        </div>
    }
    .into_any()
}
