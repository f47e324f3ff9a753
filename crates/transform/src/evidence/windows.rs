//! The windows of a range: which rollup answers it, where its windows begin, and which of them can be shown as points.

use std::time::Duration;

use pointsman_domain::read::{Red, Series};
use pointsman_domain::rollup::{Resolution, SECOND_NS};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use super::services::Part;

/// The most points of a chart. Where a range has more windows, several are one point.
const MAX_POINTS: u64 = 500;

/// How many windows can be one point: numbers that divide a day of hours.
const WINDOWS_TO_A_POINT: [u64; 8] = [1, 2, 3, 4, 6, 8, 12, 24];

/// How long telemetry takes at most to come from a sender that exports as SDKs do, every 5 s.
const UNDER_WAY_NS: u64 = 5 * SECOND_NS;

/// See [`Windows::key`]: the rollup, the length of a point, the start of the first, and by the number of points since the epoch the last.
pub type WindowsKey = (Resolution, u64, UnixNanos, u64);

/// A range in whole points of one resolution, up to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// Which rollup.
    pub resolution: Resolution,
    /// How long a point is, in nanoseconds: a number of the rollup's windows. Points begin at multiples of it.
    pub step_ns: u64,
    /// What the figures are of: from the start of the point that holds the asked start, to the end of the one that holds
    /// the asked end, but never beyond now.
    pub range: TimeRange,
}

impl Windows {
    /// The windows that cover `asked` at `now_ns`: of the resolution that fits the range's length, or of the finest coarser one that is still
    /// kept of its start. `kept` says how long the rollup of a resolution is.
    pub fn new(asked: TimeRange, now_ns: UnixNanos, kept: impl Fn(Resolution) -> Duration) -> Self {
        let is_kept = |resolution: &Resolution| {
            let kept_ns = u64::try_from(kept(*resolution).as_nanos()).unwrap_or(u64::MAX);
            now_ns.saturating_sub(kept_ns) <= asked.from_ns
        };
        let fitting = Resolution::for_range(asked.length_ns());
        let mut resolutions = Resolution::ALL.into_iter().filter(|resolution| *resolution >= fitting);
        let resolution = resolutions.find(is_kept).unwrap_or(Resolution::Hour);
        let asked_windows = asked.length_ns() / resolution.ns();
        let few = WINDOWS_TO_A_POINT.into_iter().find(|n| asked_windows / n <= MAX_POINTS);
        let step_ns = few.unwrap_or(24) * resolution.ns();
        let from_ns = asked.from_ns - asked.from_ns % step_ns;
        let end_ns = asked.to_ns.div_ceil(step_ns) * step_ns;
        let to_ns = end_ns.min(now_ns).max(from_ns + 1);
        Self {
            resolution,
            step_ns,
            range: TimeRange { from_ns, to_ns },
        }
    }

    /// What is the same for everybody who asks for these windows at about the same time.
    pub fn key(&self) -> WindowsKey {
        let end = self.range.to_ns.div_ceil(self.step_ns);
        (self.resolution, self.step_ns, self.range.from_ns, end)
    }

    /// How long the figures are of, in seconds.
    pub fn seconds(&self) -> f64 {
        self.range.seconds()
    }

    /// The start of every point, in time order.
    pub fn starts(&self) -> impl Iterator<Item = UnixNanos> + use<> {
        let step = self.step_ns;
        let (from_ns, to_ns) = (self.range.from_ns, self.range.to_ns);
        (0..).map(move |i| from_ns + i * step).take_while(move |&at| at < to_ns)
    }

    /// How many points are shown. The youngest are left out while more than a fifth of their telemetry may still be
    /// on its way, because they would look like a drop; unless nothing came before them, so that the first
    /// request ever shows at once. `first_traffic_ns` is the start of the first window with traffic.
    pub fn shown(&self, now_ns: UnixNanos, first_traffic_ns: Option<UnixNanos>) -> usize {
        let complete = |at: UnixNanos| {
            let end = at + self.step_ns;
            let elapsed = end.min(now_ns).saturating_sub(at);
            let arrived = end.min(now_ns.saturating_sub(UNDER_WAY_NS)).saturating_sub(at);
            arrived * 5 >= elapsed * 4
        };
        let shown = self.starts().take_while(|&at| complete(at)).count();
        match first_traffic_ns {
            Some(first) if self.starts().take(shown).all(|at| at < first) => self.starts().count(),
            _ => shown,
        }
    }

