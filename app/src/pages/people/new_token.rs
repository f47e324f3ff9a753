//! A token that was just made (`/profile/tokens`): its secret, this once, and how to use it. The server answers the form of a
//! new token with this page, so the secret is in that answer alone: in no URL, and nowhere where it could be read again.

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::people::Scope;
use pointsman_domain::people::form::TokenForm;
use pointsman_domain::people::read::{NewToken, TokenSummary};
use serde::{Deserialize, Serialize};

use crate::components::{Empty, Loaded, NewTokenForm, Stamp};
use crate::failure::Failure;
use crate::serverfns::account::read_profile;
use crate::site_map;
use crate::views::people;

/// What came of the form: a context that the server gives where it answers one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The form.
    pub form: TokenForm,
    /// The token, or why there is none.
    pub outcome: Result<NewToken, Failure>,
}

/// A token that was just made, or the form again.
#[component]
pub fn NewTokenPage() -> AnyView {
    // Hydration finds in the page what the server knew.
    let made = SharedValue::new(use_context::<Made>).into_inner();
    view! {
        <Title text=site_map::NEW_TOKEN.title />
        {match made {
            None => view! { <Gone /> }.into_any(),
            Some(Made { outcome: Ok(new), .. }) => view! { <Shown new /> }.into_any(),
            Some(Made { form, outcome: Err(failure) }) => view! { <Again form failure /> }.into_any(),
        }}
        // Another document: nothing of this one stays in the browser's hands.
        <p class="section"><a href="/profile" rel="external">"Back to the profile"</a></p>
    }
    .into_any()
}

#[component]
fn Gone() -> AnyView {
    view! {
        <Empty title="A token's secret is shown once">
            <p>"It was shown right after the token was created. If it is lost, revoke the token and create another."</p>
        </Empty>
    }
    .into_any()
}

#[component]
fn Shown(new: NewToken) -> AnyView {
    let TokenSummary {
        name,
        scopes,
        services,
        expires_ns,
        ..
    } = new.token;
    let secret = new.secret;
    let sends = scopes.contains(&Scope::Ingest).then(|| {
        let lines = format!("export OTEL_EXPORTER_OTLP_HEADERS=\"Authorization=Bearer%20{secret}\"");
        view! {
            <h2>"Send telemetry"</h2>
            <p>"Every OpenTelemetry SDK reads this variable. The space is written as " <code>"%20"</code> ", as the specification asks."</p>
            <pre tabindex="0" aria-label="Environment variable for an OpenTelemetry SDK"><code>{lines}</code></pre>
        }
    });
    let reads = scopes.contains(&Scope::Read).then(|| {
        let line = format!("curl -H \"Authorization: Bearer {secret}\" http://127.0.0.1:3000/api/v1/overview");
        view! {
            <h2>"Read the API"</h2>
            <pre tabindex="0" aria-label="A request that reads"><code>{line}</code></pre>
        }
    });
    view! {
        <header class="page-head"><h1>{format!("Token {name}")}</h1></header>
        <p class="lead">
            {format!("It can {}, for {}, until ", people::scopes_words(&scopes), people::services(&services))}
            <Stamp at=expires_ns /> " UTC."
        </p>
        <div class="secret">
            <p><strong>"This is the secret. It is shown only once: store it where your program can read it."</strong></p>
            <pre tabindex="0" aria-label="The secret"><code>{secret.clone()}</code></pre>
        </div>
        <div class="usage">{sends}{reads}</div>
    }
    .into_any()
}

/// The form as it was filled in, and what is wrong with it.
#[component]
fn Again(form: TokenForm, failure: Failure) -> AnyView {
    let profile = Resource::new(|| (), |()| read_profile());
    view! {
        <header class="page-head"><h1>{site_map::NEW_TOKEN.title}</h1></header>
        <p class="change-failure" role="alert">{failure.sentence()}</p>
        <Loaded resource=profile let:profile>
            <NewTokenForm form=form.clone() scopes=profile.scopes services=profile.services open=true />
        </Loaded>
    }
    .into_any()
}
