//! PRESENT, pure: where the stations, tracks and labels of the topology stand.
//!
//! A layered layout from left to right in the direction of calls, after Sugiyama, Tagawa and Toda (1981):
//!
//! 1. [`layers`]: edges that would close a cycle are turned around (depth first, in the order of names); each station stands one column
//!    to the right of the rightmost of its callers.
//! 2. Between two columns of stations lies a column of labels. A track is a chain: its caller, its label, a lane past each
//!    column that it skips, the called. So labels have a place of their own and can't overlap anything.
//! 3. [`order`]: a few sweeps reorder the columns by barycentre, so that tracks cross less; names decide ties.
//! 4. [`place`]: each column takes the vertical positions nearest to its neighbours' that keep order and distance.
//!
//! Invariant: a function of the *set* of stations and tracks. Figures and the order of the arguments change nothing, so
//! nothing moves when data refresh.

mod layers;
mod order;
mod place;
#[cfg(test)]
mod tests;

/// Width of a station, in pixels.
pub const STATION_WIDTH: i32 = 220;
/// Height of a station, in pixels.
pub const STATION_HEIGHT: i32 = 64;
/// Width of the place that a track's label has, in pixels.
pub const LABEL_WIDTH: i32 = 76;
/// Height of the place that a track's label has, in pixels.
pub const LABEL_HEIGHT: i32 = 18;
/// How far from a station a track ends, so that its arrowhead reaches it, in pixels.
pub const ARROW: i32 = 9;
/// What is free above a station for the loop of one that calls itself, in pixels.
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
    /// Where each station stands, in the order of the argument.
    pub stations: Vec<Place>,
    /// How each track runs, in the order of the argument.
    pub tracks: Vec<Route>,
}

/// Where one station stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Its left edge.
    pub x: i32,
    /// Its upper edge.
    pub y: i32,
    /// Which column of stations, from 0 at the left.
    pub column: usize,
}

/// How one track runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// An SVG path from the caller to the called.
    pub path: String,
    /// The middle of its label.
    pub label: (i32, i32),
    /// Whether it runs from right to left (or back to where it began), because it closes a cycle.
    pub back: bool,
}

/// Lays out stations with these names (each once) and tracks from one index to another (each pair once).
pub fn lay_out<S: AsRef<str>>(names: &[S], tracks: &[(usize, usize)]) -> Layout {
    // All that follows works on stations in the order of their names and tracks in the order of their ends.
    let mut by_name: Vec<usize> = (0..names.len()).collect();
    by_name.sort_by_key(|&i| names[i].as_ref());
    let mut rank = vec![0; names.len()];
    for (position, &i) in by_name.iter().enumerate() {
        rank[i] = position;
    }
    let mut by_ends: Vec<usize> = (0..tracks.len()).collect();
    by_ends.sort_by_key(|&t| (rank[tracks[t].0], rank[tracks[t].1]));
    let sorted: Vec<(usize, usize)> = by_ends
        .iter()
        .map(|&t| (rank[tracks[t].0], rank[tracks[t].1]))
        .collect();

    let mut columns = layers::build(names.len(), &sorted);
    order::reduce_crossings(&mut columns);
    let placed = place::place(&columns, names.len(), &sorted);

    let mut layout = Layout {
        width: placed.width,
        height: placed.height,
        stations: rank.iter().map(|&r| placed.stations[r]).collect(),
        tracks: vec![Route::default(); tracks.len()],
    };
    for (route, &t) in placed.tracks.into_iter().zip(&by_ends) {
        layout.tracks[t] = route;
    }
    layout
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    /// The station of this rank.
    Station(usize),
    /// The label of this track.
    Label(usize),
    /// A track that passes a column.
    Lane,
}

/// One thing in its column.
#[derive(Debug, Clone)]
struct Item {
    thing: Thing,
    /// Which column: stations in even ones, labels in odd ones, lanes in both.
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
    /// For each track the items it runs through from left to right, and whether that is against the direction of the
    /// call. A track from a station to itself has none.
    chains: Vec<(Vec<usize>, bool)>,
}
