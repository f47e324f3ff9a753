//! The page of one service (`/services/{name}`): how it is in a sentence, its charts, operations, nodes with what failed on
//! them, neighbours, recent traces and logs.

mod charts;
mod neighbours;
mod nodes;
mod operations;
mod ownership;
mod recent;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use pointsman_domain::read::ServiceDetail;

use self::charts::Charts;
use self::neighbours::Neighbours;
use self::nodes::Nodes;
use self::operations::Operations;
use self::ownership::Ownership;
use self::recent::{RecentLogs, RecentTraces};
use crate::components::{ChartLink, Chip, Empty, Figure, Loaded, Order, State, Steady};
use crate::format;
use crate::live::use_live;
use crate::serverfns::service::read::read_service;
use crate::url::{range_words, use_query, use_range, use_shared};
use crate::views::service as words;

/// What of the page outlives new data.
#[derive(Clone, Copy)]
struct Kept {
    charts: ChartLink,
    order: Memo<Order>,
    steady: Steady,
}

/// The page of one service.
#[component]
pub fn ServicePage() -> AnyView {
    let (params, range, live) = (use_params_map(), use_range(), use_live());
    let name = Memo::new(move |_| params.with(|params| params.get("name").unwrap_or_default()));
    let kept = Kept {
        charts: ChartLink::default(),
        order: Order::of_page(),
        steady: Steady::default(),
    };
    let resource = Resource::new(
        move || (name.get(), range.get(), live.tick.get()),
        |(name, range, _)| read_service(name, range),
    );
    view! {
        <Title text=move || name.get() />
        <header class="page-head">
            <h1><Chips name /> {name}</h1>
            <Onward name />
        </header>
        <Loaded resource let:detail>
            {match detail {
                Some(detail) => view! { <Detail detail kept /> }.into_any(),
                None => view! { <Unheard name=name.get_untracked() /> }.into_any(),
            }}
        </Loaded>
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
            <a href=to("/topology", &[])>"On the topology"</a>
        </p>
    }
    .into_any()
}

#[component]
fn Detail(detail: ServiceDetail, kept: Kept) -> AnyView {
    let query = use_query();
    let window = move || query.with(|query| range_words(query.range().unwrap_or_default()));
    let answer = words::answer(&detail);
    let ServiceDetail {
        range,
        summary,
        series,
        operations,
        nodes,
        upstream,
        downstream,
        ..
    } = detail;
    let red = summary.red;
    let sample = format!(
        "{} requests, {} errors",
        format::count(red.requests),
        format::count(red.errors)
    );
    let percentile = |ns| {
        let text = format::maybe_duration(ns);
        let (value, unit) = text.split_once(' ').unwrap_or((&text, ""));
        (value.to_owned(), unit.to_owned())
    };
    let latencies = [("p50", red.p50_ns), ("p95", red.p95_ns), ("p99", red.p99_ns)].map(|(label, ns)| {
        let (value, unit) = percentile(ns);
        let from = format!("Of {} requests, to within 4.4 %", format::count(red.requests));
        view! { <Figure label value unit from /> }
    });
    view! {
        <div class="service-answer">
            <State health=summary.verdict.health />
            <p>{answer} " " <span class="quiet">{window} "."</span></p>
        </div>
        <dl class="figures service-figures">
            <Figure label="Rate" value=format::rate(red.rate) unit="req/s" from=sample.clone() />
            <Figure label="Errors" value=format::percent(red.error_ratio) unit="%" from=sample />
            {latencies.collect_view()}
            <Figure label="Nodes" value=summary.nodes.to_string() unit="" from=format!("{} degraded or failing", summary.nodes_unwell) />
        </dl>
        <Charts series link=kept.charts />
        <Operations operations service=summary.name.to_string() order=kept.order steady=kept.steady />
        <Nodes nodes now_ns=range.to_ns />
        <Neighbours upstream downstream />
    }
    .into_any()
}

#[component]
fn Unheard(name: String) -> AnyView {
    crate::serverfns::not_found();
    let shared = use_shared();
    view! {
        <Empty title=format!("Nothing was ever heard of {name}")>
            <p>
                "A service is known from its first span or log record. "
                <a href=move || shared.with(|shared| shared.link("/", &[]))>"All services"</a> "."
            </p>
        </Empty>
    }
    .into_any()
}
