//! What outcomes are computed from: objectives, exclusions, and the counts of the contract's part of a period.

use std::time::Duration;

use pointsman_domain::period::PeriodLabel;
use pointsman_domain::sla::{ComputedFrom, Contract, DayCount, ObjectiveFrom, TermMeasure};
use pointsman_domain::slo::{Exclusion, Level, Measure, Tally, intervals};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;
use pointsman_store::sla::contracts::{ContractHistory, ContractRow};
use pointsman_store::slo::objectives::{self, ObjectiveRow};
use pointsman_store::slo::{self, exclusions};
use pointsman_store::{Connection, StoreError};

use crate::promise::period;
use crate::promise::slo::{CountReader, Members};

/// How long ago the recent time begins that projections go by.
const RECENT: Duration = Duration::from_secs(7 * 86_400);

/// The objectives as they were at some moment, and the exclusions as they are.
pub(crate) struct ObjectivesAt {
    pub(crate) rows: Vec<ObjectiveRow>,
    pub(crate) exclusions: Vec<Exclusion>,
    pub(crate) now_ns: UnixNanos,
}

/// A period of a contract, by the revision of the contract that held at its end.
#[derive(Debug, Clone)]
pub(crate) struct Period {
    pub(crate) row: ContractRow,
    pub(crate) label: PeriodLabel,
    /// The contract's part of it.
    pub(crate) range: TimeRange,
    /// When all of the period is over.
    pub(crate) end_ns: UnixNanos,
}

/// The period of this label, by the revision of the contract that held at its end; `None` where the contract has no part in it.
pub(crate) fn period_of(history: &ContractHistory, label: PeriodLabel) -> Option<Period> {
    let end_ns = period::range(label, &period::known_zone(&history.row.contract.zone))?.to_ns;
    let row = history.at(end_ns);
    let range = part_of(&row.contract, label).filter(|_| row.contract.unit == label.unit())?;
    Some(Period {
        row: row.clone(),
        label,
        range,
        end_ns,
    })
}

/// The contract's periods that have been over for so long, are not closed and begin no earlier than `oldest_ns`, oldest first.
pub(crate) fn ended(
    history: &ContractHistory,
    closed: &[PeriodLabel],
    oldest_ns: UnixNanos,
    ago: Duration,
    now_ns: UnixNanos,
) -> Vec<Period> {
    let revisions = history.revisions.iter().map(|(_, row)| row).chain([&history.row]);
    let starts = revisions.filter_map(|row| {
        let starts = period::day(row.contract.starts, &period::known_zone(&row.contract.zone))?;
        label_at(&history.row.contract, starts.max(oldest_ns))
    });
    let zone = period::known_zone(&history.row.contract.zone);
    let mut next = starts.min();
    let mut found = Vec::new();
    while let Some(label) = next
        && period::range(label, &zone).is_some_and(|whole| whole.to_ns + ago.as_nanos() as u64 <= now_ns)
    {
        let period = period_of(history, label).filter(|period| period.range.from_ns >= oldest_ns);
        found.extend(period.filter(|_| !closed.contains(&label)));
        next = Some(label.next());
    }
    found
}

/// The contract's part of a period; `None` where it has none.
pub(crate) fn part_of(contract: &Contract, label: PeriodLabel) -> Option<TimeRange> {
    let zone = period::known_zone(&contract.zone);
    let whole = period::range(label, &zone)?;
    let starts = period::day(contract.starts, &zone)?;
    let range = TimeRange {
        from_ns: whole.from_ns.max(starts),
        to_ns: match contract.ends {
            Some(last) => whole.to_ns.min(period::day(last.next(), &zone)?),
            None => whole.to_ns,
        },
    };
    (range.from_ns < range.to_ns).then_some(range)
}

/// The contract's period that a moment is in, whether or not the contract holds then.
pub(crate) fn label_at(contract: &Contract, at_ns: UnixNanos) -> Option<PeriodLabel> {
    let zone = period::known_zone(&contract.zone);
    let label = period::at(contract.unit, &zone, at_ns)?;
    // Where periods end before the month does, see `period`.
    let over = period::range(label, &zone)?.to_ns <= at_ns;
    Some(if over { label.next() } else { label })
}

/// The period of a contract that runs.
pub(crate) struct Now {
    pub(crate) label: PeriodLabel,
    pub(crate) range: TimeRange,
    pub(crate) so_far: TimeRange,
    pub(crate) recent: TimeRange,
}

impl Now {
    pub(crate) fn of(contract: &Contract, now_ns: UnixNanos) -> Option<Self> {
        let label = label_at(contract, now_ns)?;
        let range = part_of(contract, label)?;
        if !(range.from_ns..range.to_ns).contains(&now_ns) || now_ns == range.from_ns {
            return None;
        }
        let recent = Level::Hour.floor(now_ns.saturating_sub(RECENT.as_nanos() as u64));
        Some(Self {
            label,
            range,
            so_far: TimeRange {
                from_ns: range.from_ns,
                to_ns: now_ns,
            },
            recent: TimeRange {
                from_ns: recent.max(range.from_ns),
                to_ns: now_ns,
            },
        })
    }
}

