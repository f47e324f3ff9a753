//! The frame around every page: navigation at the left, what all pages share on top, the page.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use pointsman_domain::people::read::Me;

use super::{Account, Jump, LiveMark, ThemeSwitch, TimePicker};
use crate::failure::Failure;
use crate::serverfns::account::read_me;
use crate::site_map::{Area, PAGES, Page, Reach, has_range, is_entry, is_live, page_at};
use crate::url::use_shared;

/// Navigation, top bar and `children` as the page.
#[component]
pub fn Frame(children: Children) -> AnyView {
    let location = use_location();
    close_sheets_on_navigation();
    let title = move || {
        location
            .pathname
            .with(|path| page_at(path).map_or("Not found", |page| page.title))
    };
    let me = Resource::new(|| (), |()| read_me());
    let entry = Memo::new(move |_| location.pathname.with(|path| is_entry(path)));
    let live = Memo::new(move |_| location.pathname.with(|path| is_live(path)));
    let ranged = Memo::new(move |_| location.pathname.with(|path| has_range(path)));
    let taken_over = RwSignal::new(false);
    Effect::new(move |_| taken_over.set(true));
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        // Tests wait for what is taken over by the browser.
        <div class="frame" class:entry-frame=entry data-ready=move || taken_over.get().then_some("true")>
            <header class="side" id="navigation" popover="auto" hidden=entry>
                <Mark />
                <Navigation me />
            </header>
            <div class="top" hidden=entry>
                <button class="icon-button menu" type="button" popovertarget="navigation" aria-label="Navigation">
                    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path class="line" d="M3 5h14M3 10h14M3 15h14" /></svg>
                </button>
                <p class="top-title" aria-hidden="true">{title}</p>
                <Jump me />
                <Show when=move || ranged.get()>
                    <TimePicker />
                </Show>
                <Show when=move || live.get()>
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
            <Transition>
                {move || {
                    let me = me.get()?.unwrap_or_default();
                    let groups = Area::SHOWN.map(|area| view! { <Group area me=me.clone() /> });
                    Some(view! {
                        {groups.collect_view()}
                        <PaletteOnly me />
                    })
                }}
            </Transition>
        </nav>
    }
    .into_any()
}

/// The pages of an area that the reader is led to; nothing where there are none.
#[component]
fn Group(area: Area, me: Me) -> AnyView {
    let led_to = |page: &&'static Page| page.area == area && (page.seen_by)(&me);
    let items = PAGES.into_iter().filter(led_to).filter_map(|page| match page.reach {
        Reach::Navigation(icon) => Some(view! { <Item page icon /> }),
        Reach::Palette | Reach::Links => None,
    });
    let items: Vec<_> = items.collect();
    let id = format!("group-{}", area.word());
    (!items.is_empty())
        .then(|| {
            view! {
                <h2 class="group" id=id.clone()>{area.title()}</h2>
                <ul aria-labelledby=id>{items}</ul>
            }
        })
        .into_any()
}

/// The pages that only the palette leads to, not shown: where no code of the app runs, the document itself has to say which there are.
#[component]
fn PaletteOnly(me: Me) -> AnyView {
    let shared = use_shared();
    let led_to = |page: &&'static Page| page.reach == Reach::Palette && (page.seen_by)(&me);
    let items = PAGES.into_iter().filter(led_to).map(|page| {
        view! { <li><a href=move || shared.with(|shared| shared.link(page.path, &[])) tabindex="-1">{page.title}</a></li> }
    });
    let items = items.collect_view();
    view! { <ul hidden>{items}</ul> }.into_any()
}

#[component]
fn Item(page: &'static Page, icon: &'static str) -> AnyView {
    let (location, shared) = (use_location(), use_shared());
    let href = move || shared.with(|shared| shared.link(page.path, &[]));
    let current = move || {
        let here = location.pathname.with(|path| page_at(path));
        here.is_some_and(|here| here.section == page.path).then_some("page")
    };
    view! {
        <li>
            <a href=href aria-current=current title=page.title>
                <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path class="line" d=icon /></svg>
                <span class="label">{page.title}</span>
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
