//! The console's pages: one entry a page, from which navigation, palette, titles, the time picker and live data read. The router's
//! table ([`crate::app`]) names the component of each; a test holds the two together.
//!
//! A new page is an entry here, a module under [`crate::pages`] in the folder of its area, and a route.

use pointsman_domain::people::read::Me;

/// What the reader comes for: the groups of the navigation, and the folders under [`crate::pages`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// What services do.
    See,
    /// What is promised of them, and what came of it.
    Promise,
    /// Accounts, teams and what they did.
    People,
    /// Pages for whoever is not signed in yet. They have no navigation.
    Entry,
}

impl Area {
    /// The areas that the navigation shows, in its order.
    pub const SHOWN: [Self; 3] = [Self::See, Self::Promise, Self::People];

    /// The heading of the group.
    pub fn title(self) -> &'static str {
        match self {
            Self::See => "See",
            Self::Promise => "Promise",
            Self::People => "People",
            Self::Entry => "Sign in",
        }
    }

    /// Its word in ids of the document.
    pub fn word(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Promise => "promise",
            Self::People => "people",
            Self::Entry => "entry",
        }
    }
}

/// From where a page is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// From the navigation, with this icon (an SVG path in a box of 20 by 20), and from the palette.
    Navigation(&'static str),
    /// From the palette, and from links of other pages.
    Palette,
    /// From links of other pages alone: its path names what it is about, or it answers a form.
    Links,
}

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Its path, parameters in braces: `/services/{name}`.
    pub path: &'static str,
    /// What it is called in the top bar, the palette and the browser's tab. The tab of a page with a parameter names that instead.
    pub title: &'static str,
    /// Where it belongs.
    pub area: Area,
    /// From where it is reached.
    pub reach: Reach,
    /// The path of the entry that the navigation marks while it is open.
    pub section: &'static str,
    /// Whether whoever reads is led to it. The server asks again: this only keeps pages from offering what is refused.
    pub seen_by: fn(&Me) -> bool,
    /// Whether what it shows is of the time range that the reader chooses.
    pub has_range: bool,
    /// Whether it reads again by itself as things happen.
    pub is_live: bool,
}

/// Whoever may open the console at all.
const EVERYBODY: fn(&Me) -> bool = |_| true;

/// A page of what was measured: live, in the chosen time range.
const fn measured(path: &'static str, title: &'static str, area: Area, reach: Reach, section: &'static str) -> Page {
    Page {
        path,
        title,
        area,
        reach,
        section,
        seen_by: EVERYBODY,
        has_range: true,
        is_live: true,
    }
}

/// A page of records or a form: it is read when it is opened and when the reader changes something.
const fn still(
    path: &'static str,
    title: &'static str,
    area: Area,
    reach: Reach,
    section: &'static str,
    seen_by: fn(&Me) -> bool,
) -> Page {
    Page {
        path,
        title,
        area,
        reach,
        section,
        seen_by,
        has_range: false,
        is_live: false,
    }
}

/// `/`
pub static OVERVIEW: Page = measured(
    "/",
    "Overview",
    Area::See,
    Reach::Navigation("M3 4.5h14M3 10h14M3 15.5h9"),
    "/",
);
/// `/topology`
pub static TOPOLOGY: Page = measured(
    "/topology",
    "Topology",
    Area::See,
    Reach::Navigation("M3 10h4.5M12.5 5H17M12.5 15H17M7.5 10l5-5M7.5 10l5 5"),
    "/topology",
);
/// `/services/{name}`; reached from the overview.
pub static SERVICE: Page = measured("/services/{name}", "Service", Area::See, Reach::Links, "/");
/// `/traces`
pub static TRACES: Page = measured(
    "/traces",
    "Traces",
    Area::See,
    Reach::Navigation("M3 4.5h9M6 10h8M10 15.5h7"),
    "/traces",
);
/// `/traces/{id}`
pub static TRACE: Page = measured("/traces/{id}", "Trace", Area::See, Reach::Links, "/traces");
/// `/logs`
pub static LOGS: Page = measured(
    "/logs",
    "Logs",
    Area::See,
    Reach::Navigation("M3.5 4.5h1M7.5 4.5h9M3.5 10h1M7.5 10h9M3.5 15.5h1M7.5 15.5h6"),
    "/logs",
);

