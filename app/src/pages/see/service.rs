//! The page of one service (`/services/{name}`): how it is in a sentence, its charts, operations, nodes with what failed on
//! them, neighbours, recent traces and logs.

mod charts;
mod neighbours;
mod nodes;
mod objectives;
mod operations;
mod ownership;
mod recent;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::read::ServiceDetail;

use self::charts::Charts;
use self::neighbours::Neighbours;
use self::nodes::Nodes;
use self::objectives::Objectives;
use self::operations::Operations;
use self::ownership::Ownership;
use self::recent::{RecentLogs, RecentTraces};
use crate::components::{ChartLink, Chip, Empty, Figure, LiveData, LiveLoaded, State};
use crate::format;
use crate::live::use_live;
use crate::serverfns::service::read_service;
use crate::url::{range_words, use_query, use_range, use_shared, use_subject};
use crate::views::service as words;
use crate::views::topology::service_id;

/// The page of one service.
#[component]
pub fn ServicePage() -> AnyView {
    let (range, live) = (use_range(), use_live());
    let name = use_subject("services");
    let resource = Resource::new(
        move || (name.get(), range.get(), live.tick.get()),
        |(name, range, _)| read_service(name, range),
    );
    let told = move || name.with(|name| format::shown(name));
    let as_of: fn(&Option<ServiceDetail>) -> _ = |detail| detail.as_ref().map(|detail| detail.range.to_ns);
    view! {
        <Title text=told />
        <header class="page-head">
            <h1><Chips name /> {told}</h1>
            <Onward name />
        </header>
        <LiveLoaded resource as_of let:data>
            <Whole data name />
        </LiveLoaded>
        <Objectives name />
        <Ownership name />
        <RecentTraces name />
        <RecentLogs name />
    }
    .into_any()
}

#[component]
fn Chips(name: Memo<String>) -> impl IntoView {
    move || view! { <Chip name=name.get() /> }
}

/// Links onward that carry the range.
#[component]
fn Onward(name: Memo<String>) -> AnyView {
    let shared = use_shared();
    let topology =
        move || shared.with(|shared| shared.link("/topology", &[("selected", &name.with(|name| service_id(name)))]));
    let to = move |path: &'static str, extra: &'static [(&'static str, &'static str)]| {
        move || {
            let name = name.get();
            let mut filters = vec![("service", name.as_str())];
            filters.extend_from_slice(extra);
            shared.with(|shared| shared.link(path, &filters))
        }
    };
    view! {
        <p class="onward">
            <a href=to("/traces", &[])>"Traces"</a>
            <a href=to("/traces", &[("status", "error")])>"Traces with errors"</a>
            <a href=to("/logs", &[])>"Logs"</a>
            <a href=topology>"Topology"</a>
        </p>
    }
    .into_any()
}

#[component]
fn Whole(data: LiveData<Option<ServiceDetail>>, name: Memo<String>) -> impl IntoView {
    let heard = Memo::new(move |_| data.with(Option::is_some));
    let detail = Memo::new(move |_| data.with(Clone::clone));
    move || {
        if heard.get() {
            view! { <Detail detail=Known(detail) /> }.into_any()
        } else {
            view! { <UnknownService name=name.get() /> }.into_any()
        }
    }
}

/// A service that was heard of. There is none only while the page turns to one that was not.
#[derive(Clone, Copy)]
struct Known(Memo<Option<ServiceDetail>>);

impl Known {
    /// A part of what is known, followed by itself.
    fn part<T: Default + PartialEq + Send + Sync + 'static>(self, read: fn(&ServiceDetail) -> T) -> Memo<T> {
        Memo::new(move |_| self.0.with(|detail| detail.as_ref().map(read).unwrap_or_default()))
    }
}

#[component]
fn Detail(detail: Known) -> AnyView {
    let link = ChartLink::default();
    let series = detail.part(|detail| Some(detail.series.clone()));
    let charts = move || series.get().map(|series| view! { <Charts series link /> });
    view! {
        <Answer detail />
        {charts}
        <Operations operations=detail.part(|detail| detail.operations.clone()) service=detail.part(|detail| detail.summary.name.to_string()) />
        <Nodes nodes=detail.part(|detail| detail.nodes.clone()) now_ns=detail.part(|detail| detail.range.to_ns) />
        <Neighbours upstream=detail.part(|detail| detail.upstream.clone()) downstream=detail.part(|detail| detail.downstream.clone()) />
    }
    .into_any()
}

/// How it is: in a sentence, and in figures with what they rest on.
#[component]
fn Answer(detail: Known) -> AnyView {
    let query = use_query();
    let window = move || query.with(|query| range_words(query.range().unwrap_or_default()));
    let answer = detail.part(words::answer);
    let summary = detail.part(|detail| Some(detail.summary.clone()));
    let figures = move || {
        let summary = summary.get()?;
        let red = summary.red;
        let sample = format!(
            "{} requests, {} errors",
            format::count(red.requests),
            format::count(red.errors)
        );
        let latencies = [("p50", red.p50_ns), ("p95", red.p95_ns), ("p99", red.p99_ns)].map(|(label, ns)| {
            let (value, unit) = format::apart(&format::maybe_duration(ns));
            let from = format!("Of {} requests, accurate to 4.4 %", format::count(red.requests));
            view! { <Figure label value unit from /> }
        });
        Some(view! {
            <dl class="figures service-figures">
                <Figure label="Rate" value=format::rate(red.rate) unit="req/s" from=sample.clone() />
                <Figure label="Errors" value=format::percent(red.error_ratio) unit="%" from=sample />
                {latencies.collect_view()}
                <Figure label="Nodes" value=summary.nodes.to_string() unit="" from=format!("{} degraded or failing", summary.nodes_unwell) />
            </dl>
        })
    };
    let state = move || {
        summary
            .get()
            .map(|summary| view! { <State health=summary.verdict.health /> })
    };
    view! {
        <div class="service-answer">
            {state}
            <p>{answer} " " <span class="quiet">{window} "."</span></p>
        </div>
        {figures}
    }
    .into_any()
}

#[component]
fn UnknownService(name: String) -> AnyView {
    crate::serverfns::not_found();
    let shared = use_shared();
    view! {
        <Empty title=format!("Unknown service {}", format::shown(&name))>
            <p>
                "A service appears here after its first span or log record. "
                <a href=move || shared.with(|shared| shared.link("/", &[]))>"All services"</a> "."
            </p>
        </Empty>
    }
    .into_any()
}
