//! The topology as tables: the nodes, and who calls whom. Everything that the graph shows, in words and figures.

use leptos::prelude::*;
use pointsman_domain::health::Health;
use pointsman_domain::read::{Topology, TopologyEdge, TopologyNode};
use pointsman_domain::rollup::Endpoint;

use super::node_panel::{CellHeads, Cells};
use crate::components::{LiveData, State};
use crate::format::shown;
use crate::url::{use_query, use_shared};
use crate::views::topology::{edge_id, node_id, pairs, traces_of};

/// Both tables. Rows keep their order, whatever the figures do.
#[component]
pub(super) fn TopologyTable(
    /// What to show.
    data: LiveData<Topology>,
) -> AnyView {
    let nodes = move || data.with(|topology| topology.nodes.iter().map(|s| node_id(&s.endpoint)).collect::<Vec<_>>());
    let edges = move || {
        let ids = |topology: &Topology| {
            topology
                .edges
                .iter()
                .map(|t| edge_id(&t.source, &t.target))
                .collect::<Vec<_>>()
        };
        data.with(ids)
    };
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label="Services and dependencies">
            <table class="table">
                <caption>"Services and dependencies"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col" class="wide-only">"Kind"</th>
                        <th scope="col">"State"</th>
                        <CellHeads />
                    </tr>
                </thead>
                <tbody>
                    <For each=nodes key=String::clone let:id><NodeRow data id /></For>
                </tbody>
            </table>
        </div>
        <div class="scroll-x" tabindex="0" role="region" aria-label="Edges">
            <table class="table">
                <caption>"Edges"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Caller"</th>
                        <th scope="col">"Callee"</th>
                        <th scope="col">"State"</th>
                        <CellHeads />
                        <th scope="col">"Traces"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=edges key=String::clone let:id><EdgeRow data id /></For>
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Choose(endpoint: Endpoint) -> impl IntoView {
    let query = use_query();
    let (id, name) = (node_id(&endpoint), shown(&endpoint.name));
    view! { <a href=move || query.get().with("selected", &id).link("/topology") data-noscroll="true">{name}</a> }
}

#[component]
fn NodeRow(data: LiveData<Topology>, id: String) -> AnyView {
    let node: Memo<Option<TopologyNode>> = Memo::new(move |_| {
        data.with(|topology| {
            topology
                .nodes
                .iter()
                .find(|node| node_id(&node.endpoint) == id)
                .cloned()
        })
    });
    let endpoint = node.with_untracked(|node| node.as_ref().map(|node| node.endpoint.clone()).unwrap_or_default());
    let kind = endpoint.kind.as_str();
    let health = move || node.with(|node| node.as_ref().map_or(Health::NoTraffic, |node| node.verdict.health));
    let red = move || node.with(|node| node.as_ref().map(|node| node.red).unwrap_or_default());
    view! {
        <tr>
            <th scope="row" class="breaks"><Choose endpoint /></th>
            <td class="wide-only">{kind}</td>
            <td>{move || view! { <State health=health() /> }}</td>
            {move || view! { <Cells red=red() /> }}
        </tr>
    }
    .into_any()
}

#[component]
fn EdgeRow(data: LiveData<Topology>, id: String) -> AnyView {
    let shared = use_shared();
    let edge: Memo<Option<TopologyEdge>> = Memo::new(move |_| {
        data.with(|topology| {
            topology
                .edges
                .iter()
                .find(|edge| edge_id(&edge.source, &edge.target) == id)
                .cloned()
        })
    });
    let (source, target) = edge.with_untracked(|edge| {
        edge.as_ref()
            .map(|edge| (edge.source.clone(), edge.target.clone()))
            .unwrap_or_default()
    });
    let health = move || edge.with(|edge| edge.as_ref().map_or(Health::NoTraffic, |edge| edge.verdict.health));
    let red = move || edge.with(|edge| edge.as_ref().map(|edge| edge.red).unwrap_or_default());
    let traces = traces_of(&source, &target).map(|filters| {
        view! { <a href=move || shared.with(|shared| shared.link("/traces", &pairs(&filters)))>"Traces"</a> }
    });
    view! {
        <tr>
            <th scope="row" class="breaks"><Choose endpoint=source /></th>
            <td class="breaks"><Choose endpoint=target /></td>
            <td>{move || view! { <State health=health() /> }}</td>
            {move || view! { <Cells red=red() /> }}
            <td>{traces}</td>
        </tr>
    }
    .into_any()
}
