//! Under a list that is read a page at a time: the way to the newest and to older ones; and what is said where a search stopped early.

use leptos::prelude::*;

use super::Empty;
use crate::format;
use crate::url::use_query;

/// Links to the newest and to the next page, as far as there are any.
#[component]
pub fn Pager(
    /// The page's path.
    path: &'static str,
    /// Before what the next page begins: a moment, or the number of an entry.
    #[prop(into)]
    next_before: Signal<Option<u64>>,
    /// What the list has: "traces".
    what: &'static str,
) -> AnyView {
    let query = use_query();
    let next = move || {
        let before = next_before.get()?;
        Some(query.get().with("before", &before.to_string()).link(path))
    };
    let first = move || {
        query.with(|query| {
            query
                .get("before")
                .map(|_| query.clone().without(&["before"]).link(path))
        })
    };
    view! {
        <nav class="pager" aria-label="Pages">
            {move || first().map(|href| view! { <a href=href>"Newest"</a> })}
            {move || next().map(|href| view! { <a class="button" href=href>{format!("Older {what}")}</a> })}
        </nav>
    }
    .into_any()
}

/// That a search stopped at its bound. The next page goes on from there.
#[component]
pub fn Truncated() -> AnyView {
    view! {
        <p class="lag">
            "The search stopped at its limit before it reached the start of the time range. Older results are on the next page; a shorter range or another filter finds them sooner."
        </p>
    }
    .into_any()
}

/// A search that stopped at its bound before it found anything, and the way on.
#[component]
pub fn FurtherBack(
    /// The page's path.
    path: &'static str,
    /// From where the search goes on.
    next_before: u64,
) -> AnyView {
    let query = use_query();
    let on = move || query.get().with("before", &next_before.to_string()).link(path);
    let back = move || {
        let paged = query.with(|query| query.get("before").is_some());
        paged.then(|| {
            let back = query.get().without(&["before"]).link(path);
            view! { " or go " <a href=back>"back to the newest"</a> }
        })
    };
    let until = format::exact(next_before);
    view! {
        <Empty title="No results so far">
            <p>"The search stopped at its limit, at " {until} ", before it reached the start of the time range."</p>
            <p><a class="button" href=on>"Search further back"</a> {back}</p>
        </Empty>
    }
    .into_any()
}
