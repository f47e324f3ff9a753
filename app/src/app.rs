//! The document, the routes, and what every page shares.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{ParamSegment, SsrMode, StaticSegment};

use crate::components::{Empty, Frame};
use crate::lazy;
use crate::live::Live;

/// The document around [`App`]: what the server sends. It also sets the page's Content-Security-Policy, with the nonce that
/// its inline scripts carry. A page that is a document gets a few lines of script in place of the WASM.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    use leptos::nonce::use_nonce;
    use leptos_meta::MetaTags;

    forbid_foreign_content();
    drop_foreign_words();
    let style = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned());
    let page = path.as_deref().and_then(lazy::page_at);
    let scripts = if page.is_some_and(|page| page.is_document()) {
        view! { <script nonce=use_nonce()>{include_str!("document.js")}</script> }.into_any()
    } else {
        let folder = format!("/{}", options.site_pkg_dir);
        // Main asks for them only when it runs.
        let ahead = page.and_then(|page| page.area()).map(|area| {
            view! {
                <link rel="modulepreload" href=format!("{folder}/areas.js") />
                <link rel="preload" href=format!("{folder}/{area}.area") r#as="fetch" crossorigin="anonymous" />
            }
        });
        view! {
            <HydrationScripts options=options.clone() />
            {ahead}
        }
        .into_any()
    };
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content="What your services are doing: topology, health, traces and logs." />
                <link rel="icon" type="image/svg+xml" href=ICON />
                <script nonce=use_nonce()>{crate::components::THEME_SCRIPT}</script>
                <link rel="stylesheet" href=style />
                <AutoReload options />
                {scripts}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The mark on a tile, as a data address: one request less, and nothing to embed.
#[cfg(feature = "ssr")]
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'%3E%3Crect width='20' \
    height='20' rx='4' fill='%231f3a8a'/%3E%3Cg fill='none' stroke='%23fff' stroke-width='1.6'%3E%3Cpath d='M2 14h16M6 \
    14c4 0 5-8 12-8'/%3E%3C/g%3E%3Ccircle cx='6' cy='14' r='2.2' fill='%23fff'/%3E%3C/svg%3E";

/// Nothing but what this server sends runs or loads in the page; nothing in it is cached by others.
#[cfg(feature = "ssr")]
fn forbid_foreign_content() {
    use http::HeaderValue;
    use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
    use leptos_axum::ResponseOptions;

    let Some(response) = use_context::<ResponseOptions>() else {
        return;
    };
    let script = leptos::nonce::use_nonce().map_or_else(String::new, |nonce| format!(" 'nonce-{nonce}'"));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{script}; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// What a failed form says stands in the URL that the browser is led back to. A link from elsewhere must not put words into the
/// console's mouth: for one, they are taken out of the URL.
#[cfg(feature = "ssr")]
fn drop_foreign_words() {
    let Some(parts) = use_context::<http::request::Parts>() else {
        return;
    };
    let query = crate::url::Query::parse(parts.uri.query().unwrap_or_default());
    let from = parts.headers.get("sec-fetch-site");
    if query.get("__err").is_some() && from.is_some_and(|from| from != "same-origin") {
        leptos_axum::redirect(&query.without(&["__path", "__err"]).link(parts.uri.path()));
    }
}

#[component]
pub fn App() -> AnyView {
    provide_meta_context();
    view! {
        <Title formatter=|page: String| if page.is_empty() { "Pointsman".to_owned() } else { format!("{page} · Pointsman") } />
        <Router>
            <Console />
        </Router>
    }
    .into_any()
}

/// Every page is rendered whole on the server (`Async`), so that it reads without JavaScript.
#[component]
fn Console() -> AnyView {
    Live::provide();
    view! {
        <Frame>
            <Routes fallback=NotFound>
                <Route path=StaticSegment("") view=lazy::OVERVIEW ssr=SsrMode::Async />
                <Route path=StaticSegment("topology") view=lazy::TOPOLOGY ssr=SsrMode::Async />
                <Route path=(StaticSegment("services"), ParamSegment("name")) view=lazy::SERVICE ssr=SsrMode::Async />
                <Route path=StaticSegment("traces") view=lazy::TRACES ssr=SsrMode::Async />
                <Route path=(StaticSegment("traces"), ParamSegment("id")) view=lazy::TRACE ssr=SsrMode::Async />
                <Route path=StaticSegment("logs") view=lazy::LOGS ssr=SsrMode::Async />
                <Route path=StaticSegment("slos") view=lazy::SLOS ssr=SsrMode::Async />
                <Route path=(StaticSegment("slos"), StaticSegment("new")) view=lazy::NEW_SLO ssr=SsrMode::Async />
                <Route path=(StaticSegment("slos"), ParamSegment("name")) view=lazy::SLO ssr=SsrMode::Async />
                <Route path=(StaticSegment("slos"), ParamSegment("name"), StaticSegment("edit")) view=lazy::EDIT_SLO ssr=SsrMode::Async />
                <Route path=StaticSegment("alerts") view=lazy::ALERTS ssr=SsrMode::Async />
                <Route path=StaticSegment("slas") view=lazy::SLAS ssr=SsrMode::Async />
                <Route path=(StaticSegment("slas"), StaticSegment("new")) view=lazy::NEW_SLA ssr=SsrMode::Async />
                <Route path=(StaticSegment("slas"), ParamSegment("name")) view=lazy::SLA ssr=SsrMode::Async />
                <Route path=(StaticSegment("slas"), ParamSegment("name"), StaticSegment("edit")) view=lazy::EDIT_SLA ssr=SsrMode::Async />
                <Route path=StaticSegment("reports") view=lazy::REPORTS ssr=SsrMode::Async />
                <Route path=(StaticSegment("reports"), ParamSegment("label")) view=lazy::REPORT ssr=SsrMode::Async />
                <Route path=(StaticSegment("alerts"), StaticSegment("channels")) view=lazy::CHANNELS ssr=SsrMode::Async />
                <Route path=StaticSegment("sign-in") view=lazy::SIGN_IN ssr=SsrMode::Async />
                <Route path=StaticSegment("setup") view=lazy::SETUP ssr=SsrMode::Async />
                <Route path=StaticSegment("profile") view=lazy::PROFILE ssr=SsrMode::Async />
                <Route path=(StaticSegment("profile"), StaticSegment("tokens")) view=lazy::NEW_TOKEN ssr=SsrMode::Async />
                <Route path=StaticSegment("teams") view=lazy::TEAMS ssr=SsrMode::Async />
                <Route path=(StaticSegment("teams"), ParamSegment("name")) view=lazy::TEAM ssr=SsrMode::Async />
                <Route path=StaticSegment("users") view=lazy::USERS ssr=SsrMode::Async />
                <Route path=StaticSegment("audit") view=lazy::AUDIT ssr=SsrMode::Async />
            </Routes>
        </Frame>
    }
    .into_any()
}

#[component]
fn NotFound() -> AnyView {
    crate::serverfns::not_found();
    view! {
        <Title text="Not found" />
        <Empty title="Page not found">
            <p>"Use the navigation, or " <a href="/">"go to the overview"</a> "."</p>
        </Empty>
    }
    .into_any()
}
