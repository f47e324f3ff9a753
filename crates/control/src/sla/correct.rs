//! Corrections: a closed period is computed again, into another record. The first one stays as it is.

use pointsman_domain::people::Action;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::sla::PeriodRecord;
use pointsman_domain::slo::Level;
use pointsman_store::sla::contracts::ContractRow;
use pointsman_store::sla::records;
use pointsman_store::slo;
use serde_json::json;

use super::books::Books;
use super::close::record;
use super::edit::locked;
use crate::access::Target;
use crate::{Desk, Problem};

impl Desk {
    /// Computes a closed period of a contract again, by the contract as it was when it was closed and by what is counted now: telemetry that
    /// came after all, time that was left out since. For managers and admins.
    pub async fn correct_period(&self, name: &str, label: PeriodLabel, reason: &str) -> Result<PeriodRecord, Problem> {
        let change = self.change(Action::EditContracts, name).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
        let row = locked(&mut change.tx, name).await?;
        let all = records::of(&mut change.tx, row.id, true).await?;
        // Of a period the last correction comes first.
        let Some(old) = all.into_iter().find(|one| one.label == label) else {
            return Err(Problem::Missing(format!("{label} of {name} is not closed.")));
        };
        self.still_counted(&old)?;
        let as_then = match &old.from {
            Some(from) => ContractRow {
                id: row.id,
                contract: from.contract.clone(),
                revision: from.revision,
            },
            None => row,
        };
        let mut at = self.snapshot().await?;
        let books = Books::open(&mut at, self.clock.now_ns()).await?;
        let mut new = record(&mut at, &books, &as_then, label, old.range).await?;
        at.rollback().await?;
        new.number = old.number + 1;
        new.corrects = Some(old.id);
        new.by = self.caller().named().1;
        new.reason = pointsman_domain::people::form::reason(reason)?.into();
        let Some(id) = records::insert(&mut change.tx, as_then.id, &new).await? else {
            return Err(Problem::Conflict("Somebody else has just corrected it.".to_owned()));
        };
        new.id = id;
        let detail = format!("corrected {label} of {name}");
        change.done(detail, json!(old.outcome), json!(new.outcome)).await?;
        Ok(new)
    }

    /// Errors: the counts that it takes are gone.
    fn still_counted(&self, old: &PeriodRecord) -> Result<(), Problem> {
        let whole_days = [old.range.from_ns, old.range.to_ns]
            .iter()
            .all(|at| Level::Day.floor(*at) == *at);
        let level = if whole_days { Level::Day } else { Level::Hour };
        let kept = slo::kept(&self.store, level).as_nanos() as u64;
        if old.range.from_ns + kept < self.clock.now_ns() {
            return Err(Problem::Conflict(
                "It is so long ago that its counts are gone: nothing can be computed again.".to_owned(),
            ));
        }
        Ok(())
    }
}
