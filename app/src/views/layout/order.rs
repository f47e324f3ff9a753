//! The order within columns: barycentre sweeps, the best order seen is kept.

use super::Columns;

/// How many times the columns are swept to the right and back at most.
const SWEEPS: usize = 8;

/// Rearranges the columns so that fewer edges cross. An order is only given up for a strictly better one.
pub(super) fn reduce_crossings(columns: &mut Columns) {
    let mut position = vec![0; columns.items.len()];
    note_positions(&columns.order, &mut position);
    let mut best = columns.order.clone();
    let mut fewest = crossings(columns, &position);
    for _ in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        let before = fewest;
        let count = columns.order.len();
        for (column, to_left) in (1..count)
            .map(|c| (c, true))
            .chain((0..count.saturating_sub(1)).rev().map(|c| (c, false)))
        {
            let neighbours = if to_left { &columns.left } else { &columns.right };
            sort_by_barycentre(&mut columns.order[column], neighbours, &position);
            for (at, &item) in columns.order[column].iter().enumerate() {
                position[item] = at;
            }
            if column + 1 == count || column == 0 {
                let now = crossings(columns, &position);
                if now < fewest {
                    fewest = now;
                    best.clone_from(&columns.order);
                }
            }
        }
        if fewest == before {
            break;
        }
    }
    columns.order = best;
}

/// Sorts by the mean position of the neighbours. Who has none keeps its place; ties keep their order.
fn sort_by_barycentre(column: &mut [usize], neighbours: &[Vec<usize>], position: &[usize]) {
    let centre = |item: usize| {
        let near = &neighbours[item];
        let sum: usize = near.iter().map(|&n| position[n]).sum();
        sum as f64 / near.len() as f64
    };
    let places: Vec<usize> = (0..column.len())
        .filter(|&at| !neighbours[column[at]].is_empty())
        .collect();
    let mut movable: Vec<(f64, usize)> = places.iter().map(|&at| (centre(column[at]), column[at])).collect();
    movable.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (&at, (_, item)) in places.iter().zip(movable) {
        column[at] = item;
    }
}

fn note_positions(order: &[Vec<usize>], position: &mut [usize]) {
    for column in order {
        for (at, &item) in column.iter().enumerate() {
            position[item] = at;
        }
    }
}

/// How many pairs of links cross, over all columns. Counted as inversions with a Fenwick tree.
fn crossings(columns: &Columns, position: &[usize]) -> usize {
    let mut total = 0;
    for pair in columns.order.windows(2) {
        let mut seen = vec![0_usize; pair[1].len() + 1];
        let mut count = 0;
        for &item in &pair[0] {
            let mut ends: Vec<usize> = columns.right[item].iter().map(|&to| position[to]).collect();
            ends.sort_unstable();
            for &end in &ends {
                let mut at = end + 1;
                let mut not_below = 0;
                while at > 0 {
                    not_below += seen[at];
                    at &= at - 1;
                }
                total += count - not_below;
            }
            for end in ends {
                count += 1;
                let mut at = end + 1;
                while at < seen.len() {
                    seen[at] += 1;
                    at += at & at.wrapping_neg();
                }
            }
        }
    }
    total
}
