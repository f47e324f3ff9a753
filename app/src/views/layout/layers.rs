//! Which column each station stands in, and the chains of labels and lanes between them.

use super::{Columns, Item, LABEL_HEIGHT, LOOP_HEIGHT, STATION_HEIGHT, Thing};

/// Height of a lane past a column, in pixels.
const LANE_HEIGHT: i32 = 10;

/// The columns in the order of names, not yet rearranged. `tracks` are sorted.
pub(super) fn build(stations: usize, tracks: &[(usize, usize)]) -> Columns {
    let (back, topological) = break_cycles(stations, tracks);
    let ends = |t: usize| if back[t] { (tracks[t].1, tracks[t].0) } else { tracks[t] };

    let mut layer = vec![0_usize; stations];
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); stations];
    for t in (0..tracks.len()).filter(|&t| tracks[t].0 != tracks[t].1) {
        let (from, to) = ends(t);
        next[from].push(to);
    }
    for &station in &topological {
        for &to in &next[station] {
            layer[to] = layer[to].max(layer[station] + 1);
        }
    }

    let mut columns = Columns::default();
    let count = layer.iter().max().map_or(0, |deepest| deepest * 2 + 1);
    columns.order = vec![Vec::new(); count];
    let mut touched = vec![false; stations];
    let mut loops = vec![false; stations];
    for &(from, to) in tracks {
        touched[from] = true;
        touched[to] = true;
        loops[from] |= from == to;
    }
    // Items 0.. are the stations. Those that nobody calls and that call nobody stand below the others.
    for station in 0..stations {
        let height = STATION_HEIGHT + if loops[station] { LOOP_HEIGHT } else { 0 };
        columns.add(Thing::Station(station), layer[station] * 2, height);
    }
    columns
        .order
        .iter_mut()
        .for_each(|column| column.sort_by_key(|&i| (!touched[i], i)));

    for (t, &track) in tracks.iter().enumerate() {
        if track.0 == track.1 {
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

/// Which tracks close a cycle, and the stations in an order in which every other track points forward.
///
/// Depth first from the stations that nobody calls, then from the rest, always in the order of names.
fn break_cycles(stations: usize, tracks: &[(usize, usize)]) -> (Vec<bool>, Vec<usize>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        OnPath,
        Done,
    }
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); stations];
    let mut called = vec![false; stations];
    for (t, &(from, to)) in tracks.iter().enumerate() {
        out[from].push(t);
        called[to] |= from != to;
    }
    let mut starts: Vec<usize> = (0..stations).collect();
    starts.sort_by_key(|&station| (called[station], station));

    let mut seen = vec![Seen::No; stations];
    let mut back = vec![false; tracks.len()];
    let mut finished = Vec::with_capacity(stations);
    for start in starts {
        if seen[start] != Seen::No {
            continue;
        }
        seen[start] = Seen::OnPath;
        let mut path = vec![(start, 0_usize)];
        while let Some((station, at)) = path.last_mut() {
            let Some(&t) = out[*station].get(*at) else {
                seen[*station] = Seen::Done;
                finished.push(*station);
                path.pop();
                continue;
            };
            *at += 1;
            let to = tracks[t].1;
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
