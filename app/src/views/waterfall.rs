//! The waterfall: which rows stand there, where their bars begin and end, and where the keys lead.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::trace::{SpanKey, SpanRow};

/// How many rows stand on one page of a waterfall. More are on the next: a browser stays quick, and all of it reads without JavaScript.
pub const PAGE_ROWS: usize = 500;

/// Which rows stand there, as indexes: all but those under a folded span; only the critical path where that is asked for.
pub fn shown(rows: &[SpanRow], folded: &BTreeSet<SpanKey>, critical_only: bool) -> Vec<usize> {
    let mut shown = Vec::with_capacity(rows.len());
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        if !critical_only || row.critical {
            shown.push(at);
        }
        at += 1;
        if !folded.is_empty() && folded.contains(&row.key()) {
            at += row.descendants as usize;
        }
    }
    shown
}

/// Pages of a waterfall of this many rows.
pub fn pages(rows: usize) -> usize {
    rows.div_ceil(PAGE_ROWS).max(1)
}

/// The page (from 0) on which a row stands: among the shown ones the row itself, or else the last one before it.
pub fn page_of(shown: &[usize], row: usize) -> usize {
    shown.partition_point(|&at| at <= row).saturating_sub(1) / PAGE_ROWS
}

/// Where a key leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The row above.
    Up,
    /// The row below.
    Down,
    /// The first row.
    First,
    /// The last row.
    Last,
    /// The next error after this row; from the last one on to the first.
    NextError,
    /// The span that this one is under.
    Parent,
}

/// The row that a step leads to from `at`; `None` where it leads nowhere. Without a row to start from, steps lead to the first
/// of their kind.
pub fn step(rows: &[SpanRow], shown: &[usize], at: Option<usize>, step: Step) -> Option<usize> {
    // The place of the row in what is shown; a hidden one counts as the one it is folded into.
    let place = at.map(|at| shown.partition_point(|&row| row <= at).saturating_sub(1));
    match (step, place) {
        (Step::First, _) | (Step::Up | Step::Down, None) => shown.first().copied(),
        (Step::Last, _) => shown.last().copied(),
        (Step::Up, Some(place)) => shown.get(place.checked_sub(1)?).copied(),
        (Step::Down, Some(place)) => shown.get(place + 1).copied(),
        (Step::NextError, _) => {
            let errors = || (0..rows.len()).filter(|&row| rows[row].error);
            let after = at.and_then(|at| errors().find(|&row| row > at));
            after.or_else(|| errors().next())
        }
        (Step::Parent, _) => parent(rows, at?),
    }
}

/// The row that this one is under.
pub fn parent(rows: &[SpanRow], at: usize) -> Option<usize> {
    let depth = rows.get(at)?.depth;
    (0..at).rev().find(|&row| rows[row].depth < depth)
}

/// The spans that must be open so that this row can be seen.
pub fn ancestors(rows: &[SpanRow], at: usize) -> impl Iterator<Item = SpanKey> {
    std::iter::successors(parent(rows, at), |&row| parent(rows, row)).map(|row| rows[row].key())
}

/// The next row, in the waterfall's order and around its end, whose service, name or id holds the text, in any case.
pub fn find(rows: &[SpanRow], at: Option<usize>, text: &str) -> Option<usize> {
    let wanted = text.trim().to_lowercase();
    if wanted.is_empty() {
        return None;
    }
    let start = at.map_or(0, |at| at + 1);
    (start..rows.len()).chain(0..start.min(rows.len())).find(|&row| {
        let row = &rows[row];
        [row.service.as_str(), row.name.as_str()]
            .iter()
            .any(|text| text.to_lowercase().contains(&wanted))
            || row.span_id.to_string() == wanted
    })
}

/// Where a bar begins and how long it is, in percent of the trace. Wide enough to be seen, never beyond the end.
pub fn bar(row: &SpanRow, trace_ns: u64) -> (f64, f64) {
    const LEAST: f64 = 0.25;
    let percent = |ns: u64| ns as f64 / trace_ns.max(1) as f64 * 100.0;
    let start = percent(row.offset_ns).clamp(0.0, 100.0 - LEAST);
    let width = percent(row.duration_ns).clamp(LEAST, 100.0 - start);
    (start, width)
}