impl ObjectivesAt {
    /// With the objectives as they are.
    pub(crate) async fn read(conn: &mut Connection, now_ns: UnixNanos) -> Result<Self, StoreError> {
        Ok(Self {
            rows: objectives::all(conn).await?,
            exclusions: exclusions::all(conn).await?,
            now_ns,
        })
    }

    /// With the objectives as they were at a period's end.
    pub(crate) async fn read_as_of(
        conn: &mut Connection,
        end_ns: UnixNanos,
        now_ns: UnixNanos,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            rows: objectives::all_at(conn, end_ns).await?,
            exclusions: exclusions::all(conn).await?,
            now_ns,
        })
    }

    /// The objectives of a contract's terms that there are.
    pub(crate) fn terms<'a>(&'a self, contract: &'a Contract) -> impl Iterator<Item = &'a ObjectiveRow> {
        let named = |name: &str| self.rows.iter().find(move |row| row.objective.name == name);
        contract.terms.iter().filter_map(move |term| named(&term.objective))
    }

    /// One whose recorded past is not counted yet, among them and their members.
    pub(crate) fn uncounted<'a>(&'a self, contract: &'a Contract) -> Option<&'a ObjectiveRow> {
        self.meant(contract)
            .into_iter()
            .find(|row| row.counted_from_ns.is_none())
    }

    /// The objectives of a contract's terms and the members of composite ones, each once.
    pub(crate) fn meant<'a>(&'a self, contract: &'a Contract) -> Vec<&'a ObjectiveRow> {
        let members = Members::new(&self.rows);
        let mut meant: Vec<&'a ObjectiveRow> = Vec::new();
        for term in self.terms(contract) {
            let parts = members.of(term).into_iter().map(|(_, member)| member);
            for one in std::iter::once(term).chain(parts) {
                if !meant.iter().any(|known| known.id == one.id) {
                    meant.push(one);
                }
            }
        }
        meant
    }

    /// Reads the counts of contracts in these times.
    pub(crate) async fn counts<'a>(
        &'a self,
        conn: &mut Connection,
        asked: Vec<(&'a Contract, TimeRange)>,
    ) -> Result<CountReader<'a>, StoreError> {
        let asked: Vec<(&ObjectiveRow, TimeRange)> = asked
            .into_iter()
            .flat_map(|(contract, range)| self.terms(contract).map(move |row| (row, range)))
            .collect();
        CountReader::read(conn, &self.rows, &self.exclusions, asked, self.now_ns).await
    }

    /// All that a record of a period is computed from.
    pub(crate) async fn from(
        &self,
        conn: &mut Connection,
        row: &ContractRow,
        range: TimeRange,
    ) -> Result<ComputedFrom, StoreError> {
        let meant = self.meant(&row.contract);
        let mut found = Vec::with_capacity(meant.len());
        for one in &meant {
            found.push(ObjectiveFrom {
                objective: one.objective.clone(),
                revision: one.revision,
                counted_from_ns: one.counted_from_ns,
                recorded_from_ns: one.recorded_from_ns,
                days: days(conn, one, range).await?,
            });
        }
        let touches = |exclusion: &&Exclusion| {
            let overlaps = exclusion.from_ns < range.to_ns && exclusion.to_ns > range.from_ns;
            overlaps && meant.iter().any(|one| exclusion.is_for(&one.objective))
        };
        Ok(ComputedFrom {
            contract: row.contract.clone(),
            revision: row.revision,
            objectives: found,
            exclusions: self.exclusions.iter().filter(touches).cloned().collect(),
        })
    }
}

/// What was counted of an objective day by day of UTC, in a range.
async fn days(conn: &mut Connection, row: &ObjectiveRow, range: TimeRange) -> Result<Vec<DayCount>, StoreError> {
    let mut days: Vec<DayCount> = Vec::new();
    for span in intervals(range) {
        let piece = TimeRange {
            from_ns: span.from_ns,
            to_ns: span.to_ns,
        };
        for (at_ns, tally) in slo::counts_of(conn, row.counted_as, span.level, piece).await? {
            let at_ns = Level::Day.floor(at_ns);
            match days.last_mut() {
                Some(day) if day.at_ns == at_ns => day.tally += tally,
                _ => days.push(DayCount { at_ns, tally }),
            }
        }
    }
    days.retain(|day| day.tally != Tally::default());
    Ok(days)
}

/// What the terms of a contract had in a time that was asked for, in the contract's order.
pub(crate) fn measures(counts: &CountReader<'_>, contract: &Contract, range: TimeRange) -> Vec<TermMeasure> {
    contract
        .terms
        .iter()
        .map(|term| match counts.members().named(&term.objective) {
            Some(row) => counts.measure(row, range, contract.honours_exclusions),
            None => TermMeasure {
                measure: Measure::mean([]),
                excluded: 0,
                covered: 1.0,
            },
        })
        .collect()
}
