//! Whether the page moves, with the switch that pauses it; and the switch between light and dark.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::live::{LiveState, use_live};
use crate::url::use_query;

/// Live or paused. It shows once the page is hydrated: before that nothing moves.
#[component]
pub fn LiveMark() -> AnyView {
    let (live, query, location) = (use_live(), use_query(), use_location());
    let href = move || {
        let paused = query.with(|query| query.get("live") == Some("off"));
        let query = query.get().with("live", if paused { "" } else { "off" });
        location.pathname.with(|path| query.link(path))
    };
    let class = move || match live.state.get() {
        LiveState::Waiting => "live live-waiting",
        LiveState::Live => "live live-on",
        LiveState::Lost => "live live-lost",
        LiveState::Paused | LiveState::Hidden | LiveState::Fixed | LiveState::Complete => "live live-off",
    };
    let hint = move || match live.state.get() {
        LiveState::Paused => "Resume live updates",
        LiveState::Fixed => {
            "This is a fixed time range: choose a relative one, such as the last 30 minutes, for live updates"
        }
        LiveState::Complete => "This trace is complete: no more spans are expected",
        LiveState::Lost => "The connection to Pointsman is lost; reconnecting",
        LiveState::Waiting | LiveState::Live | LiveState::Hidden => "Pause live updates",
    };
    view! {
        <a class=class href=href title=hint data-noscroll="true">
            <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
                <circle class="live-dot" cx="6" cy="6" r="4" />
                <path class="live-bars" d="M3 2h2v8H3zM7 2h2v8H7z" />
            </svg>
            <span>{move || live.state.get().word()}</span>
        </a>
    }
    .into_any()
}

/// Light or dark, kept in this browser. Without JavaScript the system's choice holds.
#[component]
pub fn ThemeSwitch() -> AnyView {
    view! {
        <button class="icon-button theme" type="button" title="Light or dark" aria-label="Switch between light and dark" on:click=move |_| switch_theme()>
            <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                <path d="M10 3a7 7 0 1 0 0 14z" />
                <circle class="line" cx="10" cy="10" r="7" />
            </svg>
        </button>
    }
    .into_any()
}

/// Sets the theme before the first paint, so that a dark page does not flash. It stands in the head with the nonce.
#[cfg(feature = "ssr")]
pub(crate) const THEME_SCRIPT: &str =
    "try{var t=localStorage.getItem('theme');if(t)document.documentElement.dataset.theme=t}catch(e){}";

fn switch_theme() {
    #[cfg(feature = "hydrate")]
    {
        let Some(root) = document().document_element() else {
            return;
        };
        let system_dark = window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten()
            .is_some_and(|query| query.matches());
        let dark = root
            .get_attribute("data-theme")
            .map_or(system_dark, |theme| theme == "dark");
        let theme = if dark { "light" } else { "dark" };
        // Where the browser keeps nothing, the switch holds for this page.
        let _ = root.set_attribute("data-theme", theme);
        if let Ok(Some(storage)) = window().local_storage() {
            let _ = storage.set_item("theme", theme);
        }
    }
}
