//! What the layout promises, for any graph.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{ARROW, LABEL_HEIGHT, LABEL_WIDTH, Layout, STATION_HEIGHT, STATION_WIDTH, lay_out};

type Graph = (Vec<String>, Vec<(usize, usize)>);

fn graphs() -> impl Strategy<Value = Graph> {
    (1_usize..24).prop_flat_map(|n| {
        let names = (0..n)
            .map(|i| format!("station-{:02}", (i * 7) % 97))
            .collect::<Vec<_>>();
        (Just(names), prop::collection::btree_set((0..n, 0..n), 0..n * 2))
            .prop_map(|(names, tracks)| (names, tracks.into_iter().collect()))
    })
}

/// Left, top, right, bottom.
fn boxes(layout: &Layout) -> Vec<[i32; 4]> {
    let stations = layout
        .stations
        .iter()
        .map(|p| [p.x, p.y, p.x + STATION_WIDTH, p.y + STATION_HEIGHT]);
    let labels = layout.tracks.iter().map(|track| {
        let (x, y) = track.label;
        [
            x - LABEL_WIDTH / 2,
            y - LABEL_HEIGHT / 2,
            x + LABEL_WIDTH / 2,
            y + LABEL_HEIGHT / 2,
        ]
    });
    stations.chain(labels).collect()
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
    fn nothing_overlaps_and_all_is_inside((names, tracks) in graphs()) {
        let layout = lay_out(&names, &tracks);
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
    fn tracks_run_left_to_right_unless_they_close_a_cycle((names, tracks) in graphs()) {
        let layout = lay_out(&names, &tracks);
        for (&(from, to), track) in tracks.iter().zip(&layout.tracks) {
            let [start, end] = ends(&track.path);
            let (from, to) = (layout.stations[from], layout.stations[to]);
            prop_assert_eq!(track.back, from.column >= to.column);
            if !track.back {
                prop_assert_eq!((start.0, end.0), (from.x + STATION_WIDTH, to.x - ARROW));
                prop_assert!(start.0 < end.0);
            }
            let inside = |y: i32, top: i32| (top - ARROW..=top + STATION_HEIGHT).contains(&y);
            prop_assert!(inside(start.1, from.y) && inside(end.1, to.y));
        }
    }

    #[test]
    fn a_graph_without_cycles_has_no_track_back((names, tracks) in graphs()) {
        let forward: Vec<_> = tracks.into_iter().filter(|(from, to)| from < to).collect();
        prop_assert!(lay_out(&names, &forward).tracks.iter().all(|track| !track.back));
    }

    #[test]
    fn the_order_of_the_arguments_changes_nothing((names, tracks) in graphs(), turn in 0_usize..24) {
        let layout = lay_out(&names, &tracks);
        let n = names.len();
        let turned: Vec<&String> = (0..n).map(|i| &names[(i + turn) % n]).collect();
        let moved = |i: usize| (i + n * 24 - turn) % n;
        let mut other: Vec<_> = tracks.iter().map(|&(a, b)| (moved(a), moved(b))).collect();
        other.reverse();
        let again = lay_out(&turned, &other);
        for (i, place) in layout.stations.iter().enumerate() {
            prop_assert_eq!(*place, again.stations[moved(i)]);
        }
        let last = tracks.len();
        for (t, route) in layout.tracks.iter().enumerate() {
            prop_assert_eq!(route, &again.tracks[last - 1 - t]);
        }
    }

    #[test]
    fn a_new_station_that_is_only_called_moves_none_to_another_column((names, tracks) in graphs(), caller in 0_usize..24) {
        let before = lay_out(&names, &tracks);
        let mut more = names.clone();
        more.push("a-new-one".to_owned());
        let mut with = tracks.clone();
        with.push((caller % names.len(), names.len()));
        let after = lay_out(&more, &with);
        for (old, new) in before.stations.iter().zip(&after.stations) {
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
    let tracks = vec![
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
    (names.map(str::to_owned).to_vec(), tracks)
}

#[test]
fn the_shop_reads_from_the_storefront_to_the_database() {
    let (names, tracks) = shop();
    let layout = lay_out(&names, &tracks);
    let column = |name: &str| layout.stations[names.iter().position(|n| n == name).expect("known")].column;
    assert_eq!(column("storefront"), 0);
    assert_eq!([column("catalog"), column("checkout")], [1, 1]);
    assert_eq!(
        [column("orders"), column("worker"), column("postgresql/shop")],
        [2, 3, 4]
    );
}

#[test]
fn a_new_database_moves_the_shop_by_no_more_than_one_station() {
    let (names, tracks) = shop();
    let before = lay_out(&names, &tracks);
    let (mut more, mut with) = (names.clone(), tracks.clone());
    more.push("redis".to_owned());
    with.push((2, names.len()));
    let after = lay_out(&more, &with);
    for (i, (old, new)) in before.stations.iter().zip(&after.stations).enumerate() {
        assert!(
            (old.y - new.y).abs() <= 96,
            "{} moved from {old:?} to {new:?}",
            names[i]
        );
    }
}

#[test]
fn fifty_stations_fit_a_page_that_scrolls() {
    let names: Vec<String> = (0..50).map(|i| format!("service-{i:02}")).collect();
    let tracks: BTreeSet<(usize, usize)> = (1..50)
        .flat_map(|i| [((i - 1) / 3, i), (i / 5, i)])
        .filter(|(a, b)| a != b)
        .collect();
    let tracks: Vec<_> = tracks.into_iter().collect();
    let layout = lay_out(&names, &tracks);
    assert!(
        layout.width < 3000 && layout.height < 4000,
        "{} x {}",
        layout.width,
        layout.height
    );
}

#[test]
fn no_stations_make_an_empty_graph() {
    let layout = lay_out::<&str>(&[], &[]);
    assert!(layout.stations.is_empty() && layout.tracks.is_empty());
}
