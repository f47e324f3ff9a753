//! The first set-up (`/setup?link=...`): whoever has the link that the server wrote to its log makes the first admin. There is
//! no default password.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{EntryPage, Loaded, TextInput};
use crate::serverfns::entry::{check_setup_link, read_sign_in_ways};
use crate::site_map;
use crate::url::use_query;
use crate::views::people::setup_problem;

/// The first set-up.
#[component]
pub fn SetupPage() -> AnyView {
    let query = use_query();
    let link = Memo::new(move |_| query.with(|query| query.text("link").unwrap_or_default()));
    let good = Resource::new(
        move || link.get(),
        |link| async move { Ok((check_setup_link(link).await?, read_sign_in_ways().await?.nobody)) },
    );
    view! {
        <Title text=site_map::SETUP.title />
        <EntryPage title="Create the first admin">
            <Loaded resource=good let:good>
                {match good {
                    (true, _) => view! { <Form link=link.get_untracked() /> }.into_any(),
                    (false, nobody) => view! { <NoGood nobody /> }.into_any(),
                }}
            </Loaded>
        </EntryPage>
    }
    .into_any()
}

#[component]
fn Form(link: String) -> AnyView {
    let query = use_query();
    let problem = move || query.with(|query| setup_problem(query.get("problem").unwrap_or_default()));
    view! {
        <p class="quiet">"Admins can do everything: create users and teams, and assign services to teams."</p>
        <p class="change-failure" role="alert">{problem}</p>
        <form class="entry-page-form" method="post" action="/setup">
            <input type="hidden" name="link" value=link />
            <TextInput name="name" label="Name" hint="Used to sign in" required=true most=128 autocomplete="username" first=true />
            <TextInput name="display_name" label="Display name" hint="Shown in the console; leave empty to use the name" most=100 autocomplete="name" />
            <TextInput name="password" label="Password" kind="password" hint="At least 12 characters; a passphrase works well" required=true
                least=12 most=256 autocomplete="new-password" />
            <button class="button primary" type="submit">"Create admin and sign in"</button>
        </form>
    }
    .into_any()
}

/// A link that is wrong, used or old, and what to do.
#[component]
fn NoGood(nobody: bool) -> AnyView {
    if nobody {
        return view! {
            <p>
                "This link is not valid: it is incomplete, or older than 24 hours. Restart the server; it writes a new link to its log."
            </p>
        }
        .into_any();
    }
    view! {
        <p>"This link has been used. There is an admin, who can create more users."</p>
        <p><a class="button" href="/sign-in" rel="external">"Sign in"</a></p>
    }
    .into_any()
}
