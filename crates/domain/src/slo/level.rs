//! The lengths of time that counts are kept by, and how a window is put together of them.

use serde::{Deserialize, Serialize};

use crate::rollup::SECOND_NS;
use crate::telemetry::UnixNanos;
use crate::time::TimeRange;

/// The length of time that one kept count is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(i16)]
pub enum Level {
    /// 1 min, kept for some days.
    Minute = 0,
    /// 1 h, on the full hour of UTC.
    Hour = 1,
    /// A day of UTC.
    Day = 2,
}

impl Level {
    /// All three, finest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// Its length in nanoseconds.
    pub const fn ns(self) -> u64 {
        SECOND_NS
            * match self {
                Self::Minute => 60,
                Self::Hour => 3600,
                Self::Day => 86_400,
            }
    }

    /// Where the one that holds this moment begins.
    pub const fn floor(self, at: UnixNanos) -> UnixNanos {
        at - at % self.ns()
    }

    /// The first beginning of one at this moment or after it.
    pub const fn ceil(self, at: UnixNanos) -> UnixNanos {
        at.div_ceil(self.ns()) * self.ns()
    }
}

/// Kept counts of one level, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interval {
    /// The length of each count.
    pub level: Level,
    /// The beginning of the first count.
    pub from_ns: UnixNanos,
    /// The end of the last count.
    pub to_ns: UnixNanos,
}

/// What a window is put together of: as few and as long pieces as it takes, without gap or overlap. Its end goes up to that of its minute.
/// Its start goes down to that of its minute where it is at most a day long, to that of its hour where it is longer (minutes are kept for
/// some days only).
pub fn intervals(range: TimeRange) -> Vec<Interval> {
    let grain = if range.length_ns() <= Level::Day.ns() {
        Level::Minute
    } else {
        Level::Hour
    };
    let (mut at, to) = (grain.floor(range.from_ns), Level::Minute.ceil(range.to_ns));
    let mut intervals: Vec<Interval> = Vec::new();
    while at < to {
        let fits = |level: &Level| at % level.ns() == 0 && at + level.ns() <= to;
        let level = Level::ALL.into_iter().rev().find(fits).unwrap_or(Level::Minute);
        match intervals.last_mut() {
            Some(last) if last.level == level => last.to_ns += level.ns(),
            _ => intervals.push(Interval {
                level,
                from_ns: at,
                to_ns: at + level.ns(),
            }),
        }
        at += level.ns();
    }
    intervals
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: u64 = Level::Minute.ns();

    #[test]
    fn a_month_is_mostly_days() {
        let to_ns = 40 * Level::Day.ns() + 3 * Level::Hour.ns() + 7 * MINUTE + 1;
        let found = intervals(TimeRange {
            from_ns: to_ns - 30 * Level::Day.ns(),
            to_ns,
        });
        let lengths: Vec<(Level, u64)> = found
            .iter()
            .map(|interval| {
                (
                    interval.level,
                    (interval.to_ns - interval.from_ns) / interval.level.ns(),
                )
            })
            .collect();
        let expected = [
            (Level::Hour, 21),
            (Level::Day, 29),
            (Level::Hour, 3),
            (Level::Minute, 8),
        ];
        assert_eq!(lengths, expected);
    }

    /// What happened in a minute, made of its number.
    fn minute(at_ns: u64) -> u64 {
        (at_ns / MINUTE).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58
    }

    /// The events of a range as the store has them: each span from rows of its own level.
    fn events(range: TimeRange) -> u64 {
        let of_interval = |interval: &Interval| {
            let rows = (interval.from_ns..interval.to_ns).step_by(interval.level.ns() as usize);
            let row = |at: u64| {
                (at..at + interval.level.ns())
                    .step_by(MINUTE as usize)
                    .map(minute)
                    .sum::<u64>()
            };
            rows.map(row).sum::<u64>()
        };
        intervals(range).iter().map(of_interval).sum()
    }

    proptest! {
        #[test]
        fn a_window_in_pieces_has_the_same_events(from in 0_u64..2000, first in 1_u64..200, second in 1_u64..200) {
            // Windows over a day are whole hours; what is read of them does not depend on how they are put together.
            let hours = |from: u64, length: u64| TimeRange {
                from_ns: from * Level::Hour.ns(),
                to_ns: (from + length) * Level::Hour.ns(),
            };
            let whole = events(hours(from, first + second));
            prop_assert_eq!(whole, events(hours(from, first)) + events(hours(from + first, second)));
            let minutes = (hours(from, first + second).from_ns..hours(from, first + second).to_ns).step_by(MINUTE as usize);
            prop_assert_eq!(whole, minutes.map(minute).sum::<u64>());
        }

        #[test]
        fn a_short_window_in_pieces_has_the_same_events(from in 0_u64..100_000, first in 1_u64..720, second in 1_u64..720) {
            let minutes = |from: u64, length: u64| TimeRange { from_ns: from * MINUTE, to_ns: (from + length) * MINUTE };
            let whole = events(minutes(from, first + second));
            prop_assert_eq!(whole, events(minutes(from, first)) + events(minutes(from + first, second)));
        }

        #[test]
        fn intervals_cover_the_window_once(from in 0_u64..4_000_000, length in 1_u64..4_000_000) {
            let range = TimeRange { from_ns: from * SECOND_NS, to_ns: (from + length) * SECOND_NS };
            let found = intervals(range);
            prop_assert_eq!(found.last().map(|interval| interval.to_ns), Some(Level::Minute.ceil(range.to_ns)));
            prop_assert!(found[0].from_ns <= range.from_ns && range.from_ns - found[0].from_ns < Level::Hour.ns());
            for pair in found.windows(2) {
                prop_assert_eq!(pair[0].to_ns, pair[1].from_ns);
            }
            for interval in found {
                prop_assert!(interval.from_ns % interval.level.ns() == 0 && interval.to_ns % interval.level.ns() == 0);
            }
        }
    }
}
