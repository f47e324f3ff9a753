//! Live data that parts of a page hold on to, so that what the reader has opened, focused or pointed at outlives a reading.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use pointsman_domain::telemetry::UnixNanos;

use super::{Busy, Problem, Stale};
use crate::failure::Failure;

/// The newest data of a resource. Reading it in a closure redraws only what the closure makes.
#[derive(Debug)]
pub struct LiveData<T: Send + Sync + 'static>(Memo<Option<T>>);

impl<T: Send + Sync + 'static> Clone for LiveData<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for LiveData<T> {}

impl<T: Send + Sync + 'static> LiveData<T> {
    /// What `read` makes of the data; the default before there are any.
    pub fn with<R: Default>(self, read: impl FnOnce(&T) -> R) -> R {
        self.0.with(|data| data.as_ref().map(read).unwrap_or_default())
    }

    /// The same once, without following it.
    pub fn with_untracked<R: Default>(self, read: impl FnOnce(&T) -> R) -> R {
        self.0
            .with_untracked(|data| data.as_ref().map(read).unwrap_or_default())
    }
}

/// Shows `resource` by `children`, which is made once and reads the data as they change. Old data of the same page stay until
/// new ones come, and stay, dimmed, where the new ones fail.
#[component]
pub fn LiveLoaded<T, F, V>(
    /// What to show.
    resource: Resource<Result<T, Failure>>,
    /// Whether a form of the page tells of a mistake in the URL, at its field.
    #[prop(optional)]
    form_tells: bool,
    /// Up to which moment the data reach, where they say it.
    #[prop(optional)]
    as_of: Option<fn(&T) -> Option<UnixNanos>>,
    /// How to show it.
    children: F,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    F: Fn(LiveData<T>) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let path = use_location().pathname;
    let shown_on = StoredValue::new(String::new());
    let (pending, set_pending) = signal(false);
    let waiting = || view! { <p class="loading" role="status">"Loading…"</p> };
    view! {
        <Busy pending />
        <Transition fallback=waiting set_pending=set_pending>
            {
                let children = children.clone();
                move || {
                    // Made here, so that the transition waits for what they read.
                    let data = Memo::new(move |before: Option<&Option<T>>| match resource.get() {
                        Some(Ok(data)) => {
                            shown_on.set_value(path.get_untracked());
                            Some(data)
                        }
                        // What was shown of another page is not what this one could not read.
                        Some(Err(_)) if path.with_untracked(|path| shown_on.with_value(|on| on != path)) => None,
                        _ => before.cloned().flatten(),
                    });
                    let failure = Memo::new(move |_| resource.get().and_then(Result::err));
                    let ready = Memo::new(move |_| data.with(Option::is_some));
                    let stale = Memo::new(move |_| ready.get() && failure.with(Option::is_some));
                    let children = children.clone();
                    view! {
                        {move || {
                            let told = failure.get().filter(|failure| !(form_tells && matches!(failure, Failure::Field(_))));
                            told.map(|failure| view! { <Problem failure /> })
                        }}
                        {move || stale.get().then(|| {
                            let at = data.with(|data| data.as_ref().zip(as_of).and_then(|(data, as_of)| as_of(data)));
                            view! { <Stale at /> }
                        })}
                        {move || {
                            let made = ready.get().then(|| children(LiveData(data)));
                            made.map(|made| view! { <div class="loaded" class:stale=stale>{made}</div> })
                        }}
                    }
                }
            }
        </Transition>
    }
}
