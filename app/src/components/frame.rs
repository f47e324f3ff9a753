//! The frame around every page: navigation at the left, what all pages share on top, the page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use pointsman_domain::people::read::Me;

use super::{Account, Jump, LiveMark, ThemeSwitch, TimePicker};
use crate::failure::Failure;
use crate::serverfns::me::read::read_me;
use crate::url::{has_range, is_about_people, is_door, use_shared};

struct Place {
    path: &'static str,
    label: &'static str,
    icon: &'static str,
}

static SEE: [Place; 4] = [
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

/// What is promised of services, who is called about it, and what came of it; each with who sees it.
static PROMISE: [(Place, Seen); 4] = [
    (
        Place {
            path: "/slos",
            label: "SLOs",
            icon: "M10 3.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13zM10 7.2a2.8 2.8 0 1 1 0 5.6a2.8 2.8 0 1 1 0-5.6z",
        },
        |_| true,
    ),
    (
        Place {
            path: "/alerts",
            label: "Alerts",
            icon: "M10 3c-2.8 0-4.4 1.9-4.4 4.6c0 3.4-1 4.6-1.9 5.6h12.6c-.9-1-1.9-2.2-1.9-5.6C14.4 4.9 12.8 3 10 3zM8.2 15.6c.3.9.9 1.4 1.8 1.4s1.5-.5 1.8-1.4",
        },
        |_| true,
    ),
    (
        Place {
            path: "/slas",
            label: "SLAs",
            icon: "M4.5 2.8h8l3 3v11.4h-11zM7 8h6M7 11h6M8 14.4c.8-1 1.4-1 2 0s1.2 1 2 0",
        },
        |me| me.may_read_contracts,
    ),
    (
        Place {
            path: "/reports",
            label: "Reports",
            icon: "M4 3h12v14H4zM7 13.5v-3M10 13.5V6.5M13 13.5V9",
        },
        |_| true,
    ),
];

/// Whether somebody sees a place.
type Seen = fn(&Me) -> bool;

/// What is about people, each with who sees it.
static PEOPLE: [(Place, Seen); 3] = [
    (
        Place {
            path: "/teams",
            label: "Teams",
            icon: "M7 4a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5zM2.5 15.5c.4-2.6 2-3.8 4.5-3.8s4.1 1.2 4.5 3.8M13 4.3a2.4 2.4 0 0 1 0 4.5M14 12c2 .3 3.2 1.5 3.5 3.5",
        },
        |me| me.may_read_teams,
    ),
    (
        Place {
            path: "/users",
            label: "Users",
            icon: "M10 3.5a3.2 3.2 0 1 1 0 6.4a3.2 3.2 0 1 1 0-6.4zM3.8 16.5c.6-3 3-4.3 6.2-4.3s5.6 1.3 6.2 4.3",
        },
        |me| me.may_read_users,
    ),
    (
        Place {
            path: "/audit",
            label: "Audit",
            icon: "M5 2.5h10v15H5zM8 6.5h4M8 10h4M8 13.5h2",
        },
        |me| me.may_read_audit,
    ),
];

fn all_places() -> impl Iterator<Item = &'static Place> {
    SEE.iter()
        .chain(PROMISE.iter().map(|(place, _)| place))
        .chain(PEOPLE.iter().map(|(place, _)| place))
}

/// Which place of the navigation a path belongs to.
fn place_of(path: &str) -> &'static str {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let found = all_places().find(|place| place.path.trim_start_matches('/') == first);
    match found {
        Some(place) => place.path,
        // The own profile is reached from the top bar.
        None if first == "profile" => "/profile",
        // A service is reached from the overview.
        None => "/",
    }
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
        all_places()
            .find(|place| place.path == here)
            .map_or("Profile", |place| place.label)
    };
    let me = Resource::new(|| (), |()| read_me());
    let door = Memo::new(move |_| location.pathname.with(|path| is_door(path)));
    let measured = Memo::new(move |_| location.pathname.with(|path| !is_about_people(path)));
    let ranged = Memo::new(move |_| measured.get() && location.pathname.with(|path| has_range(path)));
    let taken_over = RwSignal::new(false);
    Effect::new(move |_| taken_over.set(true));
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        // Tests wait for what is taken over by the browser.
        <div class="frame" class:door-frame=door data-ready=move || taken_over.get().then_some("true")>
            <header class="side" id="navigation" popover="auto" hidden=door>
                <Mark />
                <Navigation me />
            </header>
            <div class="top" hidden=door>
                <button class="icon-button menu" type="button" popovertarget="navigation" aria-label="Navigation">
                    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path class="line" d="M3 5h14M3 10h14M3 15h14" /></svg>
                </button>
                <p class="top-title" aria-hidden="true">{title}</p>
                <Jump />
                <Show when=move || ranged.get()>
                    <TimePicker />
                </Show>
                <Show when=move || measured.get()>
                    <LiveMark />
                </Show>
                <ThemeSwitch />
                <Account me />
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
fn Navigation(me: Resource<Result<Me, Failure>>) -> AnyView {
    view! {
        <nav aria-label="Pages">
            <h2 class="group" id="group-see">"See"</h2>
            <ul aria-labelledby="group-see">{SEE.iter().map(|place| view! { <Item place /> }).collect_view()}</ul>
            <Transition>
                {move || {
                    let me = me.get()?.unwrap_or_default();
                    let promise: Vec<_> = PROMISE.iter().filter(|(_, sees)| sees(&me)).collect();
                    let seen: Vec<_> = PEOPLE.iter().filter(|(_, sees)| sees(&me)).collect();
                    let people = (!seen.is_empty()).then(|| view! {
                        <h2 class="group" id="group-people">"People"</h2>
                        <ul aria-labelledby="group-people">{seen.into_iter().map(|(place, _)| view! { <Item place /> }).collect_view()}</ul>
                    });
                    Some(view! {
                        <h2 class="group" id="group-promise">"Promise"</h2>
                        <ul aria-labelledby="group-promise">{promise.into_iter().map(|(place, _)| view! { <Item place /> }).collect_view()}</ul>
                        {people}
                    })
                }}
            </Transition>
        </nav>
    }
    .into_any()
}

#[component]
fn Item(place: &'static Place) -> AnyView {
    let (location, shared) = (use_location(), use_shared());
    let href = move || shared.with(|shared| shared.link(place.path, &[]));
    let current = move || (location.pathname.with(|path| place_of(path)) == place.path).then_some("page");
    view! {
        <li>
            <a href=href aria-current=current title=place.label>
                <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path class="line" d=place.icon /></svg>
                <span class="label">{place.label}</span>
            </a>
        </li>
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
        assert_eq!(place_of("/slos/checkout-fast"), "/slos");
        assert_eq!(place_of("/alerts/channels"), "/alerts");
        assert_eq!(place_of("/teams/shop"), "/teams");
        assert_eq!(place_of("/profile/tokens"), "/profile");
    }
}
