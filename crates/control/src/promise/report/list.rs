//! Reports as pages and programs get them: those that are kept as they are kept, any other made now.

use pointsman_domain::Text;
use pointsman_domain::people::Action;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::report::{Head, Report, ReportIndex, ReportRow, ReportState};
use pointsman_domain::slo::CalendarUnit;
use pointsman_domain::time::TimeRange;
use pointsman_store::people::{services, teams};
use pointsman_store::report::records;
use pointsman_store::slo::objectives;

use crate::access::Target;
use crate::promise::period;
use crate::{Problem, Promise};

impl Promise<'_> {
    /// The reports that there are: of the month and the quarter that run, and all that are closed.
    pub async fn reports(&self) -> Result<ReportIndex, Problem> {
        self.0.may_read()?;
        let now_ns = self.0.control.clock.now_ns();
        let zone = period::known_zone(self.0.control.report_zone());
        let running = [CalendarUnit::Month, CalendarUnit::Quarter]
            .into_iter()
            .filter_map(|unit| {
                let label = period::at(unit, &zone, now_ns)?;
                let range = period::range(label, &zone)?;
                Some(ReportRow {
                    head: Head {
                        label,
                        zone: self.0.control.report_zone().as_ref().into(),
                        team: None,
                        range: TimeRange {
                            to_ns: now_ns.min(range.to_ns),
                            ..range
                        },
                        state: ReportState::Running,
                        made_ns: now_ns,
                    },
                    met: 0,
                    judged: 0,
                })
            });
        let mut at = self.0.snapshot().await?;
        let closed = records::all(&mut at).await?;
        let rows = objectives::all(&mut at).await?;
        let names: Vec<Text> = rows.into_iter().map(|row| row.objective.service.clone()).collect();
        let mut owners: Vec<Text> = services::owners(&mut at, &names).await?.into_values().collect();
        owners.sort();
        owners.dedup();
        Ok(ReportIndex {
            reports: running.chain(closed).collect(),
            teams: owners,
        })
    }

    /// The report of a month or a quarter, of a team's services or of all. Contracts and money are in it for whom they are for. `None` where
    /// the period has not begun, or there is no such team.
    pub async fn report(&self, label: PeriodLabel, team: Option<&str>) -> Result<Option<Report>, Problem> {
        self.0.may_read()?;
        let team = team.map(str::trim).filter(|team| !team.is_empty());
        let mut at = self.0.snapshot().await?;
        let found = if let Some(report) = records::of(&mut at, label, team).await? {
            Some(report)
        } else {
            if let Some(team) = team
                && teams::by_name(&mut at, team).await?.is_none()
            {
                return Ok(None);
            }
            let zone = self.0.control.report_zone();
            let maker = super::make::Maker::read(&mut at, label, zone, self.0.control.clock.now_ns(), false).await?;
            maker.map(|maker| maker.report(team.map(Text::from).as_ref()))
        };
        let sees_money = self.0.may(Action::ReadContracts, Target::Everything).is_ok();
        Ok(found.map(|mut report| {
            report.contracts = report.contracts.filter(|_| sees_money);
            report
        }))
    }
}
