//! The pages that somebody meets before they are known: the mark and one column, nothing else.

use leptos::prelude::*;

/// One column under the mark.
#[component]
pub fn EntryPage(
    /// What the page is for.
    title: &'static str,
    /// Its parts.
    children: Children,
) -> AnyView {
    view! {
        <div class="entry-page">
            <p class="entry-page-mark">
                <svg viewBox="0 0 20 20" width="24" height="24" aria-hidden="true">
                    <path class="line" d="M2 14h16M6 14c4 0 5-8 12-8" />
                    <circle class="dot" cx="6" cy="14" r="2.5" />
                </svg>
                "Pointsman"
            </p>
            <h1>{title}</h1>
            {children()}
        </div>
    }
    .into_any()
}
