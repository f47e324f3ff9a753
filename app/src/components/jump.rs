//! The jump box: words go to the trace search; services and pages that begin so are offered while typing.

use leptos::prelude::*;

use crate::url::use_shared;

/// A search form that works without JavaScript.
#[component]
pub fn Jump() -> impl IntoView {
    let shared = use_shared();
    let hidden = move || {
        let pairs = shared.with(crate::url::Shared::pairs);
        let fields = pairs
            .into_iter()
            .map(|(key, value)| view! { <input type="hidden" name=key value=value /> });
        fields.collect_view()
    };
    view! {
        <form class="jump" action="/traces" method="get" role="search">
            {hidden}
            <input type="search" name="q" id="jump" placeholder="Search traces or jump" aria-label="Search traces, or jump to a service or page" autocomplete="off" />
            <kbd aria-hidden="true">"Ctrl K"</kbd>
        </form>
    }
}
