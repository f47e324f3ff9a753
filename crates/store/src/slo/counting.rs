//! The merger's side: what it takes out of the deltas is matched against the objectives, and added to their counts.

use std::collections::{BTreeSet, HashMap};

use pointsman_domain::Text;
use pointsman_domain::rollup::{Counts, EdgeKey, SeriesKey};
use pointsman_domain::slo::{Count, Level, Objective, Slice, Tally, covers, touches};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;

use super::count::{self, Tallies};
use super::{exclusions, objectives};
use crate::connect::Tx;
use crate::error::StoreError;
use crate::number::bigint;

/// What events are counted for, and what is left out of it.
struct Counted {
    counted_as: i32,
    objective: Objective,
    range: TimeRange,
    excluded: Vec<TimeRange>,
}

/// A key of figures: the requests under it can be events of objectives.
pub(crate) trait Countable {
    /// Whose they are.
    fn service(&self) -> &str;

    /// Whether they are events of this objective of the service.
    fn counts_for(&self, objective: &Objective) -> bool;
}

impl Countable for SeriesKey {
    fn service(&self) -> &str {
        &self.service
    }

    fn counts_for(&self, objective: &Objective) -> bool {
        objective.counts_series(self)
    }
}

impl Countable for EdgeKey {
    fn service(&self) -> &str {
        &self.target.name
    }

    fn counts_for(&self, objective: &Objective) -> bool {
        objective.counts_edge(self)
    }
}

/// What a merge adds to the counts of objectives.
#[derive(Default)]
pub(crate) struct Counting {
    counted: Vec<Counted>,
    by_service: HashMap<Text, Vec<usize>>,
    found: Tallies,
}

impl Counting {
    /// The objectives as they are in this transaction.
    pub(crate) async fn load(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut counting = Self::default();
        let rows = objectives::counted(tx).await?;
        if rows.is_empty() {
            return Ok(counting);
        }
        let exclusions = exclusions::all(tx).await?;
        for row in rows {
            let at = counting.counted.len();
            let service = row.objective.service.clone();
            counting.by_service.entry(service).or_default().push(at);
            counting.counted.push(Counted {
                excluded: exclusions::of(&exclusions, &row.objective),
                counted_as: row.counted_as,
                objective: row.objective,
                range: row.range,
            });
        }
        Ok(counting)
    }

    /// Counts deltas.
    pub(crate) fn add<K: Countable>(&mut self, deltas: &[(UnixNanos, K, Counts)]) {
        for (window_ns, key, counts) in deltas {
            let Some(places) = self.by_service.get(key.service()) else {
                continue;
            };
            let minute = Level::Minute.floor(*window_ns);
            for counted in places.iter().map(|at| &self.counted[*at]) {
                if (counted.range.from_ns..counted.range.to_ns).contains(&minute) && key.counts_for(&counted.objective)
                {
                    let events = counted.objective.events(counts);
                    let tally = tally(events, &counted.excluded, minute, Level::Minute);
                    *self.found.entry((counted.counted_as, minute)).or_default() += tally;
                }
            }
        }
    }

    /// Writes what was counted: minutes, hours and days, and what it makes of slices.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        if self.found.is_empty() {
            return Ok(());
        }
        // Slices begin in the same hour as what is in them, but perhaps in another minute: of the same day all the same.
        let levels = Level::ALL.map(|level| (level, &self.found));
        count::ensure(tx, &levels).await?;
        count::add(tx, Level::Minute, &self.found).await?;
        let mut all = self.found.clone();
        let marks = self.marks(tx).await?;
        count::add(tx, Level::Minute, &marks).await?;
        for (key, tally) in marks {
            *all.entry(key).or_default() += tally;
        }
        for level in [Level::Hour, Level::Day] {
            count::add(tx, level, &count::coarser(&all, level)).await?;
        }
        Ok(())
    }

    /// How the marks of the slices change that got events, as of what is written.
    async fn marks(&self, tx: &mut Tx) -> Result<Tallies, StoreError> {
        let sliced: HashMap<i32, (&Counted, u64)> = self
            .counted
            .iter()
            .filter_map(|counted| {
                let seconds = counted.objective.slice_seconds()?;
                Some((counted.counted_as, (counted, u64::from(seconds) * 1_000_000_000)))
            })
            .collect();
        let touched: BTreeSet<(i32, u64, u64)> = self
            .found
            .keys()
            .filter_map(|(id, minute)| {
                let (_, length) = sliced.get(id)?;
                Some((*id, minute - minute % length, *length))
            })
            .collect();
        if touched.is_empty() {
            return Ok(Tallies::new());
        }
        let ids: Vec<i32> = touched.iter().map(|slice| slice.0).collect();
        let starts: Vec<i64> = touched.iter().map(|slice| bigint(slice.1)).collect();
        let ends: Vec<i64> = touched.iter().map(|slice| bigint(slice.1 + slice.2)).collect();
        let rows = sqlx::query!(
            r#"SELECT s.objective AS "objective!", s.from_ns AS "from_ns!", sum(c.good)::bigint AS "good!",
                sum(c.total)::bigint AS "total!", sum(c.good_slices)::bigint AS "good_slices!",
                sum(c.bad_slices)::bigint AS "bad_slices!"
            FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS s (objective, from_ns, to_ns)
            JOIN slo_count AS c ON c.resolution = 0 AND c.objective = s.objective
                AND c.window_ns >= s.from_ns AND c.window_ns < s.to_ns
            GROUP BY s.objective, s.from_ns"#,
            &ids,
            &starts,
            &ends
        )
        .fetch_all(&mut **tx)
        .await?;
        let mut changes = Tallies::new();
        for row in rows {
            let Some((counted, length)) = sliced.get(&row.objective) else {
                continue;
            };
            let events = Tally {
                good: row.good,
                total: row.total,
                ..Tally::default()
            };
            let slice = TimeRange {
                from_ns: row.from_ns as u64,
                to_ns: row.from_ns as u64 + length,
            };
            let (good, bad) = marks(&counted.objective, events.events(), &counted.excluded, slice);
            let change = Tally {
                good_slices: good - row.good_slices,
                bad_slices: bad - row.bad_slices,
                ..Tally::default()
            };
            if change != Tally::default() {
                changes.insert((row.objective, row.from_ns as u64), change);
            }
        }
        Ok(changes)
    }
}

/// The marks of a slice with these events: none where it touches excluded time.
pub(super) fn marks(objective: &Objective, events: Count, excluded: &[TimeRange], slice: TimeRange) -> (i64, i64) {
    if touches(excluded, slice) {
        return Slice::Open.marks();
    }
    Slice::of(objective, events).marks()
}

/// The events of a minute or an hour, left out where all of it is: how they lie in it is not known.
pub(super) fn tally(events: Count, excluded: &[TimeRange], at_ns: UnixNanos, level: Level) -> Tally {
    let whole = TimeRange {
        from_ns: at_ns,
        to_ns: at_ns + level.ns(),
    };
    if !excluded.is_empty() && covers(excluded, whole) {
        return Tally {
            excluded: bigint(events.total),
            excluded_good: bigint(events.good),
            ..Tally::default()
        };
    }
    Tally {
        good: bigint(events.good),
        total: bigint(events.total),
        ..Tally::default()
    }
}
