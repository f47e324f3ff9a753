//! A time piece by piece: what the charts of objectives draw. The pieces come from the same counts as the headline, and add up to it.

use std::collections::HashMap;

use pointsman_domain::slo::{Count, Interval, Level, Tally, intervals};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;
use pointsman_store::slo::objectives::ObjectiveRow;
use pointsman_store::{Connection, StoreError, slo};

use super::counts::count;

/// What was counted in a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// From when to when.
    pub(super) range: TimeRange,
    /// Events, or slices.
    pub(super) count: Count,
    /// Events that were left out.
    pub(super) excluded: u64,
}

/// A time cut at each beginning of a minute, an hour or a day of UTC: the first and the last piece may be parts.
pub(super) fn cut(range: TimeRange, level: Level) -> Vec<TimeRange> {
    let mut pieces = Vec::new();
    let mut from_ns = range.from_ns;
    while from_ns < range.to_ns {
        let to_ns = (level.floor(from_ns) + level.ns()).min(range.to_ns);
        pieces.push(TimeRange { from_ns, to_ns });
        from_ns = to_ns;
    }
    pieces
}

/// What an objective with counts of its own had in a time, which [`intervals`] puts together exactly, piece by piece.
pub(super) async fn read(
    conn: &mut Connection,
    row: &ObjectiveRow,
    range: TimeRange,
    level: Level,
    excluded: &[TimeRange],
) -> Result<Vec<Piece>, StoreError> {
    let pieces: Vec<(TimeRange, Vec<Interval>)> = cut(range, level)
        .into_iter()
        .map(|piece| (piece, intervals(piece)))
        .collect();
    let mut rows: HashMap<(Level, UnixNanos), Tally> = HashMap::new();
    for level in Level::ALL {
        let mine = || {
            pieces
                .iter()
                .flat_map(|(_, spans)| spans)
                .filter(|span| span.level == level)
        };
        let (Some(from_ns), Some(to_ns)) = (
            mine().map(|span| span.from_ns).min(),
            mine().map(|span| span.to_ns).max(),
        ) else {
            continue;
        };
        let range = TimeRange { from_ns, to_ns };
        for (at_ns, tally) in slo::counts_of(conn, row.counted_as, level, range).await? {
            rows.insert((level, at_ns), tally);
        }
    }
    let sum = |spans: &[Interval]| {
        let mut sum = Tally::default();
        for span in spans {
            for at_ns in (span.from_ns..span.to_ns).step_by(span.level.ns() as usize) {
                sum += rows.get(&(span.level, at_ns)).copied().unwrap_or_default();
            }
        }
        sum
    };
    Ok(pieces
        .iter()
        .map(|(range, spans)| {
            let tally = sum(spans);
            Piece {
                range: *range,
                count: count(row, tally, *range, excluded),
                excluded: tally.excluded.max(0) as u64,
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pieces_are_the_whole(from in 0_u64..4000, minutes in 1_u64..100_000) {
            let range = TimeRange {
                from_ns: from * Level::Hour.ns(),
                to_ns: from * Level::Hour.ns() + minutes * Level::Minute.ns(),
            };
            for level in [Level::Hour, Level::Day] {
                let pieces = cut(range, level);
                prop_assert_eq!(pieces.first().map(|piece| piece.from_ns), Some(range.from_ns));
                prop_assert_eq!(pieces.last().map(|piece| piece.to_ns), Some(range.to_ns));
                for pair in pieces.windows(2) {
                    prop_assert_eq!(pair[0].to_ns, pair[1].from_ns);
                    prop_assert_eq!(pair[1].from_ns % level.ns(), 0);
                }
                // Each is put together exactly.
                for piece in pieces {
                    let spans = intervals(piece);
                    prop_assert_eq!(spans.first().map(|span| span.from_ns), Some(piece.from_ns));
                    prop_assert_eq!(spans.last().map(|span| span.to_ns), Some(piece.to_ns));
                }
            }
        }
    }
}
