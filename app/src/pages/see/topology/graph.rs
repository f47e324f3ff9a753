//! The topology as a graph: nodes, and edges from left to right in the direction of calls.
//!
//! Where things stand depends on which there are ([`crate::views::layout`]); their figures change in place.

mod edge;
mod node;

use leptos::prelude::*;
use pointsman_domain::health::Health;
use pointsman_domain::read::Topology;

use self::edge::{EdgeLabel, EdgeLine};
use self::node::NodeMark;
use crate::components::{LiveData, state_class};
use crate::url::use_query;
use crate::views::layout::{LABEL_HEIGHT, LABEL_WIDTH, Layout, NODE_HEIGHT, NODE_WIDTH};
use crate::views::topology::{Shape, edge_id, node_id};

/// The drawing, in an area of its own that scrolls.
#[component]
pub(super) fn Graph(
    /// What to draw.
    data: LiveData<Topology>,
    /// Which part the URL has chosen.
    selected: Memo<Option<String>>,
) -> AnyView {
    let shape = Memo::new(move |_| data.with(Shape::of));
    let arrows = move || {
        let states = [Health::NoTraffic, Health::Healthy, Health::Degraded, Health::Failing];
        let kinds = states.map(|health| (arrow(health, false), state_class(health)));
        let kinds = kinds
            .into_iter()
            .chain([(arrow(Health::Healthy, true), "marker-chosen")]);
        let heads = kinds.map(|(id, class)| {
            view! {
                <marker id=id class=class viewBox="0 0 10 10" refX="1" refY="5" markerWidth="11" markerHeight="11"
                    markerUnits="userSpaceOnUse" orient="auto">
                    <path class="graph-edge-head" d="M0 0L10 5L0 10z" />
                </marker>
            }
        });
        heads.collect_view()
    };
    let laid_out = Memo::new(move |_| {
        let shape = shape.get();
        let layout = shape.lay_out();
        (shape, layout)
    });
    let area = show_selected(laid_out, selected);
    let drawing = move || {
        let (shape, layout) = laid_out.get();
        let ends = |t: usize| {
            let (source, target) = shape.edges[t];
            (shape.nodes[source].clone(), shape.nodes[target].clone())
        };
        let routes = || layout.edges.iter().cloned().enumerate();
        let lines = routes()
            .map(|(t, route)| view! { <EdgeLine data ends=ends(t) route selected /> })
            .collect_view();
        let labels = routes()
            .map(|(t, route)| view! { <EdgeLabel data ends=ends(t) route selected /> })
            .collect_view();
        let nodes = shape.nodes.iter().zip(&layout.nodes);
        let nodes = nodes
            .map(|(endpoint, &place)| view! { <NodeMark data endpoint=endpoint.clone() place selected /> })
            .collect_view();
        view! {
            <svg class="graph-drawing" width=layout.width height=layout.height
                viewBox=format!("0 0 {} {}", layout.width, layout.height)>
                <defs>{arrows()}</defs>
                <g>{lines}</g>
                <g>{nodes}</g>
                <g>{labels}</g>
            </svg>
        }
    };
    view! {
        <div class="graph" node_ref=area tabindex="0" role="region" aria-label="Topology graph">{drawing}</div>
    }
    .into_any()
}

/// Scrolls the area to what the URL has chosen, where that is out of sight.
fn show_selected(laid_out: Memo<(Shape, Layout)>, selected: Memo<Option<String>>) -> NodeRef<leptos::html::Div> {
    let area = NodeRef::<leptos::html::Div>::new();
    // Effects run in the browser alone.
    Effect::new(move |_| {
        let (Some(area), Some(id)) = (area.get(), selected.get()) else {
            return;
        };
        let Some([left, top, right, bottom]) = laid_out.with(|(shape, layout)| extent(shape, layout, &id)) else {
            return;
        };
        let (x, y) = (area.scroll_left(), area.scroll_top());
        if left < x || right > x + area.client_width() {
            area.set_scroll_left((left + right - area.client_width()) / 2);
        }
        if top < y || bottom > y + area.client_height() {
            area.set_scroll_top((top + bottom - area.client_height()) / 2);
        }
    });
    area
}

/// Left, top, right and bottom of a node or a label.
fn extent(shape: &Shape, layout: &Layout, id: &str) -> Option<[i32; 4]> {
    if let Some(node) = shape.nodes.iter().position(|endpoint| node_id(endpoint) == id) {
        let place = layout.nodes.get(node)?;
        return Some([place.x, place.y, place.x + NODE_WIDTH, place.y + NODE_HEIGHT]);
    }
    let named = |&(source, target): &(usize, usize)| edge_id(&shape.nodes[source], &shape.nodes[target]) == id;
    let (x, y) = layout.edges.get(shape.edges.iter().position(named)?)?.label;
    Some([
        x - LABEL_WIDTH / 2,
        y - LABEL_HEIGHT / 2,
        x + LABEL_WIDTH / 2,
        y + LABEL_HEIGHT / 2,
    ])
}

/// The name of the arrowhead of an edge in this state; a chosen one that is healthy has one of its own.
fn arrow(health: Health, chosen: bool) -> String {
    let name = if chosen && health <= Health::Healthy {
        "chosen"
    } else {
        state_class(health)
    };
    format!("arrow-{name}")
}

/// A link that chooses a part of the graph and keeps all else in the URL.
fn choose(id: String) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let query = use_query();
    move || query.get().with("selected", &id).link("/topology")
}
