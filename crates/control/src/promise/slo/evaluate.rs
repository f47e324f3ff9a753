//! The evaluator: sums the counts of every window of every objective, says how they stand, and acts on alerts.
//!
//! A cycle's cost does not grow with the windows' length: a window is put together of days, hours and minutes, some forty rows at most beyond
//! its days, and the same pieces are read once for all objectives.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;

use pointsman_domain::slo::{
    Count, Excluded, Exclusion, Figures, Indicator, Interval, Level, Measure, Objective, Status, burn_windows,
    intervals,
};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;
use pointsman_store::lock::{self, Guard, LoopName};
use pointsman_store::slo::failures::{self, Step};
use pointsman_store::slo::objectives::{self, ObjectiveRow};
use pointsman_store::slo::{exclusions, status};
use pointsman_store::{Store, StoreError};

use super::alerting::Acted;
use super::count_new::count_new;
use super::counts::{CountsByInterval, LAG_NS, Members, count, together};
use super::{alerting, window};
use crate::loops::message;

const WEEK_NS: u64 = 7 * 86_400 * 1_000_000_000;

/// What a cycle did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evaluated {
    /// How many objectives were evaluated.
    pub objectives: usize,
    /// How many alerts began.
    pub opened: usize,
    /// How many ended.
    pub resolved: usize,
}

/// Evaluates all objectives as of now, unless another replica is at it. First it counts the recorded past of those that are new.
pub async fn cycle(store: &Store, now_ns: UnixNanos, public_url: Option<&str>) -> Result<Evaluated, StoreError> {
    let Some(guard) = lock::try_advisory(store, LoopName::Evaluator).await? else {
        return Ok(Evaluated::default());
    };
    count_new(store, now_ns).await?;
    let (rows, statuses, mut failed) = {
        let mut at = store.snapshot().await?;
        let rows = objectives::all(&mut at).await?;
        let exclusions = exclusions::all(&mut at).await?;
        let counts = read(&mut at, &rows, now_ns).await?;
        let (statuses, failed) = counts.statuses(&rows, &exclusions, now_ns);
        (rows, statuses, failed)
    };
    let acted = write(store, &guard, &rows, &statuses, now_ns, public_url).await;
    failed.extend(acted.iter().flat_map(|acted| acted.failed.iter().cloned()));
    note_failed(store, &rows, &failed, now_ns).await?;
    let acted = acted?;
    guard.release().await?;
    Ok(Evaluated {
        objectives: statuses.len(),
        opened: acted.began,
        resolved: acted.ended,
    })
}

/// Keeps how objectives stand, and acts on it.
async fn write(
    store: &Store,
    guard: &Guard,
    rows: &[ObjectiveRow],
    statuses: &[(usize, Status)],
    now_ns: UnixNanos,
    public_url: Option<&str>,
) -> Result<Acted, StoreError> {
    let mut tx = store.begin().await?;
    guard.fence(&mut tx).await?;
    let by_id: Vec<(i32, Status)> = statuses
        .iter()
        .map(|(at, status)| (rows[*at].id, status.clone()))
        .collect();
    status::keep(&mut tx, &by_id).await?;
    let acted = alerting::act(&mut tx, rows, statuses, now_ns, public_url).await?;
    tx.commit().await?;
    Ok(acted)
}

/// Notes which objectives could not be evaluated, and forgets those that can be again.
async fn note_failed(
    store: &Store,
    rows: &[ObjectiveRow],
    failed: &[Unjudged],
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    let mut conn = store.conn().await?;
    let mut before = failures::of_step(&mut conn, Step::Evaluate).await?;
    for (at, why) in failed {
        let id = rows[*at].id.to_string();
        if before.remove(&id).is_none() {
            tracing::error!(objective.name = %rows[*at].objective.name, why, "an objective could not be evaluated");
        }
        let reason = "it can't be evaluated, as the log says";
        failures::note(&mut conn, Step::Evaluate, &id, reason, now_ns).await?;
    }
    for id in before.into_keys() {
        failures::clear(&mut conn, Step::Evaluate, &id).await?;
    }
    Ok(())
}

/// The time that an objective's window is put together of, exactly: from a whole hour (of less than a day, a whole minute) to the end of the
/// running minute.
pub(super) fn whole_window(objective: &Objective, now_ns: UnixNanos) -> TimeRange {
    let pieces = intervals(own_range(objective, Windows::of(objective, now_ns).whole));
    TimeRange {
        from_ns: pieces.first().map_or(now_ns, |piece| piece.from_ns),
        to_ns: pieces.last().map_or(now_ns, |piece| piece.to_ns),
    }
}

/// An objective's place among the rows, and why it could not be judged, or its alerts not be written.
type Unjudged = (usize, String);

/// The windows of an objective: its own, and those of its alerts.
struct Windows {
    whole: TimeRange,
    burning: [(TimeRange, TimeRange); 3],
}

impl Windows {
    fn of(objective: &Objective, now_ns: UnixNanos) -> Self {
        let last = |length: std::time::Duration| TimeRange {
            from_ns: now_ns.saturating_sub(length.as_nanos() as u64),
            to_ns: now_ns,
        };
        Self {
            whole: TimeRange {
                from_ns: window::start(&objective.window, now_ns).min(now_ns - 1),
                to_ns: now_ns,
            },
            burning: burn_windows(objective.window.period()).map(|row| (last(row.long), last(row.short))),
        }
    }

    fn all(&self) -> impl Iterator<Item = TimeRange> + '_ {
        let burning = self.burning.iter().flat_map(|(long, short)| [*long, *short]);
        std::iter::once(self.whole).chain(burning)
    }
}

