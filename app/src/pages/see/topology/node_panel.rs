//! The panel beside the graph: what is this, how is it, who calls it, whom it calls, by version, and the ways deeper.

use leptos::prelude::*;
use pointsman_domain::health::HealthVerdict;
use pointsman_domain::read::{Red, TopologyEdge, TopologyNode, VersionSummary};
use pointsman_domain::rollup::{Endpoint, NodeKind};
use pointsman_domain::telemetry::UnixNanos;

use crate::components::{Figure, State, StateGlyph};
use crate::format;
use crate::url::{use_query, use_shared};
use crate::views::topology::{Chosen, edge_id, node_id, pairs, reason, traces_of, words};

/// What the URL has chosen.
#[component]
pub(super) fn ChosenPanel(
    /// The part, or `None` where it is not in this range.
    chosen: Option<Chosen>,
    /// Start and end of the page's range.
    window: (UnixNanos, UnixNanos),
) -> AnyView {
    let query = use_query();
    let close = move || query.get().with("selected", "").link("/topology");
    let inside = match chosen {
        Some(Chosen::Node(node, callers, called)) => {
            view! { <NodePanel node=*node callers called window /> }.into_any()
        }
        Some(Chosen::Edge(edge)) => view! { <EdgePanel edge=*edge window /> }.into_any(),
        None => view! { <h2>"Not in this range"</h2><p>"The selection had no telemetry in this time range. A wider range may show it."</p> }.into_any(),
    };
    view! {
        <aside class="panel topology-panel" aria-label="Selection">
            <a class="panel-close" href=close data-noscroll="true" aria-label="Close the panel">"Close"</a>
            {inside}
        </aside>
    }
    .into_any()
}

#[component]
fn NodePanel(
    node: TopologyNode,
    callers: Vec<TopologyEdge>,
    called: Vec<TopologyEdge>,
    window: (UnixNanos, UnixNanos),
) -> AnyView {
    let name = node.endpoint.name.to_string();
    let service = node.endpoint.kind == NodeKind::Service;
    let what = match (node.endpoint.kind, node.nodes) {
        (NodeKind::Service, 0) => "service".to_owned(),
        (NodeKind::Service, nodes) => format!("service on {}", format::counted(u64::from(nodes), "node", "nodes")),
        (kind, _) => format!("{}, known from its callers' spans", kind.as_str()),
    };
    let links = service.then(|| view! { <ServiceLinks name=name.clone() /> });
    let versions = (node.versions.len() > 1).then(|| view! { <Versions versions=node.versions /> });
    view! {
        <h2 class="panel-title">{format::shown(&name)}</h2>
        <p class="panel-kind">{what}</p>
        <How verdict=node.verdict red=node.red window />
        {links}
        {versions}
        <Neighbours title="Callers" none="None known." edges=callers end=|edge| &edge.source />
        <Neighbours title="Calls" none="None known." edges=called end=|edge| &edge.target />
    }
    .into_any()
}

#[component]
fn EdgePanel(edge: TopologyEdge, window: (UnixNanos, UnixNanos)) -> AnyView {
    let shared = use_shared();
    let query = use_query();
    let to = move |endpoint: &Endpoint| {
        let (id, name) = (node_id(endpoint), format::shown(&endpoint.name));
        view! { <a href=move || query.get().with("selected", &id).link("/topology") data-noscroll="true">{name}</a> }
    };
    let (source, target) = (edge.source.clone(), edge.target.clone());
    let traces = traces_of(&source, &target).map(|filters| {
        let href = move || shared.with(|shared| shared.link("/traces", &pairs(&filters)));
        view! { <p class="panel-links"><a class="button" href=href>"Traces of this edge"</a></p> }
    });
    let by_version = (!edge.by_version.is_empty()).then(|| {
        let rows = edge.by_version.iter().map(|(version, red)| {
            view! { <tr><th scope="row" class="mono breaks">{version_words(version)}</th><Cells red=*red /></tr> }
        });
        view! {
            <h3>"By version of " {format::shown(&edge.target.name)}</h3>
            <table class="table compact"><thead><tr><th scope="col">"Version"</th><CellHeads /></tr></thead>
                <tbody>{rows.collect_view()}</tbody></table>
        }
    });
    view! {
        <h2 class="panel-title">{to(&source)} " → " {to(&target)}</h2>
        <p class="panel-kind">"Calls, as measured by the caller"</p>
        <How verdict=edge.verdict red=edge.red window />
        {traces}
        {by_version}
    }
    .into_any()
}

