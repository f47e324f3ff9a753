//! What a page shows of a resource: old data stay until new ones come, and stay, dimmed, where the new ones fail.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Busy, Problem, Stale};
use crate::failure::Failure;

/// Shows `resource` by `children`, which gets the data: `<Loaded resource let:data> ... </Loaded>`.
#[component]
pub fn Loaded<T, F, V>(
    /// What to show.
    resource: Resource<Result<T, Failure>>,
    /// How to show it. It runs again for new data; keep what must outlive that (choices, hover) outside of it.
    children: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let path = use_location().pathname;
    let last = StoredValue::new(None::<(String, T)>);
    let (pending, set_pending) = signal(false);
    let waiting = || view! { <p class="loading" role="status">"Loading…"</p> };
    view! {
        <Busy pending />
        <Transition fallback=waiting set_pending=set_pending>
            {move || {
                let result = resource.get()?;
                let failure = match result {
                    Ok(data) => {
                        last.set_value(Some((path.get_untracked(), data)));
                        None
                    }
                    Err(failure) => Some(failure),
                };
                let stale = failure.is_some();
                let children = children.clone();
                // What was shown of another page is not what this one could not read.
                let here = path.get_untracked();
                let data = last.get_value().filter(|(path, _)| *path == here).map(|(_, data)| data);
                Some(view! {
                    {failure.map(|failure| view! { <Problem failure /> })}
                    {(stale && data.is_some()).then(|| view! { <Stale at=None /> })}
                    {data.map(|data| view! { <div class="loaded" class:stale=stale>{children(data)}</div> })}
                })
            }}
        </Transition>
    }
}
