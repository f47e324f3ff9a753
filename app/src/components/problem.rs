//! What failed, what to do, and a way to try again.

use leptos::prelude::*;

use crate::failure::Failure;
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
    view! {
        <section class="problem" role="alert">
            <h2>{failure.headline()}</h2>
            <p>{failure.advice()}</p>
            {retry}
        </section>
    }
    .into_any()
}
