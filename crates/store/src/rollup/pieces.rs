//! Goes through the windows of a range in pieces, each a statement: none of them takes long or holds much, a reader that has gone ends
//! between two, and what is too much to read is refused before it is read.

use std::pin::pin;

use futures::{Stream, TryStreamExt};
use pointsman_domain::rollup::{Counts, Resolution};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use super::columns::summed;
use crate::error::StoreError;
use crate::number::bigint;

/// The most rows of a rollup that one read adds up. They take some ten seconds.
pub const MAX_ROWS: u64 = 5_000_000;

/// The most sums, a key in a step each, that one read answers with. A reader may keep a point for each of them.
pub const MAX_SUMS: u64 = 1_000_000;

/// The most sums of one piece, which are in memory at once.
const MAX_PIECE_SUMS: usize = 200_000;

/// About how many rows a piece adds up: the database does it in a few milliseconds, and in memory.
const PIECE_ROWS: u64 = 10_000;

/// How many windows the first piece has, before it is known how many rows a window has.
const FIRST_WINDOWS: u64 = 8;

/// How much longer a piece may be than the one before.
const GROWTH: u64 = 8;

/// Which windows are read, and how many of them are one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Of which rollup.
    pub resolution: Resolution,
    /// The windows that begin in it; its start is taken down to that of its window.
    pub range: TimeRange,
    /// Windows are added up to steps of this length in nanoseconds, a multiple of the resolution's, which begin at multiples of it. `None`:
    /// they are added up as they are read, and each sum tells of the range's start.
    pub step_ns: Option<u64>,
}

/// Where a read is in its range.
#[derive(Debug)]
pub(super) struct Pieces {
    frame: Frame,
    /// Where the next piece begins.
    at_ns: u64,
    to_ns: u64,
    /// What a piece is a multiple of, in nanoseconds.
    unit_ns: u64,
    /// The length of the next piece in units.
    units: u64,
    /// How many units the last piece had.
    last_units: u64,
    rows: u64,
    sums: u64,
}

impl Pieces {
    pub(super) fn of(frame: Frame) -> Self {
        let (from, to) = windows(frame.resolution, frame.range);
        let unit_ns = frame.step_ns.unwrap_or(0).max(frame.resolution.ns());
        Self {
            frame,
            at_ns: from as u64,
            to_ns: to as u64,
            unit_ns,
            units: (FIRST_WINDOWS * frame.resolution.ns() / unit_ns).max(1),
            last_units: 0,
            rows: 0,
            sums: 0,
        }
    }

    /// The next piece as bounds of windows' starts; `None` after the last one.
    pub(super) fn next(&mut self) -> Option<(i64, i64)> {
        if self.at_ns >= self.to_ns {
            return None;
        }
        let begun = self.at_ns - self.at_ns % self.unit_ns;
        let end_ns = begun
            .saturating_add(self.units.saturating_mul(self.unit_ns))
            .min(self.to_ns);
        let piece = (bigint(self.at_ns), bigint(end_ns));
        self.last_units = (end_ns - begun).div_ceil(self.unit_ns);
        self.at_ns = end_ns;
        Some(piece)
    }

    /// What is read.
    pub(super) fn frame(&self) -> Frame {
        self.frame
    }

    /// What the database divides the starts of windows by.
    pub(super) fn step(&self) -> i64 {
        self.frame.step_ns.map_or(i64::MAX, bigint)
    }

    /// The start of the step of a sum.
    fn start(&self, step_ns: i64) -> UnixNanos {
        match self.frame.step_ns {
            Some(_) => step_ns as u64,
            None => self.frame.resolution.floor(self.frame.range.from_ns),
        }
    }

    /// Whether a piece may have one more sum than so many. Errors: it is too much.
    fn has_room(sums: usize) -> Result<(), StoreError> {
        if sums < MAX_PIECE_SUMS {
            return Ok(());
        }
        Err(StoreError::TooMuch(format!("{MAX_PIECE_SUMS} series at a time")))
    }

    /// Takes the sums of a piece as they come, each with the start of its step. Errors: it is too much.
    pub(super) async fn gather<K, E>(
        &mut self,
        rows: impl Stream<Item = Result<Sum<K>, E>>,
    ) -> Result<Vec<(UnixNanos, K, Counts)>, StoreError>
    where
        StoreError: From<E>,
    {
        let mut rows = pin!(rows);
        let (mut sums, mut read) = (Vec::new(), 0);
        while let Some(row) = rows.try_next().await? {
            Self::has_room(sums.len())?;
            let counts = summed(row.requests, row.errors, row.duration_sum_ns, &row.latencies)?;
            sums.push((self.start(row.step_ns), row.key, counts));
            read += row.rows as u64;
        }
        self.took(read, sums.len())?;
        Ok(sums)
    }

