//! One edge: a line under the nodes, wider with its rate, its state by dash and colour; above them a label that tells all on hover
//! and focus.

use leptos::prelude::*;
use pointsman_domain::health::Health;
use pointsman_domain::read::{Topology, TopologyEdge};
use pointsman_domain::rollup::Endpoint;

use super::{arrow, choose};
use crate::components::{LiveData, follow, state_class};
use crate::format::shown;
use crate::views::layout::Route;
use crate::views::topology::{edge_id, figures, label, node_id, width, words};

/// The figures of an edge as they change.
fn edge_of(data: LiveData<Topology>, (source, target): (Endpoint, Endpoint)) -> Memo<Option<TopologyEdge>> {
    Memo::new(move |_| {
        let of = |topology: &Topology| {
            let mut edges = topology.edges.iter();
            edges
                .find(|edge| edge.source == source && edge.target == target)
                .cloned()
        };
        data.with(of)
    })
}

/// The classes of an edge: its state, whether it leads back, whether it or one of its ends is chosen.
fn class_of(
    edge: Memo<Option<TopologyEdge>>,
    ends: &(Endpoint, Endpoint),
    selected: Memo<Option<String>>,
    back: bool,
) -> impl Fn() -> String + Clone + Send + Sync + use<> {
    let chosen = chosen_by(ends, selected);
    move || {
        let chosen = chosen();
        let (chosen, back) = (if chosen { " chosen" } else { "" }, if back { " back" } else { "" });
        format!("graph-edge {}{chosen}{back}", state_class(health(edge)))
    }
}

/// Whether the edge or one of its ends is chosen.
fn chosen_by(
    ends: &(Endpoint, Endpoint),
    selected: Memo<Option<String>>,
) -> impl Fn() -> bool + Clone + Send + Sync + use<> {
    let ids = [edge_id(&ends.0, &ends.1), node_id(&ends.0), node_id(&ends.1)];
    move || selected.with(|selected| selected.as_ref().is_some_and(|selected| ids.contains(selected)))
}

fn health(edge: Memo<Option<TopologyEdge>>) -> Health {
    edge.with(|edge| edge.as_ref().map_or(Health::NoTraffic, |edge| edge.verdict.health))
}

/// The line.
#[component]
pub(super) fn EdgeLine(
    data: LiveData<Topology>,
    ends: (Endpoint, Endpoint),
    route: Route,
    selected: Memo<Option<String>>,
) -> AnyView {
    let edge = edge_of(data, ends.clone());
    let class = class_of(edge, &ends, selected, route.back);
    let chosen = chosen_by(&ends, selected);
    let end = move || format!("url(#{})", arrow(health(edge), chosen()));
    let wide = move || edge.with(|edge| edge.as_ref().map_or(1.0, |edge| width(&edge.red)));
    view! {
        <g class=class>
            <path class="graph-edge-line" d=route.path stroke-width=wide marker-end=end />
        </g>
    }
    .into_any()
}

/// What can be pointed at, and the label.
#[component]
pub(super) fn EdgeLabel(
    data: LiveData<Topology>,
    ends: (Endpoint, Endpoint),
    route: Route,
    selected: Memo<Option<String>>,
) -> AnyView {
    let edge = edge_of(data, ends.clone());
    let class = class_of(edge, &ends, selected, route.back);
    let read =
        move |what: fn(&TopologyEdge) -> String| move || edge.with(|edge| edge.as_ref().map(what).unwrap_or_default());
    let described = {
        let names = format!("{} calls {}", shown(&ends.0.name), shown(&ends.1.name));
        move || format!("{names}: {}, {}", health(edge).word(), read(|edge| words(&edge.red))())
    };
    let full = read(|edge| figures(&edge.red));
    // Some 7 pixels a character of 12 pixels in tabular figures, and a margin.
    let wide = move || full().chars().count() as i32 * 7 + 16;
    let (x, y) = route.label;
    let left = move || x - wide() / 2;
    let short = read(label);
    // The edge is not drawn behind its label.
    let ground = move || short().chars().count() as i32 * 7 + 4;
    let ground_left = move || x - ground() / 2;
    let href = choose(edge_id(&ends.0, &ends.1));
    view! {
        <g class=class>
            <a href=href.clone() aria-label=described on:click=follow(href)>
                <path class="graph-edge-hit" d=route.path />
                <rect class="graph-edge-ground" x=ground_left y=y - 8 width=ground height="16" />
                <text class="graph-edge-label" x=x y=y + 4 text-anchor="middle">{short}</text>
                <g class="graph-edge-full" aria-hidden="true">
                    <rect x=left y=y - 12 width=wide height="24" rx="4" />
                    <text x=x y=y + 4 text-anchor="middle">{full}</text>
                </g>
            </a>
        </g>
    }
    .into_any()
}
