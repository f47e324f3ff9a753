//! The page of one service.

use leptos::prelude::*;
use leptos_meta::Title;

/// The page of one service.
#[component]
pub fn ServicePage() -> impl IntoView {
    view! {
        <Title text="Service" />
        <h1>"Service"</h1>
    }
}
