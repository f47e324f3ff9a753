//! Counts an objective's recorded past again: all of it for one that is new or counts something else, a part where time is left out or
//! taken in again.

use std::collections::HashMap;

use pointsman_domain::rollup::Resolution;
use pointsman_domain::slo::{Level, Objective, Slice, Tally};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use super::count::{self, Tallies};
use super::counting::tally;
use super::recorded::{first_window, recorded};
use super::{bigint, exclusions, objectives};
use crate::connect::Tx;
use crate::error::StoreError;
use crate::lock::{self, LoopName};
use crate::partition::slo_kept;

/// Counts again what was recorded in the range (taken out to whole hours); without a range all of it, from then on counted by the merger.
/// Waits for a merge that runs, and keeps others off until the transaction ends.
///
/// It is done from windows of 1 min, as long as those are kept; what is older only where all is counted again, from those of 1 h (and
/// not for slices, which that is too coarse for).
pub async fn recount(tx: &mut Tx, id: i32, range: Option<TimeRange>, now_ns: UnixNanos) -> Result<(), StoreError> {
    lock::within(tx, LoopName::Merger).await?;
    let Some(row) = objectives::by_id(tx, id).await? else {
        return Ok(());
    };
    let excluded = exclusions::of(&exclusions::all(tx).await?, &row.objective);
    let objective = &row.objective;
    // A little into the future: telemetry may be, by an hour.
    let end_ns = Level::Hour.ceil(now_ns) + 2 * Level::Hour.ns();
    let kept = |level| {
        let kept = slo_kept(level, &tx.store.retention()).as_nanos() as u64;
        level.floor(now_ns.saturating_sub(kept))
    };
    let kept = [kept(Level::Minute), kept(Level::Hour), kept(Level::Day)];
    let minutes_from = minutes_from(tx).await?.unwrap_or(end_ns);

    // Hours as they come from windows of 1 h, and minutes with the hours that they make.
    let mut hours = Tallies::new();
    let recounted = if let Some(range) = range {
        TimeRange {
            from_ns: Level::Hour.floor(range.from_ns).max(minutes_from),
            to_ns: Level::Hour.ceil(range.to_ns).min(end_ns),
        }
    } else {
        let before = TimeRange {
            from_ns: kept[Level::Day as usize],
            to_ns: minutes_from,
        };
        if objective.slice_seconds().is_none() {
            hours = fold(tx, id, objective, &excluded, Resolution::Hour, before).await?;
        }
        TimeRange {
            from_ns: minutes_from,
            to_ns: end_ns,
        }
    };
    let mut minutes = fold(tx, id, objective, &excluded, Resolution::Minute, recounted).await?;
    mark(objective, &mut minutes);
    let first_event = hours.keys().chain(minutes.keys()).map(|(_, at)| *at).min();
    for (key, tally) in count::coarser(&minutes, Level::Hour) {
        *hours.entry(key).or_default() += tally;
    }
    minutes.retain(|(_, at), _| *at >= kept[Level::Minute as usize]);
    let mut kept_hours = hours.clone();
    kept_hours.retain(|(_, at), _| *at >= kept[Level::Hour as usize]);
    let days = count::coarser(&hours, Level::Day);
    // Partitions first: one that is made after a transaction has used the table is not seen by it.
    count::ensure(
        tx,
        &[
            (Level::Minute, &minutes),
            (Level::Hour, &kept_hours),
            (Level::Day, &days),
        ],
    )
    .await?;
    if range.is_none() {
        remove_counts(tx, id).await?;
        count::add(tx, Level::Minute, &minutes).await?;
        count::add(tx, Level::Hour, &kept_hours).await?;
        count::add(tx, Level::Day, &days).await?;
        let from_ns = first_event.unwrap_or_else(|| Level::Minute.floor(now_ns));
        return objectives::set_counted(tx, id, from_ns).await;
    }
    // Hours and days change by the difference.
    for (at, old) in count::counts_of(tx, id, Level::Hour, recounted).await? {
        *hours.entry((id, at)).or_default() += negative(old);
    }
    hours.retain(|_, change| *change != Tally::default());
    remove_minutes(tx, id, recounted).await?;
    count::add(tx, Level::Minute, &minutes).await?;
    count::add(tx, Level::Day, &count::coarser(&hours, Level::Day)).await?;
    hours.retain(|(_, at), _| *at >= kept[Level::Hour as usize]);
    count::add(tx, Level::Hour, &hours).await
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

async fn fold(
    tx: &mut Tx,
    id: i32,
    objective: &Objective,
    excluded: &[TimeRange],
    resolution: Resolution,
    range: TimeRange,
) -> Result<Tallies, StoreError> {
    let mut found = Tallies::new();
    recorded(tx, objective, resolution, range, |at, counts| {
        *found.entry((id, at)).or_default() += tally(objective, excluded, at, counts);
    })
    .await?;
    Ok(found)
}

/// Marks the slices that these minutes make.
fn mark(objective: &Objective, minutes: &mut Tallies) {
    let Some(seconds) = objective.slice_seconds() else {
        return;
    };
    let length = u64::from(seconds) * 1_000_000_000;
    let mut slices: HashMap<(i32, UnixNanos), Tally> = HashMap::new();
    for ((id, at), tally) in minutes.iter() {
        *slices.entry((*id, at - at % length)).or_default() += *tally;
    }
    for (key, events) in slices {
        let (good_slices, bad_slices) = Slice::of(objective, events.events()).marks();
        if good_slices + bad_slices > 0 {
            *minutes.entry(key).or_default() += Tally {
                good_slices,
                bad_slices,
                ..Tally::default()
            };
        }
    }
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

async fn remove_minutes(tx: &mut Tx, id: i32, range: TimeRange) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM slo_count WHERE resolution = 0 AND objective = $1 AND window_ns >= $2 AND window_ns < $3",
        id,
        bigint(range.from_ns),
        bigint(range.to_ns)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes all that is counted of an objective.
pub(super) async fn remove_counts(tx: &mut Tx, id: i32) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM slo_count WHERE objective = $1 AND resolution IN (0, 1, 2)",
        id
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
