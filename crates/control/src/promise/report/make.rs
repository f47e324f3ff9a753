//! Makes a report: reads in one snapshot what it is of, and puts it together.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use pointsman_domain::Text;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::report::{
    AlertFigures, ContractPart, ContractRow, Head, Hour, Incident, ObjectiveRow, Report, ReportState, attribute,
    changes, tell, trend_labels,
};
use pointsman_domain::sla::{Money, TermMeasure};
use pointsman_domain::slo::{Alert, AlertSeverity, Deploy, Indicator, Level, Limit};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;
use pointsman_store::people::services;
use pointsman_store::rollup::versions_seen;
use pointsman_store::sla::{contracts, records as periods};
use pointsman_store::slo::objectives::ObjectiveRow as Row;
use pointsman_store::slo::{self, alerts, exclusions};
use pointsman_store::{Connection, StoreError, report as kept};

use crate::promise::period;
use crate::promise::sla::{ObjectivesAt, live};
use crate::promise::slo::{CountReader, Members, count};

/// What every report of a period is made of, whoever it is for.
pub(super) struct Maker {
    label: PeriodLabel,
    zone: Text,
    range: TimeRange,
    state: ReportState,
    as_of: ObjectivesAt,
    owners: HashMap<Text, Text>,
    rows: Vec<ObjectiveRow>,
    alerts: Vec<Alert>,
    contracts: Vec<(ContractRow, HashSet<Text>)>,
}

/// The contracts' periods that a report of this one is about.
pub(super) fn contract_labels(label: PeriodLabel) -> Vec<PeriodLabel> {
    let mut labels: Vec<PeriodLabel> = label.months().filter(|month| *month != label).collect();
    labels.push(label);
    labels
}

impl Maker {
    /// Reads a period, as of now or as of its end. `None` where it has not begun.
    pub(super) async fn read(
        conn: &mut Connection,
        label: PeriodLabel,
        zone: &str,
        now_ns: UnixNanos,
        closing: bool,
    ) -> Result<Option<Self>, StoreError> {
        let tz = period::known_zone(zone);
        let Some(whole) = period::range(label, &tz).filter(|whole| whole.from_ns < now_ns) else {
            return Ok(None);
        };
        let state = match (closing, whole.to_ns <= now_ns) {
            (true, _) => ReportState::Closed,
            (false, true) => ReportState::Ended,
            (false, false) => ReportState::Running,
        };
        let range = TimeRange {
            to_ns: whole.to_ns.min(now_ns),
            ..whole
        };
        // What is over is judged by what held at its end.
        let as_of = match state {
            ReportState::Running => ObjectivesAt::read(conn, now_ns).await?,
            ReportState::Ended | ReportState::Closed => ObjectivesAt::read_as_of(conn, whole.to_ns, now_ns).await?,
        };
        let names: Vec<Text> = as_of.rows.iter().map(|row| row.objective.service.clone()).collect();
        let alerts = alerts::touching(conn, range).await?;
        let mut maker = Self {
            label,
            zone: zone.into(),
            range,
            state,
            owners: services::owners(conn, &names).await?,
            rows: Vec::new(),
            contracts: Vec::new(),
            alerts,
            as_of,
        };
        maker.rows = maker.objectives(conn, &tz).await?;
        maker.contracts = maker.contract_rows(conn).await?;
        Ok(Some(maker))
    }

    /// An objective whose recorded past is not counted yet.
    pub(super) fn uncounted(&self) -> Option<&Text> {
        let row = self.as_of.rows.iter().find(|row| row.counted_from_ns.is_none());
        row.map(|row| &row.objective.name)
    }

    /// Until when the period is, as far as it is over.
    pub(super) fn ends_ns(&self) -> UnixNanos {
        self.range.to_ns
    }

    /// The teams that have services with objectives, by name.
    pub(super) fn teams(&self) -> Vec<Text> {
        let mut teams: Vec<Text> = self.owners.values().cloned().collect();
        teams.sort();
        teams.dedup();
        teams
    }

    /// The report of a team's services, or of all.
    pub(super) fn report(&self, team: Option<&Text>) -> Report {
        let is_meant = |row: &&ObjectiveRow| team.is_none() || row.team.as_ref() == team;
        let objectives: Vec<ObjectiveRow> = self.rows.iter().filter(is_meant).cloned().collect();
        let names: HashSet<&Text> = objectives.iter().map(|row| &row.name).collect();
        let meant = |alert: &&Alert| names.contains(&alert.objective) || team.is_none();
        let alerts = figures(self.range, self.alerts.iter().filter(meant));
        let contracts = self
            .contracts
            .iter()
            .filter(|(_, terms)| team.is_none() || terms.iter().any(|term| names.contains(term)));
        let contracts: Vec<ContractRow> = contracts.map(|(row, _)| row.clone()).collect();
        let mut report = Report {
            head: Head {
                label: self.label,
                zone: self.zone.clone(),
                team: team.cloned(),
                range: self.range,
                state: self.state,
                made_ns: self.as_of.now_ns,
            },
            sentences: Vec::new(),
            alerts,
            contracts: Some(ContractPart {
                sentences: Vec::new(),
                credits: credits(&contracts),
                rows: contracts,
            }),
            objectives,
        };
        tell(&mut report);
        report
    }