/// `/slos`: objectives have windows of their own, whatever range is chosen.
pub static SLOS: Page = Page {
    has_range: false,
    ..measured(
        "/slos",
        "SLOs",
        Area::Promise,
        Reach::Navigation(
            "M10 3.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13zM10 7.2a2.8 2.8 0 1 1 0 5.6a2.8 2.8 0 1 1 0-5.6z",
        ),
        "/slos",
    )
};
/// `/slos/new`
pub static NEW_SLO: Page = still("/slos/new", "New SLO", Area::Promise, Reach::Palette, "/slos", |me| {
    me.may_edit_slos
});
/// `/slos/{name}`
pub static SLO: Page = measured("/slos/{name}", "SLO", Area::Promise, Reach::Links, "/slos");
/// `/slos/{name}/edit`
pub static EDIT_SLO: Page = still(
    "/slos/{name}/edit",
    "Edit SLO",
    Area::Promise,
    Reach::Links,
    "/slos",
    |me| me.may_edit_slos,
);
/// `/alerts`: what fires now, whatever range is chosen.
pub static ALERTS: Page = Page {
    has_range: false,
    ..measured(
        "/alerts",
        "Alerts",
        Area::Promise,
        Reach::Navigation(
            "M10 3c-2.8 0-4.4 1.9-4.4 4.6c0 3.4-1 4.6-1.9 5.6h12.6c-.9-1-1.9-2.2-1.9-5.6C14.4 4.9 12.8 3 10 3zM8.2 15.6c.3.9.9 1.4 1.8 1.4s1.5-.5 1.8-1.4",
        ),
        "/alerts",
    )
};
/// `/alerts/channels`
pub static CHANNELS: Page = still(
    "/alerts/channels",
    "Notification channels",
    Area::Promise,
    Reach::Palette,
    "/alerts",
    |me| me.may_edit_channels,
);
/// `/slas`
pub static SLAS: Page = still(
    "/slas",
    "SLAs",
    Area::Promise,
    Reach::Navigation("M4.5 2.8h8l3 3v11.4h-11zM7 8h6M7 11h6M8 14.4c.8-1 1.4-1 2 0s1.2 1 2 0"),
    "/slas",
    |me| me.may_read_contracts,
);
/// `/slas/new`
pub static NEW_SLA: Page = still("/slas/new", "New SLA", Area::Promise, Reach::Palette, "/slas", |me| {
    me.may_edit_contracts
});
/// `/slas/{name}`
pub static SLA: Page = still("/slas/{name}", "SLA", Area::Promise, Reach::Links, "/slas", |me| {
    me.may_read_contracts
});
/// `/slas/{name}/edit`
pub static EDIT_SLA: Page = still(
    "/slas/{name}/edit",
    "Edit SLA",
    Area::Promise,
    Reach::Links,
    "/slas",
    |me| me.may_edit_contracts,
);
/// `/reports`
pub static REPORTS: Page = still(
    "/reports",
    "Reports",
    Area::Promise,
    Reach::Navigation("M4 3h12v14H4zM7 13.5v-3M10 13.5V6.5M13 13.5V9"),
    "/reports",
    EVERYBODY,
);
/// `/reports/{label}`
pub static REPORT: Page = still(
    "/reports/{label}",
    "Report",
    Area::Promise,
    Reach::Links,
    "/reports",
    EVERYBODY,
);

/// `/teams`
pub static TEAMS: Page = still(
    "/teams",
    "Teams",
    Area::People,
    Reach::Navigation(
        "M7 4a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5zM2.5 15.5c.4-2.6 2-3.8 4.5-3.8s4.1 1.2 4.5 3.8M13 4.3a2.4 2.4 0 0 1 0 4.5M14 12c2 .3 3.2 1.5 3.5 3.5",
    ),
    "/teams",
    |me| me.may_read_teams,
);
/// `/teams/{name}`
pub static TEAM: Page = still("/teams/{name}", "Team", Area::People, Reach::Links, "/teams", |me| {
    me.may_read_teams
});
/// `/users`
pub static USERS: Page = still(
    "/users",
    "Users",
    Area::People,
    Reach::Navigation("M10 3.5a3.2 3.2 0 1 1 0 6.4a3.2 3.2 0 1 1 0-6.4zM3.8 16.5c.6-3 3-4.3 6.2-4.3s5.6 1.3 6.2 4.3"),
    "/users",
    |me| me.may_read_users,
);
/// `/audit`
pub static AUDIT: Page = still(
    "/audit",
    "Audit",
    Area::People,
    Reach::Navigation("M5 2.5h10v15H5zM8 6.5h4M8 10h4M8 13.5h2"),
    "/audit",
    |me| me.may_read_audit,
);
/// `/profile`; reached from the top bar.
pub static PROFILE: Page = still("/profile", "Profile", Area::People, Reach::Palette, "/profile", |me| {
    me.name.is_some()
});
/// `/profile/tokens`: the answer to the form of a new token.
pub static NEW_TOKEN: Page = still(
    "/profile/tokens",
    "New token",
    Area::People,
    Reach::Links,
    "/profile",
    |me| me.may_create_tokens,
);

