//! What waits in the journal, as it was last measured, and whether more of it is taken. Measured every few seconds by the receivers' side
//! ([`watch`]); asked before each request.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use pointsman_domain::read::JournalFull;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::lag::{JournalLag, lag, lag_from};
use crate::connect::Store;
use crate::error::StoreError;

/// How often it is measured, unless that takes long.
const PERIOD: Duration = Duration::from_secs(2);
/// Measuring may take at most this part of the time: after a measurement there is a pause of so many times as long.
const PAUSE: u32 = 20;
/// What takes longer is no measurement.
const MEASURING: Duration = Duration::from_secs(15);
/// How long telemetry is refused after the database's disk was found to be full.
const DISK_FULL: Duration = Duration::from_secs(5);
/// For so long a row may become visible after it got its number: a commit of the journal ends long before.
const LATE_ROWS: Duration = Duration::from_secs(120);

/// From where on the journal takes nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    /// Bytes that wait, compressed.
    pub(super) bytes: u64,
    /// Age of the oldest that waits.
    pub(super) age: Duration,
}

/// What waits in the journal, as it was last measured.
#[derive(Debug, Default)]
pub struct JournalGauge(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    bounds: Option<Bounds>,
    measured: Option<(JournalLag, Instant)>,
    /// Bytes that this process has added, ever.
    added: u64,
    /// As it was when the last measurement began.
    added_before: u64,
    /// The smallest numbers of rows that were seen, and when.
    smallest: VecDeque<(Instant, i64)>,
    disk_full: Option<Instant>,
    disk_is_short: bool,
}

impl JournalGauge {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn bound(&self, bounds: Bounds) {
        self.state().bounds = Some(bounds);
    }

    /// What waited when it was last measured, its age as of now; `None` before the first time.
    pub fn last(&self) -> Option<JournalLag> {
        let (lag, at) = self.state().measured?;
        let since = if lag.rows > 0 { at.elapsed() } else { Duration::ZERO };
        Some(JournalLag {
            age: lag.age + since,
            ..lag
        })
    }

    /// What waits now.
    pub async fn lag(&self, conn: &mut crate::Connection) -> Result<JournalLag, StoreError> {
        lag_from(conn, self.floor()).await
    }

    /// Why nothing more is taken now; `None` where it is.
    pub fn full(&self) -> Option<JournalFull> {
        let (last, state) = (self.last(), self.state());
        if state.disk_is_short || state.disk_full.is_some_and(|at| at.elapsed() < DISK_FULL) {
            return Some(JournalFull::Disk);
        }
        let (last, bounds) = (last?, state.bounds?);
        let added = state.added - state.added_before;
        if last.bytes.saturating_add(added) >= bounds.bytes {
            Some(JournalFull::Size)
        } else if last.age >= bounds.age {
            Some(JournalFull::Age)
        } else {
            None
        }
    }

    /// Tells whether the disk that the database lies on is short of room, where that can be seen from here.
    pub fn disk_is_short(&self, is_short: bool) {
        self.state().disk_is_short = is_short;
    }

    pub(super) fn disk_is_full(&self) {
        self.state().disk_full = Some(Instant::now());
    }

    pub(super) fn added(&self, bytes: u64) {
        self.state().added += bytes;
    }

    /// No row that waits has a smaller number. Without it a search for the oldest goes through all that was deleted and is still kept for an
    /// open transaction.
    pub(super) fn floor(&self) -> i64 {
        let state = self.state();
        let mut smallest = state.smallest.iter();
        // Nothing is known before there is a measurement that is old enough.
        match smallest.next() {
            Some((at, first)) if at.elapsed() > LATE_ROWS => smallest.fold(*first, |least, (_, id)| least.min(*id)),
            _ => i64::MIN,
        }
    }

    fn measured(&self, lag: JournalLag, began: Instant, added_before: u64) {
        let mut state = self.state();
        state.measured = Some((lag, began));
        state.added_before = added_before;
        state.smallest.push_back((began, lag.smallest));
        // One that is old enough stays.
        while state.smallest.get(1).is_some_and(|(at, _)| at.elapsed() > LATE_ROWS) {
            state.smallest.pop_front();
        }
    }

    async fn measure(&self, store: &Store) -> Result<(), StoreError> {
        let (began, added_before) = (Instant::now(), self.state().added);
        let lag = lag(&mut store.side.acquire().await?).await?;
        self.measured(lag, began, added_before);
        Ok(())
    }
}

/// Measures until the writer is gone.
pub(super) async fn watch(store: Store, writer: Weak<Semaphore>) {
    while writer.strong_count() > 0 {
        let began = Instant::now();
        let measured = timeout(MEASURING, store.journal.measure(&store)).await;
        if let Ok(Err(error)) = measured {
            tracing::debug!(%error, "the journal could not be measured");
        }
        sleep(PERIOD.max(began.elapsed() * PAUSE)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gauge(bytes: u64, age: u64) -> JournalGauge {
        let gauge = JournalGauge::default();
        gauge.bound(Bounds {
            bytes,
            age: Duration::from_secs(age),
        });
        gauge
    }

    fn waits(bytes: u64, age: u64) -> JournalLag {
        JournalLag {
            rows: 1,
            bytes,
            age: Duration::from_secs(age),
            ..JournalLag::default()
        }
    }

    #[test]
    fn it_is_full_by_size_age_or_disk_and_not_before() {
        let gauge = gauge(1000, 60);
        assert_eq!(gauge.full(), None, "nothing is known yet");
        gauge.measured(waits(900, 1), Instant::now(), 0);
        assert_eq!(gauge.full(), None);
        gauge.added(100);
        assert_eq!(gauge.full(), Some(JournalFull::Size), "with what was added since");
        gauge.measured(waits(999, 1), Instant::now(), 100);
        assert_eq!(gauge.full(), None);
        gauge.measured(waits(1, 60), Instant::now(), 100);
        assert_eq!(gauge.full(), Some(JournalFull::Age));
        gauge.measured(JournalLag::default(), Instant::now(), 100);
        assert_eq!(gauge.full(), None);
        gauge.disk_is_short(true);
        assert_eq!(gauge.full(), Some(JournalFull::Disk));
        gauge.disk_is_short(false);
        assert_eq!(gauge.full(), None);
        gauge.disk_is_full();
        assert_eq!(gauge.full(), Some(JournalFull::Disk));
    }

    #[test]
    fn the_floor_is_below_every_row_that_can_still_appear() {
        let gauge = gauge(1000, 60);
        let now = Instant::now();
        let Some(long_ago) = now.checked_sub(LATE_ROWS * 2) else {
            return;
        };
        let numbered = |smallest| JournalLag {
            smallest,
            ..JournalLag::default()
        };
        gauge.measured(numbered(500), now, 0);
        assert_eq!(gauge.floor(), i64::MIN, "a row of a smaller number may be on its way");
        let gauge = self::gauge(1000, 60);
        gauge.measured(numbered(400), long_ago, 0);
        gauge.measured(numbered(500), long_ago, 0);
        gauge.measured(numbered(900), now, 0);
        assert_eq!(gauge.floor(), 500);
        gauge.measured(numbered(450), now, 0);
        assert_eq!(gauge.floor(), 450, "one that came late is not left behind");
    }
}
