//! The topology: what there is, what is unhealthy, then the graph (or the same as tables), and a panel on what is chosen.

mod graph;
mod node_panel;
mod table;

use leptos::prelude::*;
use leptos_meta::Title;
use pointsman_domain::read::Topology;

use self::graph::Graph;
use self::node_panel::ChosenPanel;
use self::table::TopologyTable;
use crate::components::{Empty, FirstSpan, LiveData, LiveLoaded, State};
use crate::format;
use crate::live::use_live;
use crate::serverfns::topology::read_topology;
use crate::site_map;
use crate::url::{use_query, use_range};
use crate::views::topology::{chosen, inventory, node_id, reason, unhealthy};

/// How many of the unhealthy nodes the answer names.
const NAMED: usize = 4;

/// The topology.
#[component]
pub fn TopologyPage() -> AnyView {
    let (range, live) = (use_range(), use_live());
    let resource = Resource::new(
        move || (range.get(), live.tick.get()),
        |(range, _)| read_topology(range),
    );
    let as_of: fn(&Topology) -> _ = |topology| Some(topology.range.to_ns);
    view! {
        <Title text=site_map::TOPOLOGY.title />
        <h1 class="only-read">{site_map::TOPOLOGY.title}</h1>
        <LiveLoaded resource as_of let:data>
            <Whole data />
        </LiveLoaded>
    }
    .into_any()
}

#[component]
fn Whole(data: LiveData<Topology>) -> impl IntoView {
    let received = Memo::new(move |_| data.with(|topology| topology.status.any_data || !topology.nodes.is_empty()));
    let any = Memo::new(move |_| data.with(|topology| !topology.nodes.is_empty()));
    move || match (received.get(), any.get()) {
        (false, _) => view! { <FirstSpan /> }.into_any(),
        (_, false) => view! {
            <Empty title="No services in this time range">
                <p>"Choose a wider range, or check that your services can still reach Pointsman."</p>
            </Empty>
        }
        .into_any(),
        _ => view! { <Answer data /> <Drawn data /> <Unpaired data /> }.into_any(),
    }
}

/// What there is and what is unhealthy, as sentences.
#[component]
fn Answer(data: LiveData<Topology>) -> AnyView {
    let query = use_query();
    let unhealthy =
        Memo::new(move |_| data.with(|topology| unhealthy(topology).into_iter().cloned().collect::<Vec<_>>()));
    let attention = move || {
        let unhealthy = unhealthy.get();
        let rest = unhealthy.len().saturating_sub(NAMED);
        let named = unhealthy.into_iter().take(NAMED).map(|node| {
            let id = node_id(&node.endpoint);
            let href = move || query.get().with("selected", &id).link("/topology");
            view! {
                <li>
                    <State health=node.verdict.health /> " "
                    <a href=href data-noscroll="true">{format::shown(&node.endpoint.name)}</a> " "
                    {reason(node.verdict, &node.red)}
                </li>
            }
        });
        let named = named.collect_view();
        let rest = (rest > 0).then(|| view! { <li>{format!("and {rest} more")}</li> });
        view! { <ul class="answer-list">{named}{rest}</ul> }
    };
    let all_well = move || unhealthy.with(Vec::is_empty).then_some(" None needs attention.");
    view! {
        <p class="answer">{move || data.with(inventory)} {all_well}</p>
        {move || (!unhealthy.with(Vec::is_empty)).then(attention)}
    }
    .into_any()
}

/// The graph or the tables, and the panel.
#[component]
fn Drawn(data: LiveData<Topology>) -> AnyView {
    let query = use_query();
    let selected = Memo::new(move |_| query.with(|query| query.text("selected")));
    let view = Memo::new(move |_| {
        query.with(|query| match query.get("view") {
            Some("graph") => "graph",
            Some("table") => "table",
            _ => "auto",
        })
    });
    let tab = move |name: &'static str, label: &'static str| {
        let current = move || (view.get() == name).then_some("true");
        view! {
            <a href=move || query.get().with("view", name).link("/topology") data-noscroll="true" aria-current=current>{label}</a>
        }
    };
    let panel = move || {
        let id = selected.get()?;
        let (chosen, window) =
            data.with(|topology| (chosen(topology, &id), (topology.range.from_ns, topology.range.to_ns)));
        Some(view! { <ChosenPanel chosen window /> })
    };
    view! {
        <nav class=move || format!("tabs tabs-{}", view.get()) aria-label="View">{tab("graph", "Graph")}{tab("table", "Table")}</nav>
        <div class=move || format!("topology topology-{}", view.get()) class:with-panel=move || selected.with(Option::is_some)>
            <div class="topology-main">
                {move || (view.get() != "table").then(|| view! { <div class="topology-graph"><Graph data selected /><Legend /></div> })}
                {move || (view.get() != "graph").then(|| view! { <div class="topology-table"><TopologyTable data /></div> })}
            </div>
            {panel}
        </div>
    }
    .into_any()
}

/// How to read the drawing.
#[component]
fn Legend() -> AnyView {
    use pointsman_domain::health::Health;
    let sample = |health, words| {
        let class = format!("graph-edge {}", crate::components::state_class(health));
        view! {
            <li>
                <svg width="40" height="12" viewBox="0 0 40 12" class="legend-edge" aria-hidden="true">
                    <g class=class><path class="graph-edge-line" d="M0 6H40" stroke-width="2.5" /></g>
                </svg>
                {words}
            </li>
        }
    };
    view! {
        <ul class="legend" aria-label="Legend">
            {sample(Health::Healthy, "healthy")}
            {sample(Health::Degraded, "degraded")}
            {sample(Health::Failing, "failing")}
            {sample(Health::NoTraffic, "no traffic")}
            <li>"Wider edges carry more calls per second (log scale). Labels show the rate, or what is wrong."</li>
        </ul>
    }
    .into_any()
}

/// Calls of which only one side was received.
#[component]
fn Unpaired(data: LiveData<Topology>) -> impl IntoView {
    let note = move || {
        let (clients, servers) = data.with(|topology| (topology.unpaired_clients, topology.unpaired_servers));
        (clients + servers > 0).then(|| {
            view! {
                <p class="quiet note">
                    {format!(
                        "Not drawn: {} to unknown services, and {} from unknown callers. The other side sends no spans, or they are late.",
                        format::counted(clients, "call", "calls"),
                        format::counted(servers, "request", "requests"),
                    )}
                </p>
            }
        })
    };
    view! { {note} }
}
