//! The page of trace.

use leptos::prelude::*;
use leptos_meta::Title;

/// The page of trace.
#[component]
pub fn TracePage() -> impl IntoView {
    view! {
        <Title text="Trace" />
        <h1>"Trace"</h1>
    }
}
