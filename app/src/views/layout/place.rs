//! From an order to pixels: vertical positions, the columns' widths, the paths.

use std::fmt::Write;

use super::{
    ARROW, Columns, LABEL_HEIGHT, LABEL_WIDTH, LOOP_HEIGHT, Layout, MARGIN, NODE_HEIGHT, NODE_WIDTH, Place, Route,
    Thing,
};

/// How many times the columns are fitted to each other, rightwards and back.
const PASSES: usize = 6;
/// What is free between two nodes, in pixels.
const NODE_GAP: f64 = 20.0;
/// What is free between two labels or lanes, in pixels.
const LABEL_GAP: f64 = 6.0;
/// The most that two edges are apart where they meet a node, in pixels.
const PORT_GAP: f64 = 11.0;

/// Everything in pixels; nodes by rank, edges as sorted.
pub(super) fn place(columns: &Columns, nodes: usize, edges: &[(usize, usize)]) -> Layout {
    let y = vertical(columns);
    let (x, width) = horizontal(columns);
    let mut layout = Layout {
        width,
        height: MARGIN,
        nodes: vec![Place::default(); nodes],
        edges: Vec::with_capacity(edges.len()),
    };
    for (i, item) in columns.items.iter().enumerate() {
        let bottom = y[i] + f64::from(item.height) / 2.0;
        layout.height = layout.height.max(bottom.ceil() as i32 + MARGIN);
        if let Thing::Node(node) = item.thing {
            // What is free for a loop is above the node.
            layout.nodes[node] = Place {
                x: x[item.column],
                y: bottom.round() as i32 - NODE_HEIGHT,
                column: item.column / 2,
            };
        }
    }
    let (outlets, inlets) = ports(columns, &y);
    for (t, (chain, back)) in columns.chains.iter().enumerate() {
        layout.edges.push(if chain.is_empty() {
            self_loop(layout.nodes[edges[t].0])
        } else {
            route(
                columns,
                chain,
                *back,
                &x,
                &y,
                layout_ports(&layout, edges[t], *back),
                (outlets[t], inlets[t]),
            )
        });
    }
    layout
}

/// The two ends of an edge from left to right: (x, middle y) where it leaves and where it arrives.
fn layout_ports(layout: &Layout, edge: (usize, usize), back: bool) -> [(i32, i32); 2] {
    let (from, to) = if back { (edge.1, edge.0) } else { edge };
    let middle = |place: Place| place.y + NODE_HEIGHT / 2;
    let (from, to) = (layout.nodes[from], layout.nodes[to]);
    [(from.x + NODE_WIDTH, middle(from)), (to.x, middle(to))]
}

/// The left edge of each column, and the whole width. A column of labels is wider where more edges bend in it.
fn horizontal(columns: &Columns) -> (Vec<i32>, i32) {
    let mut x = Vec::with_capacity(columns.order.len());
    let mut at = MARGIN;
    for (c, column) in columns.order.iter().enumerate() {
        if c % 2 == 0 {
            x.push(at);
            at += NODE_WIDTH;
        } else {
            let bend = (24 + column.len() as i32 * 2).min(72);
            x.push(at + bend);
            at += LABEL_WIDTH + 2 * bend;
        }
    }
    (x, at + MARGIN)
}

/// The middle of each item, from [`MARGIN`] down.
fn vertical(columns: &Columns) -> Vec<f64> {
    let gaps: Vec<Vec<f64>> = columns
        .order
        .iter()
        .map(|column| {
            column
                .windows(2)
                .map(|pair| distance(columns, pair[0], pair[1]))
                .collect()
        })
        .collect();
    let mut y = vec![0.0; columns.items.len()];
    for (column, gaps) in columns.order.iter().zip(&gaps) {
        let mut at = 0.0;
        for (i, &item) in column.iter().enumerate() {
            y[item] = at;
            at += gaps.get(i).copied().unwrap_or(0.0);
        }
    }
    for pass in 0..PASSES {
        let last = pass + 1 == PASSES;
        for (c, gaps) in gaps.iter().enumerate() {
            fit_column(columns, c, gaps, &mut y, true, last);
        }
        for (c, gaps) in gaps.iter().enumerate().rev() {
            fit_column(columns, c, gaps, &mut y, last, true);
        }
    }
    let top = columns
        .items
        .iter()
        .enumerate()
        .map(|(i, item)| y[i] - f64::from(item.height) / 2.0)
        .fold(f64::INFINITY, f64::min);
    y.iter().map(|y| (y - top).round() + f64::from(MARGIN)).collect()
}

/// How far the middles of two neighbours in a column must be apart.
fn distance(columns: &Columns, upper: usize, lower: usize) -> f64 {
    let (upper, lower) = (&columns.items[upper], &columns.items[lower]);
    let node = |thing| matches!(thing, Thing::Node(_));
    let gap = if node(upper.thing) || node(lower.thing) {
        NODE_GAP
    } else {
        LABEL_GAP
    };
    f64::from(upper.height + lower.height) / 2.0 + gap
}

