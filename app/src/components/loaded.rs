//! What a page shows of a resource: old data stay until new ones come, and stay, dimmed, where the new ones fail.

use leptos::prelude::*;

use super::Problem;
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
    let last = StoredValue::new(None::<T>);
    let (pending, set_pending) = signal(false);
    let waiting = || view! { <p class="loading" role="status">"Reading what was measured…"</p> };
    view! {
        <div class="busy" class:on=pending aria-hidden="true"></div>
        <Transition fallback=waiting set_pending=set_pending>
            {move || {
                let result = resource.get()?;
                let failure = match result {
                    Ok(data) => {
                        last.set_value(Some(data));
                        None
                    }
                    Err(failure) => Some(failure),
                };
                let stale = failure.is_some();
                let children = children.clone();
                Some(view! {
                    {failure.map(|failure| view! { <Problem failure /> })}
                    {last.get_value().map(|data| view! { <div class="loaded" class:stale=stale>{children(data)}</div> })}
                })
            }}
        </Transition>
    }
}
