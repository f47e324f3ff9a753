//! PRESENT, pure: where the nodes, edges and labels of the topology stand.
//!
//! A layered layout from left to right in the direction of calls, after Sugiyama, Tagawa and Toda (1981):
//!
//! 1. [`layers`]: edges that would close a cycle are turned around (depth first, in the order of names); each node stands one column
//!    to the right of the rightmost of its callers.
//! 2. Between two columns of nodes lies a column of labels. A edge is a chain: its caller, its label, a lane past each
//!    column that it skips, the called. So labels have a place of their own and can't overlap anything.
//! 3. [`order`]: a few sweeps reorder the columns by barycentre, so that edges cross less; names decide ties.
//! 4. [`place`]: each column takes the vertical positions nearest to its neighbours' that keep order and distance.
//!
//! Invariant: a function of the *set* of nodes and edges. Figures and the order of the arguments change nothing, so
//! nothing moves when data refresh.

mod layers;
mod order;
mod place;
#[cfg(test)]
mod tests;

/// Width of a node, in pixels.
pub const NODE_WIDTH: i32 = 220;
/// Height of a node, in pixels.
pub const NODE_HEIGHT: i32 = 64;
/// Width of the place that an edge's label has, in pixels.
pub const LABEL_WIDTH: i32 = 76;
/// Height of the place that an edge's label has, in pixels.
pub const LABEL_HEIGHT: i32 = 18;
/// How far from a node an edge ends, so that its arrowhead reaches it, in pixels.
pub const ARROW: i32 = 9;
/// What is free above a node for the loop of one that calls itself, in pixels.
const LOOP_HEIGHT: i32 = 30;
/// What is free around the whole, in pixels.
const MARGIN: i32 = 16;

/// The whole graph, in pixels from its top left corner.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
    /// Where each node stands, in the order of the argument.
    pub nodes: Vec<Place>,
    /// How each edge runs, in the order of the argument.
    pub edges: Vec<Route>,
}

/// Where one node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Its left edge.
    pub x: i32,
    /// Its upper edge.
    pub y: i32,
    /// Which column of nodes, from 0 at the left.
    pub column: usize,
}

/// How one edge runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// An SVG path from the caller to the called.
    pub path: String,
    /// The middle of its label.
    pub label: (i32, i32),
    /// Whether it runs from right to left (or back to where it began), because it closes a cycle.
    pub back: bool,
}

/// Lays out nodes with these names (each once) and edges from one index to another (each pair once).
pub fn lay_out<S: AsRef<str>>(names: &[S], edges: &[(usize, usize)]) -> Layout {
    // All that follows works on nodes in the order of their names and edges in the order of their ends.
    let mut by_name: Vec<usize> = (0..names.len()).collect();
    by_name.sort_by_key(|&i| names[i].as_ref());
    let mut rank = vec![0; names.len()];
    for (position, &i) in by_name.iter().enumerate() {
        rank[i] = position;
    }
    let mut by_ends: Vec<usize> = (0..edges.len()).collect();
    by_ends.sort_by_key(|&t| (rank[edges[t].0], rank[edges[t].1]));
    let sorted: Vec<(usize, usize)> = by_ends.iter().map(|&t| (rank[edges[t].0], rank[edges[t].1])).collect();

    let mut columns = layers::build(names.len(), &sorted);
    order::reduce_crossings(&mut columns);
    let placed = place::place(&columns, names.len(), &sorted);

    let mut layout = Layout {
        width: placed.width,
        height: placed.height,
        nodes: rank.iter().map(|&r| placed.nodes[r]).collect(),
        edges: vec![Route::default(); edges.len()],
    };
    for (route, &t) in placed.edges.into_iter().zip(&by_ends) {
        layout.edges[t] = route;
    }
    layout
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    /// The node of this rank.
    Node(usize),
    /// The label of this edge.
    Label(usize),
    /// A edge that passes a column.
    Lane,
}

/// One thing in its column.
#[derive(Debug, Clone)]
struct Item {
    thing: Thing,
    /// Which column: nodes in even ones, labels in odd ones, lanes in both.
    column: usize,
    height: i32,
}

/// The columns and what links them.
#[derive(Debug, Clone, Default)]
struct Columns {
    items: Vec<Item>,
    /// Items from top to bottom, by column.
    order: Vec<Vec<usize>>,
    /// Neighbours of each item in the column at its left.
    left: Vec<Vec<usize>>,
    /// Neighbours of each item in the column at its right.
    right: Vec<Vec<usize>>,
    /// For each edge the items it runs through from left to right, and whether that is against the direction of the
    /// call. A edge from a node to itself has none.
    chains: Vec<(Vec<usize>, bool)>,
}