fn fit_column(columns: &Columns, c: usize, gaps: &[f64], y: &mut [f64], left: bool, right: bool) {
    let column = &columns.order[c];
    let wanted: Vec<(f64, f64)> = column
        .iter()
        .map(|&item| {
            let near = |on: bool, of: &'_ [Vec<usize>]| -> (f64, f64) {
                let near = if on { of[item].as_slice() } else { &[] };
                (near.iter().map(|&n| y[n]).sum(), near.len() as f64)
            };
            let (a, b) = (near(left, &columns.left), near(right, &columns.right));
            if a.1 + b.1 > 0.0 {
                ((a.0 + b.0) / (a.1 + b.1), 1.0)
            } else {
                // Nothing pulls at it from there: it stays where it is, but gives way.
                (y[item], 0.1)
            }
        })
        .collect();
    for (&item, fitted) in column.iter().zip(fit(&wanted, gaps)) {
        y[item] = fitted;
    }
}

/// The positions nearest to the wanted ones (least squares, by weight) in which each is at least `gaps[i]` after the one before:
/// isotonic regression by pooling adjacent violators.
fn fit(wanted: &[(f64, f64)], gaps: &[f64]) -> Vec<f64> {
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(wanted.len());
    // Blocks of neighbours that touch: mean, weight, how many.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (i, &(at, weight)) in wanted.iter().enumerate() {
        offsets.push(offset);
        let mut block = (at - offset, weight, 1);
        while let Some(&(mean, w, count)) = blocks.last() {
            if mean <= block.0 {
                break;
            }
            block = (
                (mean * w + block.0 * block.1) / (w + block.1),
                w + block.1,
                count + block.2,
            );
            blocks.pop();
        }
        blocks.push(block);
        offset += gaps.get(i).copied().unwrap_or(0.0);
    }
    let mut fitted = Vec::with_capacity(wanted.len());
    for (mean, _, count) in blocks {
        for _ in 0..count {
            fitted.push(mean + offsets[fitted.len()]);
        }
    }
    fitted
}

/// How far from a node's middle each edge leaves it on the right and arrives on the left, so that edges fan out in the
/// order of where they go.
fn ports(columns: &Columns, y: &[f64]) -> (Vec<i32>, Vec<i32>) {
    let mut leaving: Vec<Vec<(f64, usize)>> = vec![Vec::new(); columns.items.len()];
    let mut arriving = leaving.clone();
    for (t, (chain, _)) in columns.chains.iter().enumerate() {
        if let [first, second, .., before, last] = chain[..] {
            leaving[first].push((y[second], t));
            arriving[last].push((y[before], t));
        } else if let [first, middle, last] = chain[..] {
            leaving[first].push((y[middle], t));
            arriving[last].push((y[middle], t));
        }
    }
    let spread = |sides: Vec<Vec<(f64, usize)>>| {
        let mut offset = vec![0; columns.chains.len()];
        for mut side in sides {
            side.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let middle = (side.len() as f64 - 1.0) / 2.0;
            let step = if middle > 0.0 {
                PORT_GAP.min((f64::from(NODE_HEIGHT) / 2.0 - 8.0) / middle)
            } else {
                0.0
            };
            for (i, (_, t)) in side.into_iter().enumerate() {
                offset[t] = ((i as f64 - middle) * step).round() as i32;
            }
        }
        offset
    };
    (spread(leaving), spread(arriving))
}

fn route(
    columns: &Columns,
    chain: &[usize],
    back: bool,
    x: &[i32],
    y: &[f64],
    [start, end]: [(i32, i32); 2],
    (out, into): (i32, i32),
) -> Route {
    // Bends between the points 0-1, 2-3, ...; straight between 1-2, 3-4, ...
    let mut points = vec![(start.0, start.1 + out)];
    let mut label = (0, 0);
    for &item in &chain[1..chain.len() - 1] {
        let column = columns.items[item].column;
        let width = if column.is_multiple_of(2) {
            NODE_WIDTH
        } else {
            LABEL_WIDTH
        };
        let at = y[item].round() as i32;
        if matches!(columns.items[item].thing, Thing::Label(_)) {
            label = (x[column] + width / 2, at);
        }
        points.extend([(x[column], at), (x[column] + width, at)]);
    }
    points.push((end.0, end.1 + into));
    // The tip of the arrowhead touches the called node.
    if back {
        points[0].0 += ARROW;
        points.reverse();
    } else if let Some(end) = points.last_mut() {
        end.0 -= ARROW;
    }
    let mut path = format!("M{} {}", points[0].0, points[0].1);
    for (i, pair) in points.windows(2).enumerate() {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        // Writing to a String can't fail.
        let _ = if i % 2 == 0 && y0 != y1 {
            let middle = i32::midpoint(x0, x1);
            write!(path, "C{middle} {y0} {middle} {y1} {x1} {y1}")
        } else {
            write!(path, "L{x1} {y1}")
        };
    }
    Route { path, label, back }
}

/// A loop above the right half of the node, its label beside it.
fn self_loop(place: Place) -> Route {
    let (x0, x1) = (place.x + NODE_WIDTH - 52, place.x + NODE_WIDTH - 20);
    let top = place.y - LOOP_HEIGHT + 2;
    Route {
        path: format!("M{x0} {}C{x0} {top} {x1} {top} {x1} {}", place.y, place.y - ARROW),
        label: (x0 - 6 - LABEL_WIDTH / 2, place.y - 3 - LABEL_HEIGHT / 2),
        back: true,
    }
}