    /// Learns from a piece how long the next one may be. Errors: it was too much.
    fn took(&mut self, rows: u64, sums: usize) -> Result<(), StoreError> {
        self.rows += rows;
        if self.rows > MAX_ROWS {
            return Err(StoreError::TooMuch(format!("{MAX_ROWS} rows of figures")));
        }
        if self.frame.step_ns.is_some() {
            self.sums += sums as u64;
        }
        if self.sums > MAX_SUMS {
            return Err(StoreError::TooMuch(format!("{MAX_SUMS} points")));
        }
        let fitting = self.last_units.saturating_mul(PIECE_ROWS) / rows.max(1);
        self.units = fitting.clamp(1, self.last_units.max(1) * GROWTH);
        Ok(())
    }
}

/// A row of a read: the sum of a key in a step.
pub(super) struct Sum<K> {
    pub(super) key: K,
    /// Where the step begins, in the database's terms: see [`Pieces::start`].
    pub(super) step_ns: i64,
    pub(super) requests: i64,
    pub(super) errors: i64,
    pub(super) duration_sum_ns: i64,
    /// Histograms, one behind the other.
    pub(super) latencies: Vec<u8>,
    /// How many rows were added up.
    pub(super) rows: i64,
}

/// The sum of a key, from a row of any query that has its columns.
macro_rules! sum {
    ($row:ident, $key:expr) => {
        $crate::rollup::pieces::Sum {
            key: $key,
            step_ns: $row.step_ns,
            requests: $row.requests,
            errors: $row.errors,
            duration_sum_ns: $row.duration_sum_ns,
            latencies: $row.latencies,
            rows: $row.rows,
        }
    };
}
pub(super) use sum;

/// The bounds that the starts of the range's windows have, in terms of any finer window too.
pub(super) fn windows(resolution: Resolution, range: TimeRange) -> (i64, i64) {
    let step = resolution.ns();
    let to = resolution.floor(range.to_ns.saturating_add(step - 1));
    (bigint(resolution.floor(range.from_ns)), bigint(to))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use pointsman_domain::rollup::SECOND_NS;

    const HOUR: u64 = 3600 * SECOND_NS;

    fn frame(hours: u64, step: Option<u64>) -> Frame {
        let range = TimeRange {
            from_ns: 5 * HOUR,
            to_ns: (5 + hours) * HOUR,
        };
        Frame {
            resolution: Resolution::Hour,
            range,
            step_ns: step.map(|hours| hours * HOUR),
        }
    }

    /// The pieces' lengths in hours, where each hour has so many rows.
    fn lengths(frame: Frame, rows: u64) -> Vec<u64> {
        let mut pieces = Pieces::of(frame);
        let (mut lengths, mut at) = (Vec::new(), frame.range.from_ns);
        while let Some((from, to)) = pieces.next() {
            assert_eq!(from as u64, at, "nothing is left out or read twice");
            at = to as u64;
            lengths.push((to - from) as u64 / HOUR);
            pieces.took(lengths.last().unwrap() * rows, 1).unwrap();
        }
        assert_eq!(at, frame.range.to_ns);
        lengths
    }

    #[test]
    fn pieces_grow_where_there_is_little_and_shrink_where_there_is_much() {
        assert_eq!(lengths(frame(30, Some(1)), 5), [8, 22]);
        assert_eq!(lengths(frame(9_600, None), 1)[..3], [8, 64, 512]);
        assert!(
            lengths(frame(48, Some(1)), 100_000)[1..]
                .iter()
                .all(|hours| *hours == 1)
        );
        // Steps are whole but for the first and the last.
        let days = lengths(frame(400, Some(24)), 200);
        assert_eq!((days[0], days[1]), (19, 48));
    }

    #[test]
    fn what_is_too_much_is_refused() {
        let mut pieces = Pieces::of(frame(9_600, None));
        pieces.next();
        pieces.took(MAX_ROWS, usize::MAX >> 1).unwrap();
        assert!(matches!(pieces.took(1, 1), Err(StoreError::TooMuch(_))));
        let mut pieces = Pieces::of(frame(9_600, Some(24)));
        pieces.took(1, MAX_SUMS as usize).unwrap();
        assert!(matches!(pieces.took(1, 1), Err(StoreError::TooMuch(_))));
    }
}