/// State, why, and the figures with what they rest on.
#[component]
fn How(verdict: HealthVerdict, red: Red, window: (UnixNanos, UnixNanos)) -> AnyView {
    let from = format!("{}, {}", words(&red), format::span_words(window.0, window.1));
    view! {
        <p class="panel-how"><State health=verdict.health /> " " {verdict.cause.map(|_| reason(verdict, &red))}</p>
        <dl class="figures">
            <Figure label="Rate" value=format::rate(red.rate) unit="/s" from=from.clone() />
            <Figure label="Errors" value=format::percent(red.error_ratio) unit="%" from=from.clone() />
            <Figure label="p50" value=format::maybe_duration(red.p50_ns) from=from.clone() />
            <Figure label="p95" value=format::maybe_duration(red.p95_ns) from=from.clone() />
            <Figure label="p99" value=format::maybe_duration(red.p99_ns) from />
        </dl>
        <p class="panel-sample">{format::counted(red.requests, "request", "requests")} ", " {format::counted(red.errors, "error", "errors")}</p>
    }
    .into_any()
}

#[component]
fn ServiceLinks(name: String) -> AnyView {
    let shared = use_shared();
    let [a, b, c, d] = [(); 4].map(|()| name.clone());
    view! {
        <p class="panel-links">
            <a class="button" href=move || shared.with(|shared| shared.service(&a))>"Service page"</a>
            <a href=move || shared.with(|shared| shared.link("/traces", &[("service", &b)]))>"Traces"</a>
            <a href=move || shared.with(|shared| shared.link("/traces", &[("service", &c), ("status", "error")]))>"Failed traces"</a>
            <a href=move || shared.with(|shared| shared.link("/logs", &[("service", &d)]))>"Logs"</a>
        </p>
    }
    .into_any()
}

#[component]
fn Versions(versions: Vec<VersionSummary>) -> AnyView {
    let rows = versions.into_iter().map(|version| {
        view! {
            <tr>
                <th scope="row" class="breaks"><StateGlyph health=version.verdict.health /><span class="only-read">{version.verdict.health.word()} " "</span> <span class="mono">{version_words(&version.version)}</span></th>
                <Cells red=version.red />
            </tr>
        }
    });
    view! {
        <h3>"By version"</h3>
        <table class="table compact"><thead><tr><th scope="col">"Version"</th><CellHeads /></tr></thead>
            <tbody>{rows.collect_view()}</tbody></table>
    }
    .into_any()
}

#[component]
fn Neighbours(
    title: &'static str,
    none: &'static str,
    edges: Vec<TopologyEdge>,
    end: fn(&TopologyEdge) -> &Endpoint,
) -> impl IntoView {
    let query = use_query();
    let body = if edges.is_empty() {
        view! { <p class="quiet">{none}</p> }.into_any()
    } else {
        let rows = edges.into_iter().map(|edge| {
            let (name, id) = (format::shown(&end(&edge).name), edge_id(&edge.source, &edge.target));
            let href = move || query.get().with("selected", &id).link("/topology");
            view! {
                <tr>
                    <th scope="row" class="breaks"><StateGlyph health=edge.verdict.health /><span class="only-read">{edge.verdict.health.word()} " "</span> <a href=href data-noscroll="true">{name}</a></th>
                    <Cells red=edge.red />
                </tr>
            }
        });
        view! {
            <table class="table compact"><thead><tr><th scope="col">"Name"</th><CellHeads /></tr></thead>
                <tbody>{rows.collect_view()}</tbody></table>
        }
        .into_any()
    };
    view! { <h3>{title}</h3> {body} }
}

/// Heads of [`Cells`].
#[component]
pub(super) fn CellHeads() -> AnyView {
    view! {
        <th scope="col" class="num">"Rate" <span class="unit">"/s"</span></th>
        <th scope="col" class="num">"Errors" <span class="unit">"%"</span></th>
        <th scope="col" class="num">"p95"</th>
    }
    .into_any()
}

/// Rate, errors and p95 as cells of a table.
#[component]
pub(super) fn Cells(
    /// The figures.
    red: Red,
) -> AnyView {
    view! {
        <td class="num" title=words(&red)>{format::rate(red.rate)} <span class="only-read">{words(&red)}</span></td>
        <td class="num">{format::percent(red.error_ratio)}</td>
        <td class="num">{format::maybe_duration(red.p95_ns)}</td>
    }
    .into_any()
}

fn version_words(version: &str) -> String {
    if version.is_empty() {
        "no version".to_owned()
    } else {
        format::shown(version)
    }
}
