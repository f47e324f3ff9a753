//! Contracts as pages and programs see them.

use pointsman_domain::people::Action;
use pointsman_domain::sla::{Contract, Pace, PeriodRecord, Running, SlaDetail, SlaSummary, outcome, project};
use pointsman_store::Connection;
use pointsman_store::sla::contracts::{self, ContractRow};
use pointsman_store::sla::records;
use pointsman_store::slo::failures::{self, Step};

use super::objectives_at::{Now, ObjectivesAt, measures};
use crate::access::Target;
use crate::promise::slo::CountReader;
use crate::{Problem, Promise};

impl Promise<'_> {
    /// All contracts, by name.
    pub async fn slas(&self) -> Result<Vec<SlaSummary>, Problem> {
        self.0.may(Action::ReadContracts, Target::Everything)?;
        let mut at = self.0.snapshot().await?;
        let rows = contracts::all(&mut at).await?;
        let mut last = records::last(&mut at).await?;
        let mut failing = failures::of_step(&mut at, Step::Close).await?;
        let mut running = self.running(&mut at, &rows).await?.into_iter();
        Ok(rows
            .into_iter()
            .map(|row| SlaSummary {
                running: running.next().flatten(),
                last: last.remove(&row.id),
                failing: failing.remove(&row.id.to_string()),
                revision: row.revision,
                contract: row.contract,
            })
            .collect())
    }

    /// One contract; `None` where there is none of this name.
    pub async fn sla(&self, name: &str) -> Result<Option<SlaDetail>, Problem> {
        self.0.may(Action::ReadContracts, Target::Everything)?;
        let mut at = self.0.snapshot().await?;
        let Some(row) = contracts::by_name(&mut at, name).await? else {
            return Ok(None);
        };
        let periods = records::of(&mut at, row.id, false).await?;
        let mut failing = failures::of_step(&mut at, Step::Close).await?;
        let running = self.running(&mut at, std::slice::from_ref(&row)).await?.pop().flatten();
        Ok(Some(SlaDetail {
            summary: SlaSummary {
                running,
                last: periods.first().cloned(),
                failing: failing.remove(&row.id.to_string()),
                revision: row.revision,
                contract: row.contract,
            },
            periods,
            may_edit: self.0.may(Action::EditContracts, Target::Everything).is_ok(),
        }))
    }

    /// The closed periods of a contract with all that they were computed from, newest first, and of each its last correction first. `None`
    /// where there is no such contract.
    pub async fn sla_periods(&self, name: &str) -> Result<Option<Vec<PeriodRecord>>, Problem> {
        self.0.may(Action::ReadContracts, Target::Everything)?;
        let mut at = self.0.snapshot().await?;
        match contracts::by_name(&mut at, name).await? {
            Some(row) => Ok(Some(records::of(&mut at, row.id, true).await?)),
            None => Ok(None),
        }
    }

    /// The running periods of contracts, one for each.
    async fn running(&self, conn: &mut Connection, rows: &[ContractRow]) -> Result<Vec<Option<Running>>, Problem> {
        let now_ns = self.0.control.clock.now_ns();
        let as_of = ObjectivesAt::read(conn, now_ns).await?;
        let nows: Vec<Option<Now>> = rows.iter().map(|row| Now::of(&row.contract, now_ns)).collect();
        let asked = rows.iter().zip(&nows).flat_map(|(row, now)| {
            let ranges = now.as_ref().map(|now| [now.so_far, now.recent]);
            ranges.into_iter().flatten().map(|range| (&row.contract, range))
        });
        let asked = asked.collect();
        let counts = as_of.counts(conn, asked).await?;
        let each = rows.iter().zip(nows);
        Ok(each
            .map(|(row, now)| now.map(|now| stands(&counts, &row.contract, &now)))
            .collect())
    }
}

fn stands(counts: &CountReader<'_>, contract: &Contract, now: &Now) -> Running {
    let so_far = measures(counts, contract, now.so_far);
    let recent = measures(counts, contract, now.recent);
    let paces: Vec<Pace> = so_far
        .iter()
        .zip(&recent)
        .map(|(so_far, recent)| Pace {
            so_far: *so_far,
            recent: recent.measure,
        })
        .collect();
    Running {
        label: now.label,
        range: now.range,
        so_far: outcome(contract, &so_far),
        projection: project(contract, &paces, now.recent, now.range.to_ns),
    }
}
