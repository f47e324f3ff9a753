//! What failed, what to do, and a way to try again; and how old is what is still shown.

use leptos::prelude::*;
use pointsman_domain::telemetry::UnixNanos;

use crate::components::account::use_sign_in;
use crate::failure::Failure;
use crate::format;
use crate::live::use_live;

/// A failure as the reader meets it.
#[component]
pub fn Problem(
    /// What failed.
    failure: Failure,
) -> AnyView {
    let live = use_live();
    // Without JavaScript the link loads the same page again.
    let retry = failure.retryable().then(|| {
        view! {
            <p>
                <a class="button" href="" on:click=move |event| {
                    event.prevent_default();
                    live.read_again();
                }>"Try again"</a>
            </p>
        }
    });
    let way_in = use_sign_in();
    let sign_in = (failure == Failure::SignIn).then(|| {
        view! { <p><a class="button" href=way_in rel="external">"Sign in"</a></p> }
    });
    view! {
        <section class="problem" role="alert">
            <h2>{failure.headline()}</h2>
            <p>{failure.advice()}</p>
            {retry}
            {sign_in}
        </section>
    }
    .into_any()
}

/// What is below was read before something failed.
#[component]
pub fn Stale(
    /// Up to which moment it reaches, where that is known.
    at: Option<UnixNanos>,
) -> AnyView {
    let words = at.map_or_else(
        || "Showing older data.".to_owned(),
        |at| format!("Showing data as of {} UTC.", format::clock_seconds(at)),
    );
    view! { <p class="lag">{words}</p> }.into_any()
}
