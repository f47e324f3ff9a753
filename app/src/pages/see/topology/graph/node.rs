//! One node: its kind by glyph, its name, its state by shape, word and colour, its figures.

use leptos::prelude::*;
use pointsman_domain::health::Health;
use pointsman_domain::read::{Topology, TopologyNode};
use pointsman_domain::rollup::{Endpoint, NodeKind};

use super::choose;
use crate::components::{LiveData, follow, state_class, state_path};
use crate::format::shown;
use crate::views::layout::{NODE_HEIGHT, NODE_WIDTH, Place};
use crate::views::topology::{figures, fit, node_id, reason, words};

/// How many characters of a name fit.
const NAME_CHARS: usize = 21;

/// A glyph for a kind of node, as strokes in a box of 16 by 16.
fn kind_path(kind: NodeKind) -> &'static str {
    match kind {
        // A box on a line.
        NodeKind::Service => "M3 4.5h10v7h-10zM0.5 8h2.5M13 8h2.5",
        // A drum.
        NodeKind::Database => "M3 4a5 2 0 1 0 10 0a5 2 0 1 0 -10 0v8a5 2 0 0 0 10 0v-8M3 8a5 2 0 0 0 10 0",
        // Things that wait one behind the other.
        NodeKind::Queue => "M2 4h3v8h-3zM6.5 4h3v8h-3zM11 4h3v8h-3z",
        // A way out.
        NodeKind::External => "M9 3h-6v10h10v-6M8 8l6 -6M10 2h4v4",
    }
}

/// A node where the layout puts it.
#[component]
pub(super) fn NodeMark(
    data: LiveData<Topology>,
    endpoint: Endpoint,
    place: Place,
    selected: Memo<Option<String>>,
) -> AnyView {
    let id = node_id(&endpoint);
    let (name, kind) = (shown(&endpoint.name), endpoint.kind);
    let short = fit(&shown(&endpoint.name), NAME_CHARS);
    let node = Memo::new(move |_| {
        let of = |topology: &Topology| topology.nodes.iter().find(|node| node.endpoint == endpoint).cloned();
        data.with(of)
    });
    let read =
        move |what: fn(&TopologyNode) -> String| move || node.with(|node| node.as_ref().map(what).unwrap_or_default());
    let health = move || node.with(|node| node.as_ref().map_or(Health::NoTraffic, |node| node.verdict.health));
    let word = move || match kind {
        NodeKind::Service => health().word().to_owned(),
        _ => format!("{} · {}", health().word(), kind.as_str()),
    };
    let described = {
        let name = name.clone();
        move || {
            let rest = read(|node| format!("{}, {}", reason(node.verdict, &node.red), words(&node.red)))();
            format!("{} {name} {rest}", kind.as_str())
        }
    };
    let chosen = {
        let id = id.clone();
        move || selected.with(|selected| selected.as_ref() == Some(&id))
    };
    let href = choose(id);
    view! {
        <g class=move || format!("graph-node graph-node-{} {}", kind.as_str(), state_class(health())) class:chosen=chosen
            transform=format!("translate({} {})", place.x, place.y)>
            <a href=href.clone() aria-label=described on:click=follow(href)>
                <title>{name.clone()}</title>
                <rect class="graph-node-box" width=NODE_WIDTH height=NODE_HEIGHT rx="6" />
                <path class="graph-node-kind" d=kind_path(kind) transform="translate(10 9)" />
                <text class="graph-node-name" x="32" y="22">{short}</text>
                <path class="graph-node-state" d=move || state_path(health()) fill-rule="evenodd" transform="translate(12 29)" />
                <text class="graph-node-word" x="32" y="39">{word}</text>
                <text class="graph-node-figures" x="32" y="55">{read(|node| figures(&node.red))}</text>
            </a>
        </g>
    }
    .into_any()
}
