//! Timeslices: a slice of time is good or bad as a whole, by the events in it, and the slices are what the budget counts.

use super::{Budgeting, Count, Indicator, Limit, Objective};
use crate::rollup::SECOND_NS;
use crate::time::TimeRange;

/// What a slice is by its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slice {
    /// It says nothing (yet): there were no events, or it has not reached the rate that it must reach or must not exceed.
    Open,
    /// The condition is met.
    Good,
    /// It is not.
    Bad,
}

impl Slice {
    /// Judges a slice of a timeslice objective by its events; `Open` for other objectives. One that touches excluded time is not judged at all:
    /// it is neither good nor bad, see [`touches`].
    ///
    /// A rate only ever grows while a slice runs, so what it says is final either way: "at least" is reached (good) or open, "at most" is
    /// exceeded (bad) or open. What stays open is told by the clock: see [`whole_slices`].
    pub fn of(objective: &Objective, events: Count) -> Self {
        let Budgeting::Timeslices { seconds, slice_target } = objective.budgeting else {
            return Self::Open;
        };
        match objective.indicator {
            Indicator::Throughput { limit, per_second } => {
                let (events, bound) = (events.total as f64, per_second * f64::from(seconds));
                match limit {
                    Limit::AtLeast if events >= bound => Self::Good,
                    Limit::AtMost if events > bound => Self::Bad,
                    _ => Self::Open,
                }
            }
            Indicator::Availability | Indicator::Latency { .. } => match events.compliance() {
                None => Self::Open,
                Some(share) if share >= slice_target.unwrap_or(objective.target.share()) => Self::Good,
                Some(_) => Self::Bad,
            },
            Indicator::Composite { .. } => Self::Open,
        }
    }

    /// As the marks that are kept: good slices, bad slices.
    pub fn marks(self) -> (i64, i64) {
        match self {
            Self::Open => (0, 0),
            Self::Good => (1, 0),
            Self::Bad => (0, 1),
        }
    }
}

/// Whether any of these excluded ranges touches a range.
pub fn touches(excluded: &[TimeRange], range: TimeRange) -> bool {
    let mut ranges = excluded.iter();
    ranges.any(|gap| gap.from_ns < range.to_ns && gap.to_ns > range.from_ns)
}

/// Whether these excluded ranges together cover all of a range.
pub fn covers(excluded: &[TimeRange], range: TimeRange) -> bool {
    let mut ranges = excluded.to_vec();
    ranges.sort_by_key(|range| range.from_ns);
    let mut at = range.from_ns;
    for gap in ranges {
        if gap.from_ns <= at {
            at = at.max(gap.to_ns);
        }
    }
    at >= range.to_ns
}

/// How many slices of this length lie wholly in the range and touch none of these excluded ranges.
pub fn whole_slices(range: TimeRange, seconds: u32, excluded: &[TimeRange]) -> u64 {
    let step = u64::from(seconds) * SECOND_NS;
    let (first, end) = (range.from_ns.div_ceil(step), range.to_ns / step);
    let mut whole = end.saturating_sub(first);
    let mut from = first;
    // Excluded ranges may overlap: each slice is taken out once.
    let mut ranges = excluded.to_vec();
    ranges.sort_by_key(|range| range.from_ns);
    for gap in ranges {
        let (gap_first, gap_end) = ((gap.from_ns / step).max(from), gap.to_ns.div_ceil(step).min(end));
        whole -= gap_end.saturating_sub(gap_first).min(whole);
        from = from.max(gap_end);
    }
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range(from: u64, to: u64) -> TimeRange {
        TimeRange {
            from_ns: from * SECOND_NS,
            to_ns: to * SECOND_NS,
        }
    }

    #[test]
    fn slices_are_counted_by_the_clock() {
        assert_eq!(whole_slices(range(0, 3600), 300, &[]), 12);
        assert_eq!(whole_slices(range(10, 3590), 300, &[]), 10);
        assert_eq!(whole_slices(range(0, 3600), 300, &[range(310, 320)]), 11);
        // Twice excluded is excluded.
        assert_eq!(whole_slices(range(0, 3600), 300, &[range(310, 620), range(0, 400)]), 9);
        assert_eq!(whole_slices(range(0, 3600), 300, &[range(0, 9000)]), 0);
        assert_eq!(whole_slices(range(0, 100), 300, &[]), 0);
    }

    #[test]
    fn ranges_touch_or_cover() {
        assert!(touches(&[range(0, 10)], range(9, 20)));
        assert!(!touches(&[range(0, 10)], range(10, 20)));
        assert!(covers(&[range(30, 60), range(0, 30)], range(0, 60)));
        assert!(!covers(&[range(31, 60), range(0, 30)], range(0, 60)));
        assert!(!covers(&[], range(0, 60)));
    }

    proptest! {
        /// The pieces of a range have as many slices as the range, whatever is excluded.
        #[test]
        fn pieces_have_the_slices_of_the_whole(
            cut in 1_u64..48,
            seconds in prop::sample::select(vec![60_u32, 120, 300, 900, 3600]),
            gaps in prop::collection::vec((0_u64..2880, 1_u64..200), 0..6),
        ) {
            let gaps: Vec<TimeRange> = gaps.into_iter().map(|(from, length)| range(from * 60, (from + length) * 60)).collect();
            let hours = |from: u64, to: u64| range(from * 3600, to * 3600);
            let of = |range| whole_slices(range, seconds, &gaps);
            prop_assert_eq!(of(hours(0, 48)), of(hours(0, cut)) + of(hours(cut, 48)));
            // And they are those that touch none.
            let step = u64::from(seconds);
            let free = (0..48 * 3600 / step).filter(|at| !touches(&gaps, range(at * step, (at + 1) * step))).count();
            prop_assert_eq!(of(hours(0, 48)), free as u64);
        }
    }
}
