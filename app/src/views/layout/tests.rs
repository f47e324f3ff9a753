//! What the layout promises, for any graph.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{ARROW, LABEL_HEIGHT, LABEL_WIDTH, Layout, NODE_HEIGHT, NODE_WIDTH, lay_out};

type Graph = (Vec<String>, Vec<(usize, usize)>);

fn graphs() -> impl Strategy<Value = Graph> {
    (1_usize..24).prop_flat_map(|n| {
        let names = (0..n).map(|i| format!("node-{:02}", (i * 7) % 97)).collect::<Vec<_>>();
        (Just(names), prop::collection::btree_set((0..n, 0..n), 0..n * 2))
            .prop_map(|(names, edges)| (names, edges.into_iter().collect()))
    })
}

/// Left, top, right, bottom.
fn boxes(layout: &Layout) -> Vec<[i32; 4]> {
    let nodes = layout
        .nodes
        .iter()
        .map(|p| [p.x, p.y, p.x + NODE_WIDTH, p.y + NODE_HEIGHT]);
    let labels = layout.edges.iter().map(|edge| {
        let (x, y) = edge.label;
        [
            x - LABEL_WIDTH / 2,
            y - LABEL_HEIGHT / 2,
            x + LABEL_WIDTH / 2,
            y + LABEL_HEIGHT / 2,
        ]
    });
    nodes.chain(labels).collect()
}

/// The first and the last point of a path.
fn ends(path: &str) -> [(i32, i32); 2] {
    let numbers: Vec<i32> = path
        .split(|c: char| c.is_ascii_alphabetic() || c == ' ')
        .filter_map(|n| n.parse().ok())
        .collect();
    let n = numbers.len();
    [(numbers[0], numbers[1]), (numbers[n - 2], numbers[n - 1])]
}

proptest! {
    #[test]
    fn nothing_overlaps_and_all_is_inside((names, edges) in graphs()) {
        let layout = lay_out(&names, &edges);
        let boxes = boxes(&layout);
        for (i, a) in boxes.iter().enumerate() {
            prop_assert!(a[0] >= 0 && a[1] >= 0 && a[2] <= layout.width && a[3] <= layout.height, "{a:?} is outside");
            for b in &boxes[..i] {
                let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
                prop_assert!(apart, "{a:?} and {b:?} overlap");
            }
        }
    }

    #[test]
    fn edges_run_left_to_right_unless_they_close_a_cycle((names, edges) in graphs()) {
        let layout = lay_out(&names, &edges);
        for (&(from, to), edge) in edges.iter().zip(&layout.edges) {
            let [start, end] = ends(&edge.path);
            let (from, to) = (layout.nodes[from], layout.nodes[to]);
            prop_assert_eq!(edge.back, from.column >= to.column);
            if !edge.back {
                prop_assert_eq!((start.0, end.0), (from.x + NODE_WIDTH, to.x - ARROW));
                prop_assert!(start.0 < end.0);
            }
            let inside = |y: i32, top: i32| (top - ARROW..=top + NODE_HEIGHT).contains(&y);
            prop_assert!(inside(start.1, from.y) && inside(end.1, to.y));
        }
    }

    #[test]
    fn a_graph_without_cycles_has_no_edge_back((names, edges) in graphs()) {
        let forward: Vec<_> = edges.into_iter().filter(|(from, to)| from < to).collect();
        prop_assert!(lay_out(&names, &forward).edges.iter().all(|edge| !edge.back));
    }

    #[test]
    fn the_order_of_the_arguments_changes_nothing((names, edges) in graphs(), turn in 0_usize..24) {
        let layout = lay_out(&names, &edges);
        let n = names.len();
        let turned: Vec<&String> = (0..n).map(|i| &names[(i + turn) % n]).collect();
        let moved = |i: usize| (i + n * 24 - turn) % n;
        let mut other: Vec<_> = edges.iter().map(|&(a, b)| (moved(a), moved(b))).collect();
        other.reverse();
        let again = lay_out(&turned, &other);
        for (i, place) in layout.nodes.iter().enumerate() {
            prop_assert_eq!(*place, again.nodes[moved(i)]);
        }
        let last = edges.len();
        for (t, route) in layout.edges.iter().enumerate() {
            prop_assert_eq!(route, &again.edges[last - 1 - t]);
        }
    }

    #[test]
    fn a_new_node_that_is_only_called_moves_none_to_another_column((names, edges) in graphs(), caller in 0_usize..24) {
        let before = lay_out(&names, &edges);
        let mut more = names.clone();
        more.push("a-new-one".to_owned());
        let mut with = edges.clone();
        with.push((caller % names.len(), names.len()));
        let after = lay_out(&more, &with);
        for (old, new) in before.nodes.iter().zip(&after.nodes) {
            prop_assert_eq!(old.column, new.column);
        }
    }
}

fn shop() -> Graph {
    let names = [
        "storefront",
        "catalog",
        "cart",
        "pricing",
        "checkout",
        "payments",
        "shipping",
        "worker",
        "postgresql/shop",
        "orders",
    ];
    let edges = vec![
        (0, 1),
        (0, 2),
        (0, 4),
        (1, 3),
        (1, 8),
        (2, 8),
        (4, 2),
        (4, 5),
        (4, 6),
        (4, 9),
        (9, 7),
        (7, 8),
        (5, 8),
    ];
    (names.map(str::to_owned).to_vec(), edges)
}

#[test]
fn the_shop_reads_from_the_storefront_to_the_database() {
    let (names, edges) = shop();
    let layout = lay_out(&names, &edges);
    let column = |name: &str| layout.nodes[names.iter().position(|n| n == name).expect("known")].column;
    assert_eq!(column("storefront"), 0);
    assert_eq!([column("catalog"), column("checkout")], [1, 1]);
    assert_eq!(
        [column("orders"), column("worker"), column("postgresql/shop")],
        [2, 3, 4]
    );
}

#[test]
fn a_new_database_moves_the_shop_by_no_more_than_one_node() {
    let (names, edges) = shop();
    let before = lay_out(&names, &edges);
    let (mut more, mut with) = (names.clone(), edges.clone());
    more.push("redis".to_owned());
    with.push((2, names.len()));
    let after = lay_out(&more, &with);
    for (i, (old, new)) in before.nodes.iter().zip(&after.nodes).enumerate() {
        assert!(
            (old.y - new.y).abs() <= 96,
            "{} moved from {old:?} to {new:?}",
            names[i]
        );
    }
}

#[test]
fn fifty_nodes_fit_a_page_that_scrolls() {
    let names: Vec<String> = (0..50).map(|i| format!("service-{i:02}")).collect();
    let edges: BTreeSet<(usize, usize)> = (1..50)
        .flat_map(|i| [((i - 1) / 3, i), (i / 5, i)])
        .filter(|(a, b)| a != b)
        .collect();
    let edges: Vec<_> = edges.into_iter().collect();
    let layout = lay_out(&names, &edges);
    assert!(
        layout.width < 3000 && layout.height < 4000,
        "{} x {}",
        layout.width,
        layout.height
    );
}

#[test]
fn no_nodes_make_an_empty_graph() {
    let layout = lay_out::<&str>(&[], &[]);
    assert!(layout.nodes.is_empty() && layout.edges.is_empty());
}