/// Round durations along the trace, four to eight of them, with where each stands in percent; 0 is the first.
pub fn ticks(trace_ns: u64) -> Vec<(u64, f64)> {
    let trace_ns = trace_ns.max(1);
    let power = 10_u64.pow((trace_ns / 4).max(1).ilog10());
    let step = [5, 2, 1]
        .iter()
        .map(|n| n * power)
        .find(|step| trace_ns / step >= 4)
        .unwrap_or(power);
    (0..=trace_ns / step)
        .map(|n| (n * step, (n * step) as f64 / trace_ns as f64 * 100.0))
        .collect()
}

/// The whole trace small: SVG paths of horizontal strokes in a box of 1000 by `height`, for ordinary spans, the
/// critical path and errors. Strokes that would lie on each other are drawn once, so that 10,000 spans stay small.
pub fn minimap(rows: &[SpanRow], trace_ns: u64, height: u32) -> [String; 3] {
    let mut seen = BTreeSet::new();
    let mut paths = [String::new(), String::new(), String::new()];
    for (i, row) in rows.iter().enumerate() {
        let (start, width) = bar(row, trace_ns);
        let y = (i as u64 * u64::from(height) / rows.len() as u64) as u32;
        // A stroke is drawn to 1/250 of the width.
        let (x, w) = ((start * 2.5) as u32 * 4, ((width * 2.5).ceil() as u32 * 4).max(4));
        let kind = if row.error { 2 } else { usize::from(row.critical) };
        if seen.insert((kind, y, x, w)) {
            // Writing to a String can't fail.
            let _ = write!(paths[kind], "M{x} {y}.5h{w}");
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "in tests a panic is the report")]

    use pointsman_domain::ids::SpanId;
    use pointsman_domain::telemetry::SpanKind;

    use super::*;

    fn id(n: u8) -> SpanKey {
        SpanKey {
            id: SpanId::from_bytes(&[n; 8]).unwrap(),
            kind: None,
        }
    }

    /// a (b (c!) d) e!
    fn rows() -> Vec<SpanRow> {
        let spec: [(&str, u16, u32, u64, u64, bool); 5] = [
            ("a", 0, 3, 0, 1000, false),
            ("b", 1, 1, 100, 500, false),
            ("c", 2, 0, 200, 100, true),
            ("d", 1, 0, 700, 200, false),
            ("e", 0, 0, 999, 1, true),
        ];
        let row = |(i, &(name, depth, descendants, offset_ns, duration_ns, error)): (usize, &_)| SpanRow {
            span_id: id(i as u8 + 1).id,
            shared: false,
            depth,
            descendants,
            orphan: false,
            service: "shop".into(),
            name: str::to_owned(name).into(),
            kind: SpanKind::Server,
            offset_ns,
            duration_ns,
            clock_ahead_ns: 0,
            critical: depth == 0,
            error,
        };
        spec.iter().enumerate().map(row).collect()
    }

    #[test]
    fn folding_hides_what_is_under_a_span() {
        let rows = rows();
        let folded = |ids: &[u8]| shown(&rows, &ids.iter().map(|&n| id(n)).collect(), false);
        assert_eq!(folded(&[]), [0, 1, 2, 3, 4]);
        assert_eq!(folded(&[2]), [0, 1, 3, 4]);
        assert_eq!(folded(&[1, 2]), [0, 4]);
        assert_eq!(shown(&rows, &BTreeSet::new(), true), [0, 4]);
    }

    #[test]
    fn rows_that_share_an_id_are_folded_one_by_one() {
        let mut rows = rows();
        // b is the caller's side, c the called one.
        (rows[1].kind, rows[2].span_id) = (SpanKind::Client, rows[1].span_id);
        (rows[1].shared, rows[2].shared) = (true, true);
        let key = |kind| SpanKey {
            id: rows[1].span_id,
            kind,
        };
        assert_eq!(shown(&rows, &[key(Some(SpanKind::Client))].into(), false), [0, 1, 3, 4]);
        assert_eq!(
            shown(&rows, &[key(Some(SpanKind::Server))].into(), false),
            [0, 1, 2, 3, 4]
        );
        assert_eq!(key(Some(SpanKind::Server)).find(&rows), Some(2));
        assert_eq!(key(None).find(&rows), Some(1));
        assert_eq!(ancestors(&rows, 2).next(), Some(key(Some(SpanKind::Client))));
    }

    #[test]
    fn steps_walk_what_is_shown() {
        let rows = rows();
        let shown = shown(&rows, &[id(2)].into(), false);
        let go = |at, to| step(&rows, &shown, at, to);
        assert_eq!(go(None, Step::Down), Some(0));
        assert_eq!(go(Some(1), Step::Down), Some(3));
        assert_eq!(go(Some(3), Step::Up), Some(1));
        assert_eq!(go(Some(0), Step::Up), None);
        assert_eq!(go(Some(4), Step::Down), None);
        // An error inside a folded span is found too; the page then opens what hides it.
        assert_eq!(go(Some(1), Step::NextError), Some(2));
        assert_eq!(go(Some(4), Step::NextError), Some(2));
        assert_eq!(ancestors(&rows, 2).collect::<Vec<_>>(), [id(2), id(1)]);
        assert_eq!(go(Some(2), Step::Parent), Some(1));
        assert_eq!(go(Some(0), Step::Parent), None);
        assert_eq!(step(&[], &[], None, Step::NextError), None);
    }

    #[test]
    fn find_goes_around_the_end() {
        let rows = rows();
        assert_eq!(find(&rows, Some(3), " B "), Some(1));
        assert_eq!(find(&rows, None, "0505050505050505"), Some(4));
        assert_eq!(find(&rows, None, "nothing"), None);
        assert_eq!(find(&rows, None, "  "), None);
    }

    #[test]
    fn bars_stay_within_the_trace() {
        for row in &rows() {
            let (start, width) = bar(row, 1000);
            assert!(start >= 0.0 && width > 0.0 && start + width <= 100.0 + 1e-9, "{row:?}");
        }
        let (start, width) = bar(&rows()[1], 1000);
        assert!((start - 10.0).abs() < 1e-9 && (width - 50.0).abs() < 1e-9);
        // A clock that runs ahead can put a span after the end of its trace.
        let (start, width) = bar(
            &SpanRow {
                offset_ns: 5000,
                ..rows()[1].clone()
            },
            1000,
        );
        assert!(start + width <= 100.0);
    }

    #[test]
    fn ticks_are_round_and_within() {
        for trace_ns in [1, 7, 999, 1_000, 812_000_000, 60_000_000_000, u64::from(u32::MAX)] {
            let ticks = ticks(trace_ns);
            assert!(ticks.len() <= 11 && ticks[0].0 == 0, "{trace_ns}: {ticks:?}");
            assert!(ticks.iter().all(|&(ns, percent)| ns <= trace_ns && percent <= 100.0));
        }
        assert_eq!(
            ticks(812_000_000).iter().map(|t| t.0 / 1_000_000).collect::<Vec<_>>(),
            [0, 200, 400, 600, 800]
        );
    }

    #[test]
    fn a_row_knows_its_page() {
        let shown: Vec<usize> = (0..1200).filter(|row| row % 2 == 0).collect();
        assert_eq!(
            [page_of(&shown, 0), page_of(&shown, 999), page_of(&shown, 1001)],
            [0, 0, 1]
        );
        assert_eq!([pages(0), pages(500), pages(501)], [1, 1, 2]);
    }

    #[test]
    fn a_minimap_of_many_spans_is_small() {
        let many: Vec<SpanRow> = (0..10_000)
            .map(|i| SpanRow {
                offset_ns: i,
                ..rows()[1].clone()
            })
            .collect();
        let paths = minimap(&many, 10_500, 48);
        assert!(
            paths.iter().map(String::len).sum::<usize>() < 40_000,
            "{}",
            paths[0].len()
        );
        assert!(minimap(&[], 0, 48).iter().all(String::is_empty));
    }
}
