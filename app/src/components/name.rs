//! The name of a service with its colour, the same on every page; never the colour alone.

use leptos::prelude::*;

use crate::format::{series_slot, shown};
use crate::url::use_shared;

/// The colour of a service as a small square.
#[component]
pub fn Chip(
    /// `service.name`.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    view! { <span class=format!("chip series-{}", series_slot(&name)) aria-hidden="true"></span> }
}

/// A service's colour and name, leading to its page in the same time range.
#[component]
pub fn ServiceName(
    /// `service.name`.
    #[prop(into)]
    name: String,
) -> AnyView {
    let shared = use_shared();
    let told = shown(&name);
    let href = {
        let name = name.clone();
        move || shared.with(|shared| shared.service(&name))
    };
    view! {
        <a class="service-name" href=href title=told.clone()>
            <Chip name=name />
            <span class="name-text">{told.clone()}</span>
        </a>
    }
    .into_any()
}