    /// The points of one part: those without traffic included, the last one's rate over the time that has passed of it.
    pub fn series(&self, part: &Part, shown: usize) -> Series {
        let step_ns = self.step_ns;
        let points = self.starts().take(shown).map(|at| {
            let elapsed = (at + step_ns).min(self.range.to_ns) - at;
            let red = part.points.get(&at).copied().unwrap_or_default();
            Red {
                rate: red.requests as f64 * SECOND_NS as f64 / elapsed as f64,
                ..red
            }
        });
        Series {
            start_ns: self.range.from_ns,
            step_ns,
            points: points.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::kept;
    use super::*;

    const S: u64 = SECOND_NS;

    fn windows(from: u64, to: u64, now: u64) -> Windows {
        Windows::new(
            TimeRange {
                from_ns: from * S,
                to_ns: to * S,
            },
            now * S,
            kept,
        )
    }

    #[test]
    fn a_short_range_in_the_past_is_read_from_what_is_still_kept() {
        let day = 86_400;
        let now = 1_000 * day;
        for (ago, length, want) in [
            (day, 600, Resolution::TenSeconds),
            (6 * day, 600, Resolution::TenSeconds),
            (8 * day, 600, Resolution::Minute),
            (29 * day, 3600, Resolution::Minute),
            (31 * day, 3600, Resolution::Hour),
            (500 * day, 600, Resolution::Hour),
            (8 * day, 7 * day, Resolution::Hour),
        ] {
            let from = now - ago;
            assert_eq!(
                windows(from, from + length, now).resolution,
                want,
                "{ago} s ago, {length} s"
            );
        }
    }

    #[test]
    fn a_chart_has_at_most_some_500_points_which_begin_at_multiples_of_their_length() {
        let day = 86_400;
        let now = 1_000 * day + 7_261;
        for (days, hours) in [
            (1, 1),
            (20, 1),
            (21, 2),
            (30, 2),
            (60, 3),
            (90, 6),
            (180, 12),
            (400, 24),
        ] {
            let windows = windows(now - days * day, now, now);
            assert_eq!(windows.step_ns, hours * 3600 * S, "{days} d");
            assert!(windows.starts().count() <= 502, "{days} d");
            assert!(windows.range.from_ns <= (now - days * day) * S);
            assert!(windows.starts().all(|at| at % windows.step_ns == 0), "{days} d");
            assert_eq!(windows.range.to_ns, now * S);
        }
        assert_eq!(windows(now - 21_600, now, now).step_ns, 60 * S);
    }

    #[test]
    fn who_asks_a_moment_later_asks_for_the_same_until_the_next_point_begins() {
        let key = |now: u64| windows(now - 1800, now, now).key();
        assert_eq!(key(1_000_021), key(1_000_079));
        assert_ne!(key(1_000_021), key(1_000_081));
        assert_ne!(key(1_000_021), windows(1_000_021 - 900, 1_000_021, 1_000_021).key());
    }

    #[test]
    fn a_range_is_widened_to_whole_windows_and_ends_now_at_the_latest() {
        for (from, to, now, want_from, want_to) in [
            (1_000_003, 1_000_303, 1_000_303, 1_000_000, 1_000_303),
            (1_000_003, 1_000_303, 1_500_000, 1_000_000, 1_000_310),
            (999_963, 1_001_763, 1_001_763, 999_960, 1_001_763),
            (999_963, 1_001_763, 2_000_000, 999_960, 1_001_820),
        ] {
            let range = windows(from, to, now).range;
            assert_eq!(
                (range.from_ns, range.to_ns),
                (want_from * S, want_to * S),
                "{from}..{to} at {now}"
            );
        }
    }

    #[test]
    fn a_window_whose_telemetry_is_still_on_its_way_is_no_point() {
        // 10 s windows from 1,000,000 on; now, how many of them are shown.
        for (now, want) in [(1_000_022, 1), (1_000_023, 2), (1_000_029, 2), (1_000_033, 3)] {
            assert_eq!(
                windows(1_000_000, now, now).shown(now * S, Some(1_000_000 * S)),
                want,
                "at {now}"
            );
        }
        // One-minute windows: the running one is shown from 25 s on.
        for (now, want) in [(1_001_844, 30), (1_001_845, 31)] {
            let windows = windows(now - 1800, now, now);
            let first = windows.range.from_ns;
            assert_eq!(windows.shown(now * S, Some(first)), want, "at {now}");
        }
    }

    #[test]
    fn the_first_traffic_ever_shows_at_once() {
        let windows = windows(1_000_000, 1_000_022, 1_000_022);
        assert_eq!(windows.shown(1_000_022 * S, Some(1_000_010 * S)), 3);
        assert_eq!(windows.shown(1_000_022 * S, None), 1);
    }

    #[test]
    fn the_running_window_is_rated_by_the_time_that_has_passed() {
        let windows = windows(1_000_000, 1_000_015, 1_000_015);
        let mut part = Part::default();
        for (at, n) in [(1_000_000, 20), (1_000_010, 10)] {
            let mut counts = pointsman_domain::rollup::Counts::default();
            (0..n).for_each(|_| counts.record(1000, false));
            part.add(at * S, &counts);
        }
        part.settle();
        let rates: Vec<f64> = windows.series(&part, 2).points.iter().map(|red| red.rate).collect();
        assert_eq!(rates, [2.0, 2.0]);
    }
}
