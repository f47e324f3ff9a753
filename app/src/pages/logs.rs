//! The page of logs.

use leptos::prelude::*;
use leptos_meta::Title;

/// The page of logs.
#[component]
pub fn LogsPage() -> impl IntoView {
    view! {
        <Title text="Logs" />
        <h1>"Logs"</h1>
    }
}
