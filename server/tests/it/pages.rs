//! The list of pages and the routes that are served are one: an entry without a route would lead nowhere, a route without an entry would have no
//! title, no place in the navigation and a time range by accident.

use std::collections::BTreeSet;

use pointsman_app::site_map::PAGES;

#[tokio::test]
async fn every_page_has_a_route_and_every_route_a_page() {
    let routes = leptos_axum::generate_route_list(pointsman_app::App);
    let routes: BTreeSet<String> = routes.iter().map(|route| route.path().to_owned()).collect();
    let pages: BTreeSet<String> = PAGES.iter().map(|page| page.path.to_owned()).collect();
    assert_eq!(pages.len(), PAGES.len(), "no path is there twice");
    assert_eq!(routes, pages);
}
