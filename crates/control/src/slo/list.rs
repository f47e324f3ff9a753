//! Objectives as pages and programs see them.

use std::collections::HashMap;

use pointsman_domain::Text;
use pointsman_domain::people::Action;
use pointsman_domain::slo::{Alert, Level, SloDetail, SloPoint, SloSummary};
use pointsman_domain::time::TimeRange;
use pointsman_store::people::services;
use pointsman_store::rollup::versions_seen;
use pointsman_store::slo::alerts::{self, AlertFilter};
use pointsman_store::slo::objectives::{self, ObjectiveRow};
use pointsman_store::slo::{self, exclusions, silences, status};

use super::window;
use crate::access::Target;
use crate::{Desk, Problem};

/// How many alerts a page of one objective shows.
const ALERTS: i64 = 50;

impl Desk {
    /// All objectives that the caller may see, what is left of whose budget is least first; those of which nothing is known yet
    /// come last.
    pub async fn slos(&self) -> Result<Vec<SloSummary>, Problem> {
        let mut at = self.snapshot().await?;
        let mut rows = objectives::all(&mut at).await?;
        // A caller for some services sees those.
        if let Err(denial) = self.may_read() {
            rows.retain(|row| self.may_read_of(Some(&row.objective.service)).is_ok());
            if rows.is_empty() {
                return Err(denial.into());
            }
        }
        let names: Vec<Text> = rows.iter().map(|row| row.objective.service.clone()).collect();
        let owners = services::owners(&mut at, &names).await?;
        let mut statuses = status::all(&mut at).await?;
        let mut firing: HashMap<Text, Vec<Alert>> = HashMap::new();
        for row in alerts::firing(&mut at).await? {
            firing.entry(row.alert.objective.clone()).or_default().push(row.alert);
        }
        let mut summaries: Vec<SloSummary> = rows
            .into_iter()
            .map(|row| SloSummary {
                revision: row.revision,
                team: owners.get(&row.objective.service).cloned(),
                counted_from_ns: row.counted_from_ns,
                status: statuses.remove(&row.id),
                firing: firing.remove(&row.objective.name).unwrap_or_default(),
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

    /// One objective; `None` where there is none of this name.
    pub async fn slo(&self, name: &str) -> Result<Option<SloDetail>, Problem> {
        let mut at = self.snapshot().await?;
        let Some(row) = objectives::by_name(&mut at, name).await? else {
            self.may_read()?;
            return Ok(None);
        };
        let service = row.objective.service.clone();
        self.may_read_of(Some(&service))?;
        let team = services::record(&mut at, &service).await?.team;
        let now_ns = self.clock.now_ns();
        let filter = AlertFilter {
            objective: Some(name),
            ..AlertFilter::default()
        };
        let found = alerts::page(&mut at, filter, ALERTS).await?;
        let found: Vec<Alert> = found.into_iter().map(|row| row.alert).collect();
        let range = TimeRange {
            from_ns: window::start(&row.objective.window, now_ns),
            to_ns: now_ns,
        };
        let mut left_out = exclusions::all(&mut at).await?;
        left_out.retain(|one| one.is_for(&row.objective) && one.from_ns < range.to_ns && one.to_ns > range.from_ns);
        let mut silent = silences::current(&mut at, now_ns).await?;
        silent.retain(|silence| silence.holds_for(&service, name, now_ns));
        let target = Target::Service {
            name: &service,
            owner: team.as_deref(),
        };
        let status = status::of(&mut at, row.id).await?;
        let mut deploys = versions_seen(&mut at, std::slice::from_ref(&service)).await?;
        deploys.retain(|deploy| (range.from_ns..range.to_ns).contains(&deploy.at_ns));
        Ok(Some(SloDetail {
            points: points(&mut at, &row, range).await?,
            exclusions: left_out,
            silences: silent,
            deploys,
            may_edit: self.may(Action::EditObjective, target).is_ok(),
            summary: SloSummary {
                revision: row.revision,
                team,
                counted_from_ns: row.counted_from_ns,
                status,
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

/// The window piece by piece. The last piece may not be over yet.
async fn points(
    conn: &mut pointsman_store::Connection,
    row: &ObjectiveRow,
    range: TimeRange,
) -> Result<Vec<SloPoint>, Problem> {
    if !row.objective.is_counted() {
        return Ok(Vec::new());
    }
    let level = if row.objective.window.days() <= 7 {
        Level::Hour
    } else {
        Level::Day
    };
    let range = TimeRange {
        from_ns: level.floor(range.from_ns),
        to_ns: range.to_ns,
    };
    let counts = slo::counts_of(conn, row.id, level, range).await?;
    let sliced = row.objective.slice_seconds().is_some();
    let pieces: Vec<SloPoint> = counts
        .into_iter()
        .map(|(at_ns, tally)| SloPoint {
            at_ns,
            count: if sliced { tally.slices() } else { tally.events() },
            excluded: tally.excluded.max(0) as u64,
            spent: 0.0,
        })
        .collect();
    let total: u64 = pieces.iter().map(|piece| piece.count.total).sum();
    let allowed = row.objective.target.budget() * total as f64;
    let mut bad = 0;
    Ok(pieces
        .into_iter()
        .map(|piece| {
            bad += piece.count.bad();
            let spent = if allowed > 0.0 { bad as f64 / allowed } else { 0.0 };
            SloPoint { spent, ..piece }
        })
        .collect())
}
