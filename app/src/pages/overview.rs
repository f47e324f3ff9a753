//! The overview (`/`): its answer in words, what needs attention, then all services in one table.

mod attention;
mod services;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::read::Overview;

use self::attention::AttentionList;
use self::services::ServiceTable;
use crate::components::{Empty, FirstSpan, Loaded, Order, Steady};
use crate::live::use_live;
use crate::serverfns::overview::read::read_overview;
use crate::url::{use_range, use_shared};
use crate::views::overview as words;

/// The overview: what needs attention, then all services.
#[component]
pub fn OverviewPage() -> AnyView {
    let (range, live) = (use_range(), use_live());
    let (order, steady) = (Order::of_page(), Steady::default());
    let resource = Resource::new(
        move || (range.get(), live.tick.get()),
        |(range, _)| read_overview(range),
    );
    view! {
        <Title text="Overview" />
        <h1 class="only-read">"Overview"</h1>
        <Loaded resource let:overview>
            <Answer overview order steady />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Answer(overview: Overview, order: Memo<Order>, steady: Steady) -> impl IntoView {
    if overview.services.is_empty() {
        return if overview.status.any_data {
            view! { <NothingInRange /> }.into_any()
        } else {
            view! { <FirstSpan /> }.into_any()
        };
    }
    let now_ns = overview.range.to_ns;
    let answer = words::answer(&overview);
    let lag = words::lag(&overview.status).map(|lag| view! { <p class="lag">{lag}</p> });
    let dead = (overview.status.journal_dead > 0).then(|| {
        let rows = crate::format::counted(overview.status.journal_dead, "request", "requests");
        view! { <p class="lag">{rows} " could not be read in and were set aside; the server's log says why."</p> }
    });
    view! {
        <p class="answer">{answer}</p>
        {lag}
        {dead}
        <AttentionList entries=overview.attention now_ns />
        <ServiceTable services=overview.services now_ns order steady />
    }
    .into_any()
}

#[component]
fn NothingInRange() -> AnyView {
    let shared = use_shared();
    let wider = move || {
        let shared = shared.get();
        shared.link("/", &[("from", ""), ("to", ""), ("range", "7d")])
    };
    view! {
        <Empty title="No service was heard of in this range">
            <p>"There are data outside of it. " <a href=wider>"Show the last 7 days"</a> "."</p>
        </Empty>
    }
    .into_any()
}
