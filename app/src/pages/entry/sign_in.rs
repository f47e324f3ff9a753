//! The way in (`/sign-in`): name and password, or the identity provider. The form is one of the browser's own: it posts to the
//! server, which sets the session's cookie and leads on to `next`.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{EntryPage, Loaded, TextInput};
use crate::serverfns::entry::{SignInWays, read_sign_in_ways};
use crate::site_map;
use crate::url::{Query, use_query};
use crate::views::people::sign_in_problem;

/// The way in.
#[component]
pub fn SignInPage() -> AnyView {
    let query = use_query();
    let ways = Resource::new(|| (), |()| read_sign_in_ways());
    let next = Memo::new(move |_| query.with(|query| query.text("next").unwrap_or_default()));
    let problem =
        move || query.with(|query| sign_in_problem(query.get("problem").unwrap_or_default(), query.get("minutes")));
    let out = move || query.with(|query| query.get("problem") == Some("signed-out"));
    view! {
        <Title text=site_map::SIGN_IN.title />
        <EntryPage title="Sign in">
            <p class="change-failure" role="alert">{problem}</p>
            {move || out().then(|| view! { <p class="quiet" role="status">"You are signed out."</p> })}
            <form class="entry-page-form" method="post" action="/sign-in">
                <input type="hidden" name="next" value=next />
                <TextInput name="name" label="Name" required=true most=254 autocomplete="username" first=true />
                <TextInput name="password" label="Password" kind="password" required=true most=256 autocomplete="current-password" />
                <button class="button primary" type="submit">"Sign in"</button>
            </form>
            <Loaded resource=ways let:ways>
                <Others ways next />
            </Loaded>
        </EntryPage>
    }
    .into_any()
}

/// What there is besides a name and a password.
#[component]
fn Others(ways: SignInWays, next: Memo<String>) -> AnyView {
    let provider = ways.provider.map(|host| {
        let href = move || Query::default().with("next", &next.get()).link("/sign-in/oidc");
        view! {
            <p class="entry-page-or">"or"</p>
            <a class="button" href=href rel="external">{format!("Sign in with {host}")}</a>
        }
    });
    let nobody = ways.nobody.then(|| {
        view! {
            <p class="quiet">
                "There are no users yet. When it started, the server wrote a link for creating the first admin to its log: look for "
                <code>"/setup?link="</code> "."
            </p>
        }
    });
    view! { {provider} {nobody} }.into_any()
}
