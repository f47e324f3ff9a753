//! The overview (`/`): its answer in words, what needs attention, then all services in one table.

mod attention;
mod services;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::read::Overview;

use self::attention::AttentionList;
use self::services::ServiceTable;
use crate::components::{Empty, FirstSpan, LiveData, LiveLoaded};
use crate::live::use_live;
use crate::serverfns::overview::read_overview;
use crate::site_map;
use crate::url::{use_range, use_shared};
use crate::views::overview as words;

/// The overview: what needs attention, then all services.
#[component]
pub fn OverviewPage() -> AnyView {
    let (range, live) = (use_range(), use_live());
    let resource = Resource::new(
        move || (range.get(), live.tick.get()),
        |(range, _)| read_overview(range),
    );
    let as_of: fn(&Overview) -> _ = |overview| Some(overview.range.to_ns);
    view! {
        <Title text=site_map::OVERVIEW.title />
        <h1 class="only-read">{site_map::OVERVIEW.title}</h1>
        <LiveLoaded resource as_of let:data>
            <Whole data />
        </LiveLoaded>
    }
    .into_any()
}

#[component]
fn Whole(data: LiveData<Overview>) -> impl IntoView {
    let received = Memo::new(move |_| data.with(|overview| overview.status.any_data || !overview.services.is_empty()));
    let any = Memo::new(move |_| data.with(|overview| !overview.services.is_empty()));
    move || match (received.get(), any.get()) {
        (false, _) => view! { <Lag data /> <FirstSpan /> }.into_any(),
        (_, false) => view! { <Lag data /> <NothingInRange /> }.into_any(),
        _ => view! { <Answer data /> }.into_any(),
    }
}

#[component]
fn Answer(data: LiveData<Overview>) -> AnyView {
    let now_ns = Memo::new(move |_| data.with(|overview| overview.range.to_ns));
    let entries = Memo::new(move |_| data.with(|overview| overview.attention.clone()));
    let services = Memo::new(move |_| data.with(|overview| overview.services.clone()));
    view! {
        <p class="answer">{move || data.with(words::answer)}</p>
        <Lag data />
        <AttentionList entries now_ns />
        <ServiceTable services now_ns />
    }
    .into_any()
}

/// What keeps telemetry from being shown, where something does.
#[component]
fn Lag(data: LiveData<Overview>) -> AnyView {
    let lag = move || {
        data.with(|overview| words::lag(&overview.status))
            .map(|lag| view! { <p class="lag">{lag}</p> })
    };
    let skew = move || {
        data.with(|overview| words::skew(&overview.status))
            .map(|skew| view! { <p class="lag">{skew}</p> })
    };
    let dead = move || {
        let dead = data.with(|overview| overview.status.journal_dead);
        (dead > 0).then(|| {
            let rows = crate::format::counted(dead, "request", "requests");
            view! { <p class="lag">{rows} " could not be processed and were set aside; the server log has the reason."</p> }
        })
    };
    view! {
        {skew}
        {lag}
        {dead}
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
        <Empty title="No services in this time range">
            <p>"There is data outside this range. " <a href=wider>"Show the last 7 days"</a> "."</p>
        </Empty>
    }
    .into_any()
}