/// The range that a window is for one objective with counts of its own: of slices it has at least one, and of throughput only slices that are
/// over.
fn own_range(objective: &Objective, range: TimeRange) -> TimeRange {
    let Some(seconds) = objective.slice_seconds() else {
        return range;
    };
    let step = u64::from(seconds) * 1_000_000_000;
    let to_ns = if matches!(objective.indicator, Indicator::Throughput { .. }) {
        let over = range.to_ns.saturating_sub(LAG_NS);
        over - over % step
    } else {
        range.to_ns
    };
    let from = to_ns.saturating_sub(range.length_ns().max(step));
    TimeRange {
        from_ns: from - from % step,
        to_ns: to_ns.max(1),
    }
}

/// Where something is missing that was there a week before: the last minutes, and the hour to compare with.
fn absence(objective: &Objective, now_ns: UnixNanos) -> Option<(Interval, Interval)> {
    let minutes = u64::from(objective.absent_minutes?);
    let to_ns = Level::Minute.floor(now_ns.saturating_sub(LAG_NS));
    let hour = Level::Hour.floor(now_ns.saturating_sub(WEEK_NS));
    let span = |level: Level, from_ns, to_ns| Interval { level, from_ns, to_ns };
    Some((
        span(Level::Minute, to_ns.saturating_sub(minutes * Level::Minute.ns()), to_ns),
        span(Level::Hour, hour, hour + Level::Hour.ns()),
    ))
}

/// Reads all pieces of all windows.
async fn read(
    conn: &mut pointsman_store::Connection,
    rows: &[ObjectiveRow],
    now_ns: UnixNanos,
) -> Result<CountsByInterval, StoreError> {
    let members = Members::new(rows);
    let mut wanted: BTreeMap<Interval, Vec<i32>> = BTreeMap::new();
    for row in rows {
        let windows = Windows::of(&row.objective, now_ns);
        for (_, member) in members.of(row) {
            for range in windows.all() {
                for span in intervals(own_range(&member.objective, range)) {
                    wanted.entry(span).or_default().push(member.counted_as);
                }
            }
            if let Some((recent, before)) = absence(&row.objective, now_ns) {
                wanted.entry(recent).or_default().push(member.counted_as);
                wanted.entry(before).or_default().push(member.counted_as);
            }
        }
    }
    CountsByInterval::read(conn, wanted).await
}

impl CountsByInterval {
    /// What was counted of an objective with counts of its own.
    fn own(&self, row: &ObjectiveRow, range: TimeRange, excluded: &[TimeRange]) -> (Count, u64) {
        let pieces = intervals(own_range(&row.objective, range));
        let tally = self.whole(&pieces, row.counted_as);
        let left_out = tally.excluded.max(0) as u64;
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else {
            return (Count::default(), left_out);
        };
        let range = TimeRange {
            from_ns: first.from_ns,
            to_ns: last.to_ns,
        };
        (count(row, tally, range, excluded), left_out)
    }

    fn measure(&self, members: &[(f64, &ObjectiveRow)], range: TimeRange, exclusions: &[Exclusion]) -> (Measure, u64) {
        let mut left_out = 0;
        let counts: Vec<(f64, Count)> = members
            .iter()
            .map(|(weight, member)| {
                let excluded = exclusions::of(exclusions, &member.objective);
                let (count, out) = self.own(member, range, &excluded);
                left_out += out;
                (*weight, count)
            })
            .collect();
        (together(&counts), left_out)
    }

    /// How they all stand, with their places among the rows; and of which that can't be said, and why. Those whose past is not counted yet
    /// are left out.
    fn statuses(
        &self,
        rows: &[ObjectiveRow],
        exclusions: &[Exclusion],
        now_ns: UnixNanos,
    ) -> (Vec<(usize, Status)>, Vec<Unjudged>) {
        let all = Members::new(rows);
        let (mut found, mut failed) = (Vec::with_capacity(rows.len()), Vec::new());
        for (at, row) in rows.iter().enumerate() {
            let members = all.of(row);
            if members.iter().any(|(_, member)| member.counted_from_ns.is_none()) {
                continue;
            }
            // A mistake in the arithmetic of one must not keep all others from being watched.
            let status = || self.status(row, &members, exclusions, now_ns);
            match std::panic::catch_unwind(AssertUnwindSafe(status)) {
                Ok(status) => found.push((at, status)),
                Err(panic) => failed.push((at, message(&*panic).to_owned())),
            }
        }
        (found, failed)
    }

    fn status(
        &self,
        row: &ObjectiveRow,
        members: &[(f64, &ObjectiveRow)],
        exclusions: &[Exclusion],
        now_ns: UnixNanos,
    ) -> Status {
        let objective = &row.objective;
        let windows = Windows::of(objective, now_ns);
        let (whole, left_out) = self.measure(members, windows.whole, exclusions);
        let over = |range| self.measure(members, range, exclusions).0;
        let touching = |one: &&Exclusion| {
            let meant = members.iter().any(|(_, member)| one.is_for(&member.objective));
            meant && one.from_ns < windows.whole.to_ns && one.to_ns > windows.whole.from_ns
        };
        let figures = Figures {
            at_ns: now_ns,
            range: windows.whole,
            whole,
            burning: windows.burning.map(|(long, short)| (over(long), over(short))),
            excluded: Excluded {
                events: left_out,
                windows: exclusions.iter().filter(touching).count() as u32,
            },
            expected: absence(objective, now_ns).and_then(|(recent, before)| {
                let events = |span| -> i64 {
                    let tallies = members.iter().map(|(_, member)| self.piece(span, member.counted_as));
                    tallies.map(|tally| tally.total + tally.excluded).sum()
                };
                (events(before) > 0).then(|| events(recent).max(0) as u64)
            }),
        };
        Status::of(objective, &figures)
    }
}
