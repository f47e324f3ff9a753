//! Counts an objective's recorded past: all of it for one that is new or counts something else, the newest first and a piece at a time; a
//! part again where time is left out or taken in again.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use pointsman_domain::rollup::Resolution;
use pointsman_domain::slo::{Exclusion, Level, Objective, Tally};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use super::count::{self, Tallies};
use super::counting::{marks, tally};
use super::objectives::Counted;
use super::recorded::{first_window, recorded};
use super::{exclusions, objectives};
use crate::connect::{Store, Tx};
use crate::error::StoreError;
use crate::lock::{self, LoopName};
use crate::number::bigint;
use crate::partition::slo_kept;

/// How much is counted at a time: 6 h of minutes.
const MINUTES_NS: u64 = 6 * Level::Hour.ns();
/// And so much of hours: 15 days.
const HOURS_NS: u64 = 15 * Level::Day.ns();
/// How long a transaction goes on to the next: no merge runs meanwhile.
const HOLDS_MERGES: Duration = Duration::from_millis(500);

/// Counts the next piece of the recorded past of an objective that is not counted yet, the newest first; whether that was all of it. Waits
/// for a merge that runs. From the first piece on the merger counts what is newer.
///
/// It is done from windows of 1 min, as long as those are kept; what is older from those of 1 h (and not for slices, which that is too coarse
/// for).
pub async fn recount_piece(store: &Store, id: i32, now_ns: UnixNanos) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    lock::within(&mut tx, LoopName::Merger).await?;
    let began = Instant::now();
    let Some(row) = objectives::by_id(&mut tx, id)
        .await?
        .filter(|row| row.counted_from_ns.is_none())
    else {
        return Ok(true);
    };
    let objective = &row.objective;
    let excluded = exclusions::of(&exclusions::all(&mut tx).await?, objective);
    let kept = Kept::of(store, now_ns);
    // A little into the future: telemetry may be, by an hour.
    let end_ns = Level::Hour.ceil(now_ns) + 2 * Level::Hour.ns();
    let begun = objectives::recounted_to(&mut tx, id).await?;
    let minutes_from = minutes_from(&mut tx).await?.unwrap_or(end_ns);
    let hours_from = match first_window(&mut tx, Resolution::Hour).await? {
        Some(first) if objective.slice_seconds().is_none() => Level::Hour.floor(first).max(kept.days_from),
        _ => minutes_from,
    };
    let rest_ns = hours_from.min(minutes_from);
    let mut to_ns = begun.unwrap_or(end_ns);
    let mut found = Pieces::default();
    while to_ns > rest_ns && objective.is_counted() {
        let (resolution, length, from_ns) = if to_ns > minutes_from {
            (Resolution::Minute, MINUTES_NS, minutes_from)
        } else {
            (Resolution::Hour, HOURS_NS, hours_from)
        };
        let range = TimeRange {
            from_ns: to_ns.saturating_sub(length).max(from_ns),
            to_ns,
        };
        found.extend(fold(&mut tx, row.counted_as, objective, &excluded, resolution, range).await?);
        to_ns = range.from_ns;
        if began.elapsed() >= HOLDS_MERGES {
            break;
        }
    }
    found.keep(&kept);
    found.ensure(&mut tx).await?;
    if begun.is_none() {
        remove_counts(&mut tx, id).await?;
    }
    found.add(&mut tx).await?;
    let done = to_ns <= rest_ns || !objective.is_counted();
    if done {
        let first = first_event(&mut tx, row.counted_as).await?;
        let from_ns = first.unwrap_or_else(|| Level::Minute.floor(now_ns));
        let recorded_from_ns = to_ns.min(Level::Hour.floor(now_ns));
        objectives::set_counted(&mut tx, id, from_ns, recorded_from_ns, minutes_from).await?;
    } else {
        objectives::set_recounted(&mut tx, id, to_ns).await?;
    }
    tx.commit().await?;
    Ok(done)
}

