//! The overview: what needs attention, then all services.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::Loaded;
use crate::live::use_live;
use crate::serverfns::overview::read::read_overview;
use crate::url::use_range;

/// The overview: what needs attention, then all services.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let (range, live) = (use_range(), use_live());
    let resource = Resource::new(
        move || (range.get(), live.tick.get()),
        |(range, _)| read_overview(range),
    );
    view! {
        <Title text="Overview" />
        <h1>"Overview"</h1>
        <Loaded resource let:data>
            <p>{data.services.len()}</p>
        </Loaded>
    }
}
