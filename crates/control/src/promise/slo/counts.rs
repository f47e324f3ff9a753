//! What was counted: the pieces that windows and periods are put together of, read once for all objectives that need them.

use std::collections::{BTreeMap, HashMap};

use pointsman_domain::sla::TermMeasure;
use pointsman_domain::slo::{
    Count, Exclusion, Indicator, Interval, Level, Limit, Measure, Objective, Tally, intervals, whole_slices,
};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;
use pointsman_store::slo::objectives::ObjectiveRow;
use pointsman_store::slo::{self, exclusions};
use pointsman_store::{Connection, StoreError};

/// A slice whose end is not so long ago may still get events: telemetry takes that long at most to come and be counted.
pub(super) const LAG_NS: u64 = 60 * 1_000_000_000;

/// Objectives by name, and the members of a composite one with their weights; any other is its only member.
pub(crate) struct Members<'r> {
    by_name: HashMap<&'r str, &'r ObjectiveRow>,
}

impl<'r> Members<'r> {
    pub(crate) fn new(rows: &'r [ObjectiveRow]) -> Self {
        Self {
            by_name: rows.iter().map(|row| (row.objective.name.as_str(), row)).collect(),
        }
    }

    /// The objective of this name.
    pub(crate) fn named(&self, name: &str) -> Option<&'r ObjectiveRow> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn of(&self, row: &'r ObjectiveRow) -> Vec<(f64, &'r ObjectiveRow)> {
        match &row.objective.indicator {
            Indicator::Composite { members } => members
                .iter()
                .filter_map(|member| Some((member.weight, self.named(&member.objective)?)))
                .filter(|(_, member)| member.objective.is_counted())
                .collect(),
            _ => vec![(1.0, row)],
        }
    }
}

/// Counts of intervals, by the numbers under which objectives are counted.
pub(super) struct CountsByInterval(HashMap<Interval, HashMap<i32, Tally>>);

impl CountsByInterval {
    /// Reads pieces for these objectives each.
    pub(super) async fn read(conn: &mut Connection, wanted: BTreeMap<Interval, Vec<i32>>) -> Result<Self, StoreError> {
        let mut sums = HashMap::new();
        for (span, mut ids) in wanted {
            ids.sort_unstable();
            ids.dedup();
            sums.insert(span, slo::sums(conn, span, &ids).await?);
        }
        Ok(Self(sums))
    }

    /// What was counted under a number in a piece.
    pub(super) fn piece(&self, span: Interval, counted_as: i32) -> Tally {
        let found = self.0.get(&span).and_then(|sums| sums.get(&counted_as));
        found.copied().unwrap_or_default()
    }

    /// All of these together.
    pub(super) fn whole(&self, pieces: &[Interval], counted_as: i32) -> Tally {
        let mut tally = Tally::default();
        for span in pieces {
            tally += self.piece(*span, counted_as);
        }
        tally
    }
}

/// What a tally of an objective with counts of its own comes to, over the range that it is of: events, or slices.
pub(crate) fn count(row: &ObjectiveRow, tally: Tally, range: TimeRange, excluded: &[TimeRange]) -> Count {
    let Some(seconds) = row.objective.slice_seconds() else {
        return tally.events();
    };
    let marked = tally.slices();
    let Indicator::Throughput { limit, .. } = row.objective.indicator else {
        return marked;
    };
    // What is not marked is told by the clock.
    let counted_from = row.counted_from_ns.unwrap_or(range.to_ns);
    let range = TimeRange {
        from_ns: range.from_ns.max(counted_from),
        to_ns: range.to_ns,
    };
    let total = whole_slices(range, seconds, excluded);
    let good = match limit {
        Limit::AtLeast => marked.good.min(total),
        Limit::AtMost => total.saturating_sub(marked.bad()),
    };
    Count { good, total }
}

/// What members with these weights come to; one alone is itself.
pub(crate) fn together(counts: &[(f64, Count)]) -> Measure {
    match counts {
        [(_, count)] => Measure::from(*count),
        all => Measure::mean(all.iter().map(|(weight, count)| (*weight, Measure::from(*count)))),
    }
}

/// Counts of fixed times rather than windows that end now: the periods of contracts and reports.
pub(crate) struct CountReader<'r> {
    members: Members<'r>,
    exclusions: &'r [Exclusion],
    now_ns: UnixNanos,
    counts: CountsByInterval,
}