/// Counts again what objectives had in an exclusion that was made or ended, taken out to whole hours and as far as figures by the minute are
/// kept. Waits for a merge that runs, and keeps others off until the transaction ends.
pub async fn recount_excluded(tx: &mut Tx, exclusion: &Exclusion, now_ns: UnixNanos) -> Result<(), StoreError> {
    lock::within(tx, LoopName::Merger).await?;
    for row in objectives::all(tx).await? {
        if row.counted_from_ns.is_none() && exclusion.is_for(&row.objective) {
            objectives::recount_anew(tx, row.id).await?;
        }
    }
    let end_ns = Level::Hour.ceil(now_ns) + 2 * Level::Hour.ns();
    let minutes_from = minutes_from(tx).await?.unwrap_or(end_ns);
    let all = exclusions::all(tx).await?;
    let meant: Vec<Counted> = objectives::counted(tx)
        .await?
        .into_iter()
        // What is not counted yet, or only from later on, is counted anew.
        .filter(|counted| counted.range.from_ns == 0 && exclusion.is_for(&counted.objective))
        .collect();
    let kept = Kept::of(&tx.store, now_ns);
    for counted in meant {
        let range = TimeRange {
            from_ns: Level::Hour.floor(exclusion.from_ns).max(minutes_from),
            to_ns: Level::Hour.ceil(exclusion.to_ns).min(end_ns).min(counted.range.to_ns),
        };
        if range.from_ns < range.to_ns {
            let excluded = exclusions::of(&all, &counted.objective);
            recount_range(tx, &counted, &excluded, range, &kept).await?;
        }
    }
    Ok(())
}

async fn recount_range(
    tx: &mut Tx,
    counted: &Counted,
    excluded: &[TimeRange],
    range: TimeRange,
    kept: &Kept,
) -> Result<(), StoreError> {
    let id = counted.counted_as;
    let mut pieces = fold(tx, id, &counted.objective, excluded, Resolution::Minute, range).await?;
    pieces.keep(kept);
    pieces.ensure(tx).await?;
    // Hours and days change by the difference.
    for (at, old) in count::counts_of(tx, id, Level::Hour, whole_hours(range)).await? {
        *pieces.hours.entry((id, at)).or_default() += negative(old);
    }
    pieces.hours.retain(|_, change| *change != Tally::default());
    pieces.days = count::coarser(&pieces.hours, Level::Day);
    pieces.keep(kept);
    remove_minutes(tx, id, range).await?;
    pieces.add(tx).await
}

/// The hours that minutes of a range make. One that counts something else since the middle of an hour has the whole hour here.
fn whole_hours(range: TimeRange) -> TimeRange {
    TimeRange {
        from_ns: Level::Hour.floor(range.from_ns),
        to_ns: Level::Hour.ceil(range.to_ns),
    }
}

/// From when on counts of each length are kept.
struct Kept {
    minutes_from: UnixNanos,
    hours_from: UnixNanos,
    days_from: UnixNanos,
}

impl Kept {
    fn of(store: &Store, now_ns: UnixNanos) -> Self {
        let from = |level: Level| {
            let kept = slo_kept(level, &store.retention()).as_nanos() as u64;
            level.floor(now_ns.saturating_sub(kept))
        };
        Self {
            minutes_from: from(Level::Minute),
            hours_from: from(Level::Hour),
            days_from: from(Level::Day),
        }
    }
}

/// What was found, by minute, hour and day.
#[derive(Default)]
struct Pieces {
    minutes: Tallies,
    hours: Tallies,
    days: Tallies,
}

impl Pieces {
    fn extend(&mut self, other: Self) {
        let of_each = [
            (&mut self.minutes, other.minutes),
            (&mut self.hours, other.hours),
            (&mut self.days, other.days),
        ];
        for (mine, other) in of_each {
            for (key, tally) in other {
                *mine.entry(key).or_default() += tally;
            }
        }
    }

    /// Leaves out what is not kept.
    fn keep(&mut self, kept: &Kept) {
        self.minutes.retain(|(_, at), _| *at >= kept.minutes_from);
        self.hours.retain(|(_, at), _| *at >= kept.hours_from);
        self.days.retain(|(_, at), _| *at >= kept.days_from);
    }

    /// Partitions first: one that is made after a transaction has used the table is not seen by it.
    async fn ensure(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let levels = [
            (Level::Minute, &self.minutes),
            (Level::Hour, &self.hours),
            (Level::Day, &self.days),
        ];
        count::ensure(tx, &levels).await
    }

    async fn add(&self, tx: &mut Tx) -> Result<(), StoreError> {
        count::add(tx, Level::Minute, &self.minutes).await?;
        count::add(tx, Level::Hour, &self.hours).await?;
        count::add(tx, Level::Day, &self.days).await
    }
}

