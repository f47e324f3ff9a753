//! The page of traces.

use leptos::prelude::*;
use leptos_meta::Title;

/// The page of traces.
#[component]
pub fn TracesPage() -> impl IntoView {
    view! {
        <Title text="Traces" />
        <h1>"Traces"</h1>
    }
}
