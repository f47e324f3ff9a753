//! The page of topology.

use leptos::prelude::*;
use leptos_meta::Title;

/// The page of topology.
#[component]
pub fn TopologyPage() -> impl IntoView {
    view! {
        <Title text="Topology" />
        <h1>"Topology"</h1>
    }
}
