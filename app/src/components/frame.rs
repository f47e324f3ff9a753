//! The frame around every page: navigation at the left, what all pages share on top, the page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Jump, LiveMark, ThemeSwitch, TimePicker};
use crate::url::use_shared;

struct Place {
    path: &'static str,
    label: &'static str,
    icon: &'static str,
}

const SEE: [Place; 4] = [
    Place {
        path: "/",
        label: "Overview",
        icon: "M3 4.5h14M3 10h14M3 15.5h9",
    },
    Place {
        path: "/topology",
        label: "Topology",
        icon: "M3 10h4.5M12.5 5H17M12.5 15H17M7.5 10l5-5M7.5 10l5 5",
    },
    Place {
        path: "/traces",
        label: "Traces",
        icon: "M3 4.5h9M6 10h8M10 15.5h7",
    },
    Place {
        path: "/logs",
        label: "Logs",
        icon: "M3.5 4.5h1M7.5 4.5h9M3.5 10h1M7.5 10h9M3.5 15.5h1M7.5 15.5h6",
    },
];

/// Which place of the navigation a path belongs to.
fn place_of(path: &str) -> &'static str {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let found = SEE.iter().find(|place| place.path.trim_start_matches('/') == first);
    // A service is reached from the overview.
    found.map_or("/", |place| place.path)
}

/// Navigation, top bar and `children` as the page.
#[component]
pub fn Frame(
    /// The page.
    children: Children,
) -> AnyView {
    let location = use_location();
    close_sheets_on_navigation();
    let title = move || {
        let path = location.pathname.get();
        if path.starts_with("/services/") {
            return "Service";
        }
        let here = place_of(&path);
        SEE.iter()
            .find(|place| place.path == here)
            .map_or("", |place| place.label)
    };
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="frame">
            <header class="side" id="navigation" popover="auto">
                <Mark />
                <Navigation />
            </header>
            <div class="top">
                <button class="icon-button menu" type="button" popovertarget="navigation" aria-label="Navigation">
                    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path class="line" d="M3 5h14M3 10h14M3 15h14" /></svg>
                </button>
                <p class="top-title" aria-hidden="true">{title}</p>
                <Jump />
                <TimePicker />
                <LiveMark />
                <ThemeSwitch />
            </div>
            <main id="main" tabindex="-1">{children()}</main>
        </div>
    }
    .into_any()
}

/// The name and the mark: a track that divides at a point.
#[component]
fn Mark() -> AnyView {
    let shared = use_shared();
    view! {
        <a class="mark" href=move || shared.with(|shared| shared.link("/", &[])) aria-label="Pointsman, overview">
            <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
                <path class="line" d="M2 14h16M6 14c4 0 5-8 12-8" />
                <circle class="dot" cx="6" cy="14" r="2.5" />
            </svg>
            <span class="label">"Pointsman"</span>
        </a>
    }
    .into_any()
}

#[component]
fn Navigation() -> AnyView {
    let (location, shared) = (use_location(), use_shared());
    let here = Memo::new(move |_| location.pathname.with(|path| place_of(path)));
    let items = SEE.map(|place| {
        let href = move || shared.with(|shared| shared.link(place.path, &[]));
        let current = move || (here.get() == place.path).then_some("page");
        view! {
            <li>
                <a href=href aria-current=current title=place.label>
                    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path class="line" d=place.icon /></svg>
                    <span class="label">{place.label}</span>
                </a>
            </li>
        }
    });
    view! {
        <nav aria-label="Pages">
            <h2 class="group" id="group-see">"See"</h2>
            <ul aria-labelledby="group-see">{items.collect_view()}</ul>
        </nav>
    }
    .into_any()
}

/// Sheets and menus are popovers: they open without JavaScript; once the page is hydrated, following a link closes them.
fn close_sheets_on_navigation() {
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast;
        let location = use_location();
        Effect::new(move |_| {
            location.pathname.track();
            location.search.track();
            let Ok(open) = document().query_selector_all("[popover]:popover-open") else {
                return;
            };
            for i in 0..open.length() {
                if let Some(sheet) = open
                    .item(i)
                    .and_then(|node| node.dyn_into::<web_sys::HtmlElement>().ok())
                {
                    // One that closed by itself meanwhile is no harm.
                    let _ = sheet.hide_popover();
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn every_page_has_its_place() {
        assert_eq!(place_of("/"), "/");
        assert_eq!(place_of("/services/cart"), "/");
        assert_eq!(place_of("/traces/88ebfbcebbbc0884eabd9178e1808940"), "/traces");
        assert_eq!(place_of("/topology"), "/topology");
    }
}
