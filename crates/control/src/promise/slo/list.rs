//! Objectives as pages and programs see them.

use std::collections::HashMap;

use pointsman_domain::Text;
use pointsman_domain::people::Action;
use pointsman_domain::slo::{Alert, Failing, Indicator, Level, Objective, SloDetail, SloPoint, SloSummary};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::TimeRange;
use pointsman_store::Connection;
use pointsman_store::people::services;
use pointsman_store::rollup::versions_seen;
use pointsman_store::slo::alerts::{self, AlertFilter};
use pointsman_store::slo::failures::{self, Step};
use pointsman_store::slo::objectives::{self, ObjectiveRow};
use pointsman_store::slo::{exclusions, silences, status};

use super::evaluate::whole_window;
use super::{pieces, window};
use crate::access::Target;
use crate::{Problem, Promise};

/// How many alerts a page of one objective shows.
const ALERTS: i64 = 50;

impl Promise<'_> {
    /// All objectives that the caller may see, what is left of whose budget is least first; those of which nothing is known yet
    /// come last.
    pub async fn slos(&self) -> Result<Vec<SloSummary>, Problem> {
        let mut at = self.0.snapshot().await?;
        let mut rows = objectives::all(&mut at).await?;
        // A caller for some services sees those.
        if let Err(denial) = self.0.may_read() {
            rows = self.visible(&mut at, rows).await?;
            if rows.is_empty() {
                return Err(denial.into());
            }
        }
        let names: Vec<Text> = rows.iter().map(|row| row.objective.service.clone()).collect();
        let owners = services::owners(&mut at, &names).await?;
        let mut statuses = status::all(&mut at).await?;
        let mut failing = failing(&mut at).await?;
        let mut firing: HashMap<i32, Vec<Alert>> = HashMap::new();
        for row in alerts::firing(&mut at).await? {
            if let Some(objective) = row.objective {
                firing.entry(objective).or_default().push(row.alert);
            }
        }
        let mut summaries: Vec<SloSummary> = rows
            .into_iter()
            .map(|row| SloSummary {
                revision: row.revision,
                team: owners.get(&row.objective.service).cloned(),
                counted_from_ns: row.counted_from_ns,
                status: statuses.remove(&row.id),
                failing: failing.remove(&row.id),
                firing: firing.remove(&row.id).unwrap_or_default(),
                objective: row.objective,
            })
            .collect();
        let left = |summary: &SloSummary| {
            let status = summary.status.as_ref();
            status
                .filter(|status| status.measure.bad.is_some())
                .map_or(f64::INFINITY, |status| status.budget.left())
        };
        summaries.sort_by(|a, b| left(a).total_cmp(&left(b)));
        Ok(summaries)
    }

    /// Asks whether the caller may read an objective: its service, and whatever others its definition names.
    pub(super) async fn may_read_objective(&self, at: &mut Connection, objective: &Objective) -> Result<(), Problem> {
        self.0.may_read_of(Some(&objective.service))?;
        if self.0.may_read().is_ok() {
            return Ok(());
        }
        if let Some(caller) = &objective.caller {
            self.0.may_read_of(Some(caller))?;
        }
        if let Indicator::Composite { members } = &objective.indicator {
            for member in members {
                let found = objectives::by_name(at, &member.objective).await?;
                self.0
                    .may_read_of(found.as_ref().map(|row| row.objective.service.as_str()))?;
            }
        }
        Ok(())
    }

    /// The objectives among these that the caller may read.
    pub(super) async fn visible(
        &self,
        at: &mut Connection,
        rows: Vec<ObjectiveRow>,
    ) -> Result<Vec<ObjectiveRow>, Problem> {
        let mut visible = Vec::new();
        for row in rows {
            match self.may_read_objective(at, &row.objective).await {
                Ok(()) => visible.push(row),
                Err(Problem::Denied(_)) => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(visible)
    }

    /// One objective; `None` where there is none of this name.
    pub async fn slo(&self, name: &str) -> Result<Option<SloDetail>, Problem> {
        let mut at = self.0.snapshot().await?;
        let Some(row) = objectives::by_name(&mut at, name).await? else {
            self.0.may_read()?;
            return Ok(None);
        };
        let service = row.objective.service.clone();
        self.may_read_objective(&mut at, &row.objective).await?;
        let team = services::record(&mut at, &service).await?.team;
        let now_ns = self.0.control.clock.now_ns();
        let filter = AlertFilter {
            objective_id: Some(row.id),
            ..AlertFilter::default()
        };
        let found = alerts::page(&mut at, filter, ALERTS).await?;
        let found: Vec<Alert> = found.into_iter().map(|row| row.alert).collect();
        let range = TimeRange {
            from_ns: window::start(&row.objective.window, now_ns),
            to_ns: now_ns,
        };
        let mut left_out = exclusions::all(&mut at).await?;
        let excluded = exclusions::of(&left_out, &row.objective);
        left_out.retain(|one| one.is_for(&row.objective) && one.from_ns < range.to_ns && one.to_ns > range.from_ns);
        let mut silent = silences::current(&mut at, now_ns).await?;
        silent.retain(|silence| silence.holds_for(&service, name, now_ns));
        let target = Target::Service {
            name: &service,
            owner: team.as_deref(),
        };
        let status = status::of(&mut at, row.id).await?;
        let mut failing = failing(&mut at).await?;
        let mut deploys = versions_seen(&mut at, std::slice::from_ref(&service)).await?;
        deploys.retain(|deploy| (range.from_ns..range.to_ns).contains(&deploy.at_ns));
        Ok(Some(SloDetail {
            points: points(&mut at, &row, &excluded, now_ns).await?,
            hours_until_ns: row.minutes_from_ns.filter(|from_ns| *from_ns > range.from_ns),
            exclusions: left_out,
            silences: silent,
            deploys,
            may_edit: self.0.may(Action::EditObjective, target).is_ok(),
            summary: SloSummary {
                revision: row.revision,
                team,
                counted_from_ns: row.counted_from_ns,
                status,
                failing: failing.remove(&row.id),
                firing: found
                    .iter()
                    .filter(|alert| alert.resolved_ns.is_none())
                    .cloned()
                    .collect(),
                objective: row.objective,
            },
            alerts: found,
        }))
    }
}

/// Why objectives could not be counted or evaluated, by their numbers.
async fn failing(conn: &mut pointsman_store::Connection) -> Result<HashMap<i32, Failing>, Problem> {
    let mut all = failures::of_step(conn, Step::Evaluate).await?;
    all.extend(failures::of_step(conn, Step::Count).await?);
    Ok(all
        .into_iter()
        .filter_map(|(id, failing)| Some((id.parse().ok()?, failing)))
        .collect())
}

/// The window piece by piece, from the counts that its headline is made of. The last piece may not be over yet.
async fn points(
    conn: &mut pointsman_store::Connection,
    row: &ObjectiveRow,
    excluded: &[TimeRange],
    now_ns: UnixNanos,
) -> Result<Vec<SloPoint>, Problem> {
    if !row.objective.is_counted() || row.counted_from_ns.is_none() {
        return Ok(Vec::new());
    }
    let level = if row.objective.window.days() <= 7 {
        Level::Hour
    } else {
        Level::Day
    };
    let pieces = pieces::read(conn, row, whole_window(&row.objective, now_ns), level, excluded).await?;
    let total: u64 = pieces.iter().map(|piece| piece.count.total).sum();
    if pieces.iter().all(|piece| piece.count.total + piece.excluded == 0) {
        return Ok(Vec::new());
    }
    let allowed = row.objective.target.budget() * total as f64;
    let mut bad = 0;
    Ok(pieces
        .into_iter()
        .map(|piece| {
            bad += piece.count.bad();
            SloPoint {
                at_ns: piece.range.from_ns,
                count: piece.count,
                excluded: piece.excluded,
                spent: if allowed > 0.0 { bad as f64 / allowed } else { 0.0 },
            }
        })
        .collect())
}