    async fn objectives(&self, conn: &mut Connection, zone: &TimeZone) -> Result<Vec<ObjectiveRow>, StoreError> {
        let labels = trend_labels(self.label);
        let known = kept::records::trend(conn, &labels).await?;
        let range_of = |label: PeriodLabel| {
            if label == self.label {
                Some(self.range)
            } else {
                period::range(label, zone)
            }
        };
        let past: Vec<(PeriodLabel, Option<TimeRange>)> =
            labels.into_iter().map(|label| (label, range_of(label))).collect();
        let rows = &self.as_of.rows;
        let asked = rows
            .iter()
            .flat_map(|row| past.iter().filter_map(move |(_, range)| Some((row, (*range)?))))
            .collect();
        let counts = CountReader::read(conn, rows, &self.as_of.exclusions, asked, self.as_of.now_ns).await?;
        let hours = self.hours(conn).await?;
        let names: Vec<Text> = rows.iter().map(|row| row.objective.service.clone()).collect();
        let seen = changes(&versions_seen(conn, &names).await?);
        let members = Members::new(rows);
        let mut found: Vec<ObjectiveRow> = rows
            .iter()
            .map(|row| {
                let TermMeasure {
                    measure,
                    excluded,
                    covered,
                } = counts.measure(row, self.range, true);
                let running = self.state == ReportState::Running;
                let trend = past.iter().map(|(label, range)| {
                    let own = *label == self.label;
                    match known.get(&(*label, row.objective.name.clone())) {
                        Some(closed) if !own => *closed,
                        _ => (*range)
                            .and_then(|range| counts.measure(row, range, true).measure.bad)
                            .map(|bad| 1.0 - bad),
                    }
                });
                let target = row.objective.target;
                let budget = measure.budget(target);
                let mine: Vec<&Alert> = self
                    .alerts
                    .iter()
                    .filter(|alert| alert.objective == row.objective.name)
                    .collect();
                let parts = members.of(row);
                let services: HashSet<&Text> = parts.iter().map(|(_, member)| &member.objective.service).collect();
                let near: Vec<Deploy> = seen
                    .iter()
                    .filter(|one| services.contains(&one.service))
                    .cloned()
                    .collect();
                let incidents: Vec<Incident> = mine.iter().map(|alert| Incident::from(*alert)).collect();
                let bad = together(parts.iter().filter_map(|(_, member)| hours.get(&member.counted_as)));
                ObjectiveRow {
                    name: row.objective.name.clone(),
                    title: row.objective.display_title().into(),
                    service: row.objective.service.clone(),
                    team: self.owners.get(&row.objective.service).cloned(),
                    sentence: String::new(),
                    target,
                    measure,
                    compliance: measure.bad.map(|bad| 1.0 - bad),
                    confidence: (1.0 - measure.high, 1.0 - measure.low),
                    enough: measure.count.total >= row.objective.min_events,
                    excluded,
                    budget_spent: budget.spent,
                    met: measure.meets(target).filter(|met| running || !met || covered >= 1.0),
                    covered,
                    trend: trend.collect(),
                    spent_on: attribute(measure.count.bad(), &bad, &near, &incidents),
                    alerts: figures(self.range, mine.into_iter()),
                }
            })
            .collect();
        let rank = |row: &ObjectiveRow| match row.met {
            Some(false) => 0,
            Some(true) => 1,
            None => 2,
        };
        found.sort_by(|a, b| {
            let spent = b.budget_spent.total_cmp(&a.budget_spent);
            rank(a).cmp(&rank(b)).then(spent).then_with(|| a.name.cmp(&b.name))
        });
        Ok(found)
    }

