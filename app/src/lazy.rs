//! The pages, and how the browser comes by the code of each. An *area* is a group of pages whose code is one file, loaded when the first
//! of them is opened. A *document* is a page of texts and forms that works as the server sent it: no code of it ever reaches the
//! browser, and a link to it loads a document.
//!
//! ```text
//!  server:   route --> LazyPage --> the page's view
//!  browser:  page_at(path).load() --> hydrate;   later, on a link:  load() --> view, or the address is opened anew
//! ```

use std::pin::Pin;

use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use leptos_router::ChooseView;

use crate::site_map;

type Later<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// A page as its route shows it. All pages have this one type, so that the router is compiled once.
#[derive(Debug, Clone, Copy)]
pub struct LazyPage {
    /// The area whose file holds its code; none for a document.
    area: Option<&'static str>,
    load: fn() -> Later<()>,
    view: fn() -> Later<AnyView>,
}

impl LazyPage {
    /// The area whose file holds its code; `None` for a document.
    pub fn area(&self) -> Option<&'static str> {
        self.area
    }

    /// Whether it works as the server sent it.
    pub fn is_document(&self) -> bool {
        self.area.is_none()
    }

    /// Loads its code. Errors: the file did not come, or is no longer there.
    pub async fn load(&self) -> Result<(), SplitLoaderError> {
        (self.load)().await
    }
}

impl ChooseView for LazyPage {
    async fn choose(self) -> AnyView {
        match (self.view)().await {
            Ok(view) => view,
            Err(_) => open_anew().await,
        }
    }

    /// The router waits for this before it shows the page. Where the code does not come (a newer version took the place of this one, or
    /// the network is away) and for documents, the browser opens the address instead.
    async fn preload(&self) {
        let loaded = if self.is_document() && cfg!(feature = "hydrate") {
            false
        } else {
            self.load().await.is_ok()
        };
        if !loaded {
            open_anew::<()>().await;
        }
    }
}

/// Leaves for the address that the router is about to show, as a document of its own. Never ends: the page is on its way out.
async fn open_anew<T>() -> T {
    #[cfg(feature = "hydrate")]
    {
        let location = leptos_router::hooks::use_location();
        let (path, search, hash) = (
            location.pathname.get_untracked(),
            location.search.get_untracked(),
            location.hash.get_untracked(),
        );
        let query = if search.is_empty() {
            String::new()
        } else {
            format!("?{search}")
        };
        // A browser that refuses stays on the page that it shows.
        let _ = window().location().set_href(&format!("{path}{query}{hash}"));
    }
    std::future::pending().await
}

/// Tells on a page that stays as the server sent it why it does not move.
#[cfg(feature = "hydrate")]
pub fn tell_not_loaded() {
    let Some(main) = document().get_element_by_id("main") else {
        return;
    };
    let Ok(note) = document().create_element("p") else {
        return;
    };
    note.set_class_name("problem");
    // Without these it is still read, as a paragraph.
    let _ = note.set_attribute("role", "alert");
    note.set_text_content(Some(
        "A part of this page did not load. It shows what it showed when it was opened; reload it to follow what happens.",
    ));
    let _ = main.insert_before(&note, main.first_child().as_ref());
}

/// A page that is hydrated, with the file that holds its code.
macro_rules! area_page {
    ($area:ident, $konst:ident, $name:ident, $component:path) => {
        #[allow(unsafe_code, reason = "how the linker finds what can be loaded later")]
        mod $name {
            use leptos::prelude::*;
            use leptos::wasm_split::{SplitLoaderError, wasm_split};

            #[wasm_split($area, wasm_split_path = ::leptos::wasm_split, preload(#[doc(hidden)] load), fallible)]
            pub(super) fn $name() -> Result<AnyView, SplitLoaderError> {
                Ok($component().into_any())
            }
        }

        #[doc = concat!("In the area `", stringify!($area), "`.")]
        pub const $konst: LazyPage = LazyPage {
            area: Some(stringify!($area)),
            load: || Box::pin($name::load()),
            view: || Box::pin($name::$name()),
        };
    };
}

/// A page whose view is on the server alone.
macro_rules! document {
    ($konst:ident, $component:path) => {
        /// A document.
        pub const $konst: LazyPage = LazyPage {
            area: None,
            load: || Box::pin(std::future::ready(Ok(()))),
            #[cfg(feature = "ssr")]
            view: || Box::pin(async { Ok($component().into_any()) }),
            #[cfg(not(feature = "ssr"))]
            view: || Box::pin(std::future::pending()),
        };
    };
}

