//! A list that holds still while the pointer is over it or one of its rows is unfolded, and says that newer rows wait.

use leptos::prelude::*;

use super::LiveData;

/// What is shown of a search: the newest result, except that a result of the same search waits while the list is being read.
#[derive(Debug)]
pub struct Pausable<T: Send + Sync + 'static> {
    over: RwSignal<bool>,
    unfolded: RwSignal<bool>,
    shown: Memo<Option<T>>,
    waits: Memo<bool>,
}

impl<T: Send + Sync + 'static> Clone for Pausable<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Pausable<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Pausable<T> {
    /// Follows `data`; `same` says whether two results are of the same search.
    pub fn of(data: LiveData<T>, same: fn(&T, &T) -> bool) -> Self {
        let (over, unfolded) = (RwSignal::new(false), RwSignal::new(false));
        let shown = Memo::new(move |before: Option<&Option<T>>| {
            let newest = data.with(|data| Some(data.clone()));
            match (before, newest) {
                (Some(Some(before)), Some(newest)) if (over.get() || unfolded.get()) && same(before, &newest) => {
                    Some(before.clone())
                }
                (_, newest) => newest,
            }
        });
        let waits = Memo::new(move |_| data.with(|data| shown.with(|shown| shown.as_ref() != Some(data))));
        Self {
            over,
            unfolded,
            shown,
            waits,
        }
    }

    /// What `read` makes of what is shown.
    pub fn with<R: Default>(self, read: impl FnOnce(&T) -> R) -> R {
        self.shown.with(|shown| shown.as_ref().map(read).unwrap_or_default())
    }
}

/// The list, with what tells whether it is being read.
#[component]
pub fn PausableList<T: Clone + PartialEq + Send + Sync + 'static>(
    /// What is shown.
    pausable: Pausable<T>,
    /// What waits, such as `traces`.
    what: &'static str,
    /// The list.
    children: Children,
) -> AnyView {
    let note = move || {
        let until = if pausable.unfolded.get() {
            "the line is collapsed"
        } else {
            "the pointer leaves the list"
        };
        pausable
            .waits
            .get()
            .then(|| format!("Newer {what} are held back until {until}."))
    };
    let list = NodeRef::<leptos::html::Div>::new();
    // A line unfolds after the click or key that asks for it. Where that led to another page, this one is gone by then.
    let look = move || {
        request_animation_frame(move || {
            let unfolded = list
                .try_get_untracked()
                .flatten()
                .and_then(|list| list.query_selector("details[open]").ok().flatten());
            pausable.unfolded.try_set(unfolded.is_some());
        });
    };
    view! {
        <div class="pausable" node_ref=list on:click=move |_| look() on:keyup=move |_| look()
            on:pointerenter=move |_| pausable.over.set(true) on:pointerleave=move |_| pausable.over.set(false)>
            <p class="pausable-note" aria-hidden="true">{note}</p>
            {children()}
        </div>
    }
    .into_any()
}