    /// The bad events or slices of the period hour by hour, by the number under which the objective is counted.
    async fn hours(&self, conn: &mut Connection) -> Result<HashMap<i32, Vec<Hour>>, StoreError> {
        let (by_clock, by_counts): (Vec<&Row>, Vec<&Row>) = self
            .as_of
            .rows
            .iter()
            .filter(|row| row.objective.is_counted())
            .partition(|row| may_leave_no_count(row));
        let ids: Vec<i32> = by_counts.iter().map(|row| row.counted_as).collect();
        let mut rows = slo::bad_hours(conn, &ids, self.range).await?;
        for row in by_clock {
            // A slice without anything leaves no trace, so all hours are gone through.
            let counts = slo::counts_of(conn, row.counted_as, Level::Hour, self.range).await?;
            let known: HashMap<UnixNanos, _> = counts.into_iter().collect();
            let step = Level::Hour.ns();
            let starts = (self.range.from_ns..self.range.to_ns).step_by(step as usize);
            rows.insert(
                row.counted_as,
                starts
                    .map(|at| (at, known.get(&at).copied().unwrap_or_default()))
                    .collect(),
            );
        }
        let mut found = HashMap::new();
        for row in &self.as_of.rows {
            let Some(hours) = rows.remove(&row.counted_as) else {
                continue;
            };
            let excluded = exclusions::of(&self.as_of.exclusions, &row.objective);
            let bad = |(at_ns, tally)| {
                let hour = TimeRange {
                    from_ns: at_ns,
                    to_ns: (at_ns + Level::Hour.ns()).min(self.range.to_ns),
                };
                Hour {
                    at_ns,
                    bad: count(row, tally, hour, &excluded).bad(),
                }
            };
            found.insert(
                row.counted_as,
                hours.into_iter().map(bad).filter(|hour| hour.bad > 0).collect(),
            );
        }
        Ok(found)
    }

    async fn contract_rows(&self, conn: &mut Connection) -> Result<Vec<(ContractRow, HashSet<Text>)>, StoreError> {
        let labels = contract_labels(self.label);
        let all = contracts::histories(conn).await?;
        let mut records = periods::of_periods(conn, &labels).await?;
        if self.state != ReportState::Closed {
            for history in &all {
                let id = history.row.id;
                for label in &labels {
                    let is_closed = records.iter().any(|(sla, record)| *sla == id && record.label == *label);
                    if !is_closed && let Some(record) = live(conn, history, *label, self.as_of.now_ns).await? {
                        records.push((id, record));
                    }
                }
            }
        }
        let by_id: HashMap<i32, _> = all
            .iter()
            .map(|history| (history.row.id, &history.row.contract))
            .collect();
        Ok(records
            .into_iter()
            .filter_map(|(sla, record)| {
                let contract = by_id.get(&sla)?;
                let terms = record.outcome.terms.iter().map(|term| term.objective.clone()).collect();
                let row = ContractRow {
                    title: contract.display_title().into(),
                    customer: contract.customer.clone(),
                    record,
                };
                Some((row, terms))
            })
            .collect())
    }
}

/// Whether a bad slice of it may have left no count: the clock alone says that it was.
fn may_leave_no_count(row: &Row) -> bool {
    matches!(
        row.objective.indicator,
        Indicator::Throughput {
            limit: Limit::AtLeast,
            ..
        }
    )
}

/// The hours of several members as one.
fn together<'h>(all: impl Iterator<Item = &'h Vec<Hour>>) -> Vec<Hour> {
    let mut sums: std::collections::BTreeMap<UnixNanos, u64> = std::collections::BTreeMap::new();
    for hour in all.flatten() {
        *sums.entry(hour.at_ns).or_default() += hour.bad;
    }
    sums.into_iter().map(|(at_ns, bad)| Hour { at_ns, bad }).collect()
}

/// Of the alerts that began in a range.
fn figures<'a>(range: TimeRange, alerts: impl Iterator<Item = &'a Alert>) -> AlertFigures {
    let began: Vec<&Alert> = alerts
        .filter(|alert| (range.from_ns..range.to_ns).contains(&alert.opened_ns))
        .collect();
    let of = |severity| began.iter().filter(|alert| alert.severity == severity).count() as u32;
    let seconds = |alert: &&Alert| Some((alert.acked_ns?.saturating_sub(alert.opened_ns)) as f64 / 1e9);
    AlertFigures::of(
        of(AlertSeverity::Page),
        of(AlertSeverity::Ticket),
        began.iter().filter_map(seconds).collect(),
    )
}

/// What is credited, by currency.
fn credits(rows: &[ContractRow]) -> Vec<Money> {
    let mut sums: Vec<Money> = Vec::new();
    for credit in rows
        .iter()
        .map(|row| row.record.outcome.credit)
        .filter(|credit| credit.minor > 0)
    {
        match sums.iter_mut().find(|sum| sum.currency == credit.currency) {
            Some(sum) => sum.minor = sum.minor.saturating_add(credit.minor),
            None => sums.push(credit),
        }
    }
    sums.sort_by_key(|sum| sum.currency);
    sums
}