macro_rules! pages {
    (
        areas { $($area:ident { $($konst:ident $name:ident $component:path;)* })* }
        documents { $($document:ident $view:path;)* }
    ) => {
        $($(area_page! { $area, $konst, $name, $component })*)*
        $(document! { $document, $view })*

        /// Every page of the site map, with its code.
        static PAGES: &[(&site_map::Page, LazyPage)] = &[
            $($((&site_map::$konst, $konst),)*)*
            $((&site_map::$document, $document),)*
        ];
    };
}

pages! {
    areas {
        overview {
            OVERVIEW overview crate::pages::see::overview::OverviewPage;
        }
        topology {
            TOPOLOGY topology crate::pages::see::topology::TopologyPage;
        }
        service {
            SERVICE service crate::pages::see::service::ServicePage;
        }
        traces {
            TRACES traces crate::pages::see::traces::TracesPage;
        }
        trace {
            TRACE trace crate::pages::see::trace::TracePage;
        }
        logs {
            LOGS logs crate::pages::see::logs::LogsPage;
        }
        slos {
            SLOS slos crate::pages::promise::slos::SlosPage;
        }
        slo {
            SLO slo crate::pages::promise::slo::SloPage;
        }
        slo_form {
            NEW_SLO new_slo crate::pages::promise::slo_form::NewSloPage;
            EDIT_SLO edit_slo crate::pages::promise::slo_form::EditSloPage;
        }
        alerts {
            ALERTS alerts crate::pages::promise::alerts::AlertsPage;
        }
    }
    documents {
        CHANNELS crate::pages::promise::channels::ChannelsPage;
        SLAS crate::pages::promise::slas::SlasPage;
        NEW_SLA crate::pages::promise::sla_form::NewSlaPage;
        SLA crate::pages::promise::sla::SlaPage;
        EDIT_SLA crate::pages::promise::sla_form::EditSlaPage;
        REPORTS crate::pages::promise::reports::ReportsPage;
        REPORT crate::pages::promise::report::ReportPage;
        SIGN_IN crate::pages::entry::sign_in::SignInPage;
        SETUP crate::pages::entry::setup::SetupPage;
        PROFILE crate::pages::people::profile::ProfilePage;
        NEW_TOKEN crate::pages::people::new_token::NewTokenPage;
        TEAMS crate::pages::people::teams::TeamsPage;
        TEAM crate::pages::people::team::TeamPage;
        USERS crate::pages::people::users::UsersPage;
        AUDIT crate::pages::people::audit::AuditPage;
    }
}

/// The page at a path, as the site map finds it.
pub fn page_at(path: &str) -> Option<LazyPage> {
    let page = site_map::page_at(path)?;
    let found = PAGES.iter().find(|(known, _)| std::ptr::eq(*known, page));
    found.map(|(_, page)| *page)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(path: &str) -> Option<&'static str> {
        page_at(path).expect("a page").area()
    }

    #[test]
    fn a_path_finds_its_page() {
        assert_eq!(area("/"), Some("overview"));
        assert_eq!(area("/services/cart"), Some("service"));
        assert_eq!(area("/slos/new"), Some("slo_form"));
        assert_eq!(area("/slos/new/"), Some("slo_form"));
        assert_eq!(area("/slos/checkout"), Some("slo"));
        assert_eq!(area("/slos/checkout/edit"), Some("slo_form"));
        assert_eq!(area("/alerts"), Some("alerts"));
        assert_eq!(area("/alerts/channels"), None);
        assert!(page_at("/services").is_none());
        assert!(page_at("/no/such/page").is_none());
    }

    #[test]
    fn every_page_of_the_site_map_has_its_code() {
        for page in site_map::PAGES {
            let found = PAGES.iter().filter(|(known, _)| std::ptr::eq(*known, page)).count();
            assert_eq!(found, 1, "{}", page.path);
        }
        assert_eq!(PAGES.len(), site_map::PAGES.len());
    }

    #[test]
    fn documents_are_told_apart() {
        assert!(page_at("/sign-in").expect("a page").is_document());
        assert!(page_at("/reports/2026-10").expect("a page").is_document());
        assert!(!page_at("/").expect("a page").is_document());
    }
}