impl<'r> CountReader<'r> {
    /// Reads what these objectives counted in these times, which begin at whole hours.
    pub(crate) async fn read(
        conn: &mut Connection,
        rows: &'r [ObjectiveRow],
        exclusions: &'r [Exclusion],
        asked: Vec<(&'r ObjectiveRow, TimeRange)>,
        now_ns: UnixNanos,
    ) -> Result<Self, StoreError> {
        let members = Members::new(rows);
        let mut wanted: BTreeMap<Interval, Vec<i32>> = BTreeMap::new();
        for (row, range) in asked {
            for (_, member) in members.of(row) {
                let Some(range) = countable(&member.objective, range, now_ns) else {
                    continue;
                };
                let edges = edges(range, now_ns).into_iter().flat_map(|edge| [edge.day, edge.hours]);
                for span in intervals(range).into_iter().chain(edges) {
                    wanted.entry(span).or_default().push(member.counted_as);
                }
            }
        }
        Ok(Self {
            counts: CountsByInterval::read(conn, wanted).await?,
            members,
            exclusions,
            now_ns,
        })
    }

    /// The objectives by name.
    pub(crate) fn members(&self) -> &Members<'r> {
        &self.members
    }

    /// What an objective had in a time that was asked for. Where exclusions are not honoured (which slices can't do without), nothing is left
    /// out. Of several members, as much is covered as of the one of which the least is.
    pub(crate) fn measure(&self, row: &'r ObjectiveRow, range: TimeRange, honour: bool) -> TermMeasure {
        let (mut left_out, mut least_covered) = (0, 1.0_f64);
        let counts: Vec<(f64, Count)> = self
            .members
            .of(row)
            .into_iter()
            .map(|(weight, member)| {
                let Some(range) = countable(&member.objective, range, self.now_ns) else {
                    return (weight, Count::default());
                };
                least_covered = least_covered.min(self.covered(member, range));
                let tally = self.counts.whole(&intervals(range), member.counted_as);
                if !honour && member.objective.slice_seconds().is_none() {
                    return (weight, tally.all_events());
                }
                left_out += tally.excluded.max(0) as u64;
                let excluded = exclusions::of(self.exclusions, &member.objective);
                (weight, count(member, tally, range, &excluded))
            })
            .collect();
        TermMeasure {
            measure: together(&counts),
            excluded: left_out,
            covered: least_covered,
        }
    }

    /// The share of a time of which counts are there: none of the time before anything was recorded, nor of hours that are no longer kept.
    fn covered(&self, row: &ObjectiveRow, range: TimeRange) -> f64 {
        let known_from = row
            .recorded_from_ns
            .unwrap_or(range.to_ns)
            .clamp(range.from_ns, range.to_ns);
        let mut missing = known_from - range.from_ns;
        for edge in edges(range, self.now_ns) {
            let (day, hours) = (
                self.counts.piece(edge.day, row.counted_as),
                self.counts.piece(edge.hours, row.counted_as),
            );
            if day != hours {
                missing += edge.part.to_ns.saturating_sub(edge.part.from_ns.max(known_from));
            }
        }
        1.0 - missing.min(range.length_ns()) as f64 / range.length_ns() as f64
    }
}

/// Earlier versions kept hours for 100 days only, and what they dropped is gone: of what is so long ago it is asked whether the hours are there.
const HOURS_MAY_BE_GONE_NS: u64 = 99 * Level::Day.ns();

/// A day of UTC in which a time begins or ends.
struct Edge {
    /// What of the day is in the time.
    part: TimeRange,
    /// The day, as it is kept.
    day: Interval,
    /// All of its hours: together they have what the day has, where they are all there.
    hours: Interval,
}

/// The days that lie partly in a time, where their hours may be gone.
fn edges(range: TimeRange, now_ns: UnixNanos) -> Vec<Edge> {
    let mut days: Vec<UnixNanos> = [range.from_ns, range.to_ns]
        .into_iter()
        .filter(|at| now_ns.saturating_sub(*at) > HOURS_MAY_BE_GONE_NS && Level::Day.floor(*at) != *at)
        .map(|at| Level::Day.floor(at))
        .collect();
    days.dedup();
    let edge = |from_ns: UnixNanos| {
        let to_ns = from_ns + Level::Day.ns();
        let span = |level| Interval { level, from_ns, to_ns };
        Edge {
            part: TimeRange {
                from_ns: from_ns.max(range.from_ns),
                to_ns: to_ns.min(range.to_ns),
            },
            day: span(Level::Day),
            hours: span(Level::Hour),
        }
    };
    days.into_iter().map(edge).collect()
}

/// What of a fixed time is counted by now: of throughput only slices that are over. `None` where nothing is.
pub(super) fn countable(objective: &Objective, range: TimeRange, now_ns: UnixNanos) -> Option<TimeRange> {
    let to_ns = match (objective.slice_seconds(), &objective.indicator) {
        (Some(seconds), Indicator::Throughput { .. }) => {
            let over = now_ns.saturating_sub(LAG_NS);
            range.to_ns.min(over - over % (u64::from(seconds) * 1_000_000_000))
        }
        _ => range.to_ns.min(now_ns),
    };
    (range.from_ns < to_ns).then_some(TimeRange { to_ns, ..range })
}