/// From which whole hour on the minutes tell everything.
async fn minutes_from(tx: &mut Tx) -> Result<Option<UnixNanos>, StoreError> {
    let Some(minute) = first_window(tx, Resolution::Minute).await? else {
        return Ok(None);
    };
    let hour = first_window(tx, Resolution::Hour).await?;
    // Where hours are kept no longer than minutes, the first hour has all its minutes.
    Ok(Some(match hour {
        Some(hour) if hour < Level::Hour.floor(minute) => Level::Hour.ceil(minute),
        _ => Level::Hour.floor(minute),
    }))
}

/// What a range has, from windows of a minute or an hour, with marks of slices.
async fn fold(
    tx: &mut Tx,
    id: i32,
    objective: &Objective,
    excluded: &[TimeRange],
    resolution: Resolution,
    range: TimeRange,
) -> Result<Pieces, StoreError> {
    let level = if resolution == Resolution::Hour {
        Level::Hour
    } else {
        Level::Minute
    };
    let mut found = Tallies::new();
    recorded(tx, objective, resolution, range, u64::MAX, |at, events| {
        *found.entry((id, at)).or_default() += tally(events, excluded, at, level);
    })
    .await?;
    if level == Level::Minute {
        mark(objective, excluded, &mut found);
    }
    let (minutes, hours) = match level {
        Level::Minute => (found.clone(), count::coarser(&found, Level::Hour)),
        _ => (Tallies::new(), found),
    };
    Ok(Pieces {
        days: count::coarser(&hours, Level::Day),
        minutes,
        hours,
    })
}

/// Marks the slices that these minutes make.
fn mark(objective: &Objective, excluded: &[TimeRange], minutes: &mut Tallies) {
    let Some(seconds) = objective.slice_seconds() else {
        return;
    };
    let length = u64::from(seconds) * 1_000_000_000;
    let mut slices: HashMap<(i32, UnixNanos), Tally> = HashMap::new();
    for ((id, at), tally) in minutes.iter() {
        *slices.entry((*id, at - at % length)).or_default() += *tally;
    }
    for (key, events) in slices {
        let slice = TimeRange {
            from_ns: key.1,
            to_ns: key.1 + length,
        };
        let (good_slices, bad_slices) = marks(objective, events.events(), excluded, slice);
        if good_slices + bad_slices > 0 {
            *minutes.entry(key).or_default() += Tally {
                good_slices,
                bad_slices,
                ..Tally::default()
            };
        }
    }
}

/// When the first minute with events is, or the first hour where its minutes are no longer kept.
async fn first_event(tx: &mut Tx, counted_as: i32) -> Result<Option<UnixNanos>, StoreError> {
    let first = sqlx::query!(
        r#"SELECT min(window_ns) FILTER (WHERE resolution = 1) AS hour, min(window_ns) FILTER (WHERE resolution = 0) AS minute
        FROM slo_count WHERE resolution IN (0, 1) AND objective = $1"#,
        counted_as
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(match (first.hour, first.minute) {
        (Some(hour), Some(minute)) if minute < hour + bigint(Level::Hour.ns()) => Some(minute as u64),
        (hour, minute) => hour.or(minute).map(|at| at as u64),
    })
}

fn negative(tally: Tally) -> Tally {
    Tally {
        good: -tally.good,
        total: -tally.total,
        excluded: -tally.excluded,
        excluded_good: -tally.excluded_good,
        good_slices: -tally.good_slices,
        bad_slices: -tally.bad_slices,
    }
}

async fn remove_minutes(tx: &mut Tx, counted_as: i32, range: TimeRange) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM slo_count WHERE resolution = 0 AND objective = $1 AND window_ns >= $2 AND window_ns < $3",
        counted_as,
        bigint(range.from_ns),
        bigint(range.to_ns)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes all that is counted of an objective as it is.
pub(super) async fn remove_counts(tx: &mut Tx, id: i32) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM slo_count WHERE resolution IN (0, 1, 2) AND objective = (SELECT counted_as FROM objective WHERE id = $1)",
        id
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes all that was counted of it before it counted something else.
pub(super) async fn remove_counts_before(tx: &mut Tx, id: i32) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM slo_count WHERE resolution IN (0, 1, 2)
            AND objective IN (SELECT counted_as FROM counted_before WHERE objective = $1)",
        id
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
