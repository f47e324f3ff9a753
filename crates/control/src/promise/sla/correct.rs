//! Corrections: a closed period is computed again, into another record. The first one stays as it is.

use pointsman_domain::people::Action;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::sla::{PeriodRecord, TermOutcome};
use pointsman_store::sla::contracts::ContractRow;
use pointsman_store::sla::records;
use serde_json::json;

use super::close::{oldest, record};
use super::edit::locked;
use super::objectives_at::{ObjectivesAt, Period};
use crate::access::Target;
use crate::promise::period;
use crate::{Change, Problem, Promise};

impl Promise<'_> {
    /// Computes a closed period of a contract again; see [`correct`].
    pub async fn correct_period(&self, name: &str, label: PeriodLabel, reason: &str) -> Result<PeriodRecord, Problem> {
        self.0
            .transact(reason, async |change| correct(change, name, label).await)
            .await
    }
}

/// Computes a closed period of a contract again, by the contract and the objectives that it was judged by and by what is counted now: telemetry
/// that came after all, time that was left out since. For managers and admins.
///
/// What is counted is read in a snapshot beside the change's transaction: it does not see what the same change has done before.
pub async fn correct(change: &mut Change, name: &str, label: PeriodLabel) -> Result<PeriodRecord, Problem> {
    let allowed = change.ask_because(Action::EditContracts, name, Target::Everything)?;
    let row = locked(&mut change.tx, name).await?;
    let all = records::of(&mut change.tx, row.id, true).await?;
    // Of a period the last correction comes first.
    let Some(old) = all.into_iter().find(|one| one.label == label) else {
        return Err(Problem::Missing(format!("{label} of {name} is not closed.")));
    };
    let now_ns = change.now_ns();
    if old.range.from_ns < oldest(&change.control().store, now_ns) {
        return gone("It is so long ago that its counts are no longer kept: nothing can be computed again.");
    }
    let as_then = match &old.from {
        Some(from) => ContractRow {
            id: row.id,
            contract: from.contract.clone(),
            revision: from.revision,
        },
        None => row,
    };
    let zone = period::known_zone(&as_then.contract.zone);
    let period = Period {
        end_ns: period::range(label, &zone).map_or(old.range.to_ns, |whole| whole.to_ns),
        row: as_then,
        label,
        range: old.range,
    };
    let mut at = change.use_cases().snapshot().await?;
    let as_of = ObjectivesAt::read_as_of(&mut at, period.end_ns, now_ns).await?;
    if let Some(row) = as_of.uncounted(&period.row.contract) {
        return gone(&format!(
            "The recorded past of {} is not counted yet.",
            row.objective.name
        ));
    }
    still_counts_the_same(&old, &as_of)?;
    let mut new = record(&mut at, &as_of, &period).await?;
    at.rollback().await?;
    let less = |(new, old): (&TermOutcome, &TermOutcome)| new.covered < old.covered;
    if new.outcome.terms.iter().zip(&old.outcome.terms).any(less) {
        return gone("Counts of its first or last hours are no longer kept: nothing can be computed again.");
    }
    new.number = old.number + 1;
    new.corrects = Some(old.id);
    new.by = change.caller().named().1;
    new.reason = change.reason().clone();
    let Some(id) = records::insert(&mut change.tx, period.row.id, &new).await? else {
        return Err(Problem::Conflict("Somebody else has just corrected it.".to_owned()));
    };
    new.id = id;
    let detail = format!("corrected {label} of {name}");
    change.note(allowed, detail, json!(old.outcome), json!(new.outcome));
    Ok(new)
}

fn gone<T>(why: &str) -> Result<T, Problem> {
    Err(Problem::Conflict(why.to_owned()))
}

/// Errors: an objective of the record counts something else since, and what it counted then is not kept.
fn still_counts_the_same(old: &PeriodRecord, as_of: &ObjectivesAt) -> Result<(), Problem> {
    let then = old.from.iter().flat_map(|from| &from.objectives);
    for one in then {
        let now = as_of.rows.iter().find(|row| row.objective.name == one.objective.name);
        if !now.is_some_and(|row| row.objective.counts_as(&one.objective)) {
            return gone(&format!(
                "{} counts something else than it did then, and what it counted is no longer kept: nothing can be computed again.",
                one.objective.name
            ));
        }
    }
    Ok(())
}