/// `/sign-in`
pub static SIGN_IN: Page = still("/sign-in", "Sign in", Area::Entry, Reach::Links, "/sign-in", EVERYBODY);
/// `/setup`
pub static SETUP: Page = still("/setup", "First set-up", Area::Entry, Reach::Links, "/setup", EVERYBODY);

/// All pages, in the order of navigation and palette.
pub static PAGES: [&Page; 26] = [
    &OVERVIEW, &TOPOLOGY, &SERVICE, &TRACES, &TRACE, &LOGS, &SLOS, &NEW_SLO, &SLO, &EDIT_SLO, &ALERTS, &CHANNELS,
    &SLAS, &NEW_SLA, &SLA, &EDIT_SLA, &REPORTS, &REPORT, &TEAMS, &TEAM, &USERS, &AUDIT, &PROFILE, &NEW_TOKEN, &SIGN_IN,
    &SETUP,
];

/// The page at a path; `None` where there is none. A page with a fixed path comes before one whose parameter would take it.
pub fn page_at(path: &str) -> Option<&'static Page> {
    let meets = |page: &&&'static Page| {
        let mut wanted = parts(page.path);
        let mut given = parts(path);
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some(wanted), Some(given)) if wanted == given || wanted.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let fewest = |page: &&&'static Page| parts(page.path).filter(|part| part.starts_with('{')).count();
    PAGES.iter().filter(meets).min_by_key(fewest).copied()
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// Whether a page reads again by itself. An address without a page counts as live: what is not there may still come.
pub fn is_live(path: &str) -> bool {
    page_at(path).is_none_or(|page| page.is_live)
}

/// Whether what a page shows is of the time range that the reader chooses.
pub fn has_range(path: &str) -> bool {
    page_at(path).is_none_or(|page| page.has_range)
}

/// Whether a page is one for whoever is not signed in yet.
pub fn is_entry(path: &str) -> bool {
    page_at(path).is_some_and(|page| page.area == Area::Entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_at_its_path() {
        for page in PAGES {
            let path = page
                .path
                .replace("{name}", "cart")
                .replace("{id}", "88ebfbce")
                .replace("{label}", "2026-10");
            assert!(
                std::ptr::eq(page_at(&path).expect("a page"), page),
                "{path} leads to another page than {}",
                page.path
            );
            assert!(page_at(page.section).is_some(), "{} is in no section", page.path);
        }
        assert!(page_at("/slos/new/edit").is_some_and(|page| page.title == "Edit SLO"));
        assert!(page_at("/topology/").is_some_and(|page| page.title == "Topology"));
        assert!(page_at("/nowhere").is_none() && page_at("/services").is_none());
    }

    #[test]
    fn a_page_knows_its_section() {
        let section = |path| page_at(path).expect("a page").section;
        assert_eq!(section("/"), "/");
        assert_eq!(section("/services/cart"), "/");
        assert_eq!(section("/traces/88ebfbcebbbc0884eabd9178e1808940"), "/traces");
        assert_eq!(section("/topology"), "/topology");
        assert_eq!(section("/slos/checkout-fast"), "/slos");
        assert_eq!(section("/alerts/channels"), "/alerts");
        assert_eq!(section("/teams/shop"), "/teams");
        assert_eq!(section("/profile/tokens"), "/profile");
    }

    #[test]
    fn pages_of_records_and_forms_stand_still() {
        for path in [
            "/audit",
            "/slas/acme",
            "/reports/2026-10",
            "/slos/new",
            "/slos/x/edit",
            "/alerts/channels",
            "/setup",
        ] {
            assert!(!is_live(path) && !has_range(path), "{path}");
        }
        assert!(is_live("/slos") && !has_range("/slos") && has_range("/slos/x") && has_range("/traces"));
        assert!(is_entry("/sign-in/") && !is_entry("/"));
    }
}
