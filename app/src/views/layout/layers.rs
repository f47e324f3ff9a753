//! Which column each node stands in, and the chains of labels and lanes between them.

use super::{Columns, Item, LABEL_HEIGHT, LOOP_HEIGHT, NODE_HEIGHT, Thing};

/// Height of a lane past a column, in pixels.
const LANE_HEIGHT: i32 = 10;

/// The columns in the order of names, not yet rearranged. `edges` are sorted.
pub(super) fn build(nodes: usize, edges: &[(usize, usize)]) -> Columns {
    let (back, topological) = break_cycles(nodes, edges);
    let ends = |t: usize| if back[t] { (edges[t].1, edges[t].0) } else { edges[t] };

    let mut layer = vec![0_usize; nodes];
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for t in (0..edges.len()).filter(|&t| edges[t].0 != edges[t].1) {
        let (from, to) = ends(t);
        next[from].push(to);
    }
    for &node in &topological {
        for &to in &next[node] {
            layer[to] = layer[to].max(layer[node] + 1);
        }
    }

    let mut columns = Columns::default();
    let count = layer.iter().max().map_or(0, |deepest| deepest * 2 + 1);
    columns.order = vec![Vec::new(); count];
    let mut touched = vec![false; nodes];
    let mut loops = vec![false; nodes];
    for &(from, to) in edges {
        touched[from] = true;
        touched[to] = true;
        loops[from] |= from == to;
    }
    // Items 0.. are the nodes. Those that nobody calls and that call nobody stand below the others.
    for node in 0..nodes {
        let height = NODE_HEIGHT + if loops[node] { LOOP_HEIGHT } else { 0 };
        columns.add(Thing::Node(node), layer[node] * 2, height);
    }
    columns
        .order
        .iter_mut()
        .for_each(|column| column.sort_by_key(|&i| (!touched[i], i)));

    for (t, &edge) in edges.iter().enumerate() {
        if edge.0 == edge.1 {
            columns.chains.push((Vec::new(), true));
            continue;
        }
        let (from, to) = ends(t);
        let mut chain = vec![from];
        for column in layer[from] * 2 + 1..layer[to] * 2 {
            let (thing, height) = if column == layer[from] * 2 + 1 {
                (Thing::Label(t), LABEL_HEIGHT)
            } else {
                (Thing::Lane, LANE_HEIGHT)
            };
            chain.push(columns.add(thing, column, height));
        }
        chain.push(to);
        for pair in chain.windows(2) {
            columns.right[pair[0]].push(pair[1]);
            columns.left[pair[1]].push(pair[0]);
        }
        columns.chains.push((chain, back[t]));
    }
    columns
}

impl Columns {
    fn add(&mut self, thing: Thing, column: usize, height: i32) -> usize {
        let item = self.items.len();
        self.items.push(Item { thing, column, height });
        self.order[column].push(item);
        self.left.push(Vec::new());
        self.right.push(Vec::new());
        item
    }
}

/// Which edges close a cycle, and the nodes in an order in which every other edge points forward.
///
/// Depth first from the nodes that nobody calls, then from the rest, always in the order of names.
fn break_cycles(nodes: usize, edges: &[(usize, usize)]) -> (Vec<bool>, Vec<usize>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        OnPath,
        Done,
    }
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    let mut called = vec![false; nodes];
    for (t, &(from, to)) in edges.iter().enumerate() {
        out[from].push(t);
        called[to] |= from != to;
    }
    let mut starts: Vec<usize> = (0..nodes).collect();
    starts.sort_by_key(|&node| (called[node], node));

    let mut seen = vec![Seen::No; nodes];
    let mut back = vec![false; edges.len()];
    let mut finished = Vec::with_capacity(nodes);
    for start in starts {
        if seen[start] != Seen::No {
            continue;
        }
        seen[start] = Seen::OnPath;
        let mut path = vec![(start, 0_usize)];
        while let Some((node, at)) = path.last_mut() {
            let Some(&t) = out[*node].get(*at) else {
                seen[*node] = Seen::Done;
                finished.push(*node);
                path.pop();
                continue;
            };
            *at += 1;
            let to = edges[t].1;
            match seen[to] {
                Seen::OnPath => back[t] = true,
                Seen::Done => {}
                Seen::No => {
                    seen[to] = Seen::OnPath;
                    path.push((to, 0));
                }
            }
        }
    }
    finished.reverse();
    (back, finished)
}
