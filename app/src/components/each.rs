//! A list whose items are known by a key: while figures and places change, an item keeps its row, and what the reader has unfolded
//! or focused in it.

use std::collections::HashMap;
use std::hash::Hash;

use leptos::prelude::*;

/// Makes `children` once for each item; it reads what is new of its item.
#[component]
pub fn Each<T, K, F, V>(
    /// The items, in order.
    #[prop(into)]
    items: Signal<Vec<T>>,
    /// What an item is known by; no two have the same.
    key: fn(&T) -> K,
    /// The row of an item.
    children: F,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    K: Clone + Eq + Hash + Send + Sync + 'static,
    F: Fn(Memo<T>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let by_key = Memo::new(move |_| {
        items.with(|items| {
            let entry = |item: &T| (key(item), item.clone());
            items.iter().map(entry).collect::<HashMap<_, _>>()
        })
    });
    let row = move |first: T| {
        let id = key(&first);
        children(Memo::new(move |before: Option<&T>| {
            // One that has just gone is still drawn for a moment.
            let found = by_key.with(|items| items.get(&id).cloned());
            found.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
        }))
    };
    view! { <For each=move || items.get() key=key children=row /> }
}
