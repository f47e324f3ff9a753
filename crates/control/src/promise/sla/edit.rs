//! Contracts are made, changed and removed. For managers and admins.

use pointsman_domain::people::Action;
use pointsman_domain::period::PeriodLabel;
use pointsman_domain::sla::{Contract, ContractDraft};
use pointsman_store::Tx;
use pointsman_store::sla::contracts::{self, ContractRow};
use pointsman_store::sla::records;
use pointsman_store::slo::objectives;
use serde_json::{Value, json};

use super::close::open_period;
use crate::access::Target;
use crate::promise::period;
use crate::promise::slo::{Members, wrong};
use crate::{Change, Problem, Promise};

/// Errors: the first field that can't be, told with what there is.
async fn checked(tx: &mut Tx, draft: ContractDraft) -> Result<Contract, Problem> {
    let contract = draft.checked()?;
    period::zone("zone", &contract.zone)?;
    let rows = objectives::all(tx).await?;
    let members = Members::new(&rows);
    for term in &contract.terms {
        let Some(row) = members.named(&term.objective) else {
            return wrong("terms", format!("there is no objective {}", term.objective));
        };
        let sliced = |(_, member): &(f64, &objectives::ObjectiveRow)| member.objective.slice_seconds().is_some();
        if !contract.honours_exclusions && members.of(row).iter().any(sliced) {
            let why = format!(
                "{} counts slices of time, which exclusions are always left out of",
                term.objective
            );
            return wrong("honours_exclusions", why);
        }
    }
    Ok(contract)
}

/// The contract of this name, which stays as it is until the transaction ends.
pub(super) async fn locked(tx: &mut Tx, name: &str) -> Result<ContractRow, Problem> {
    let missing = || Problem::Missing(format!("There is no SLA {name}."));
    contracts::lock_by_name(tx, name).await?.ok_or_else(missing)
}

impl Promise<'_> {
    /// Makes a contract; see [`create`].
    pub async fn create_sla(&self, draft: impl Into<ContractDraft>, reason: &str) -> Result<Contract, Problem> {
        self.0
            .transact(reason, async |change| create(change, draft).await)
            .await
    }

    /// Replaces the contract of this name; see [`replace`].
    pub async fn edit_sla(
        &self,
        name: &str,
        draft: impl Into<ContractDraft>,
        reason: &str,
    ) -> Result<Contract, Problem> {
        self.0
            .transact(reason, async |change| replace(change, name, draft).await)
            .await
    }

    /// Removes a contract; see [`remove`].
    pub async fn remove_sla(&self, name: &str, reason: &str) -> Result<(), Problem> {
        self.0.transact(reason, async |change| remove(change, name).await).await
    }
}

/// Makes a contract. Periods of it that are over are closed within the minute.
pub async fn create(change: &mut Change, draft: impl Into<ContractDraft>) -> Result<Contract, Problem> {
    let draft = draft.into();
    let allowed = change.ask_because(Action::EditContracts, &draft.name, Target::Everything)?;
    let contract = checked(&mut change.tx, draft).await?;
    let now_ns = change.now_ns();
    contracts::insert(&mut change.tx, &contract, now_ns).await?;
    let detail = format!("made the contract {}", contract.name);
    change.note(allowed, detail, Value::Null, json!(contract));
    Ok(contract)
}

/// Replaces the contract of this name, which may get another. The running period goes by the new one. Those that are over go by what it was at
/// their end, closed or not.
pub async fn replace(change: &mut Change, name: &str, draft: impl Into<ContractDraft>) -> Result<Contract, Problem> {
    let draft = draft.into();
    let allowed = change.ask_because(Action::EditContracts, name, Target::Everything)?;
    let old = locked(&mut change.tx, name).await?;
    let contract = checked(&mut change.tx, draft).await?;
    let same = contract.unit == old.contract.unit && contract.zone == old.contract.zone;
    let ended = open(change, &old).await?;
    if !same && (ended.is_some() || !records::of(&mut change.tx, old.id, false).await?.is_empty()) {
        let why = "stays as it is: periods that are over would not fit";
        return wrong(
            if contract.unit == old.contract.unit {
                "zone"
            } else {
                "unit"
            },
            why,
        );
    }
    let now_ns = change.now_ns();
    contracts::update(&mut change.tx, old.id, &contract, now_ns).await?;
    let detail = format!("changed the contract {name}");
    change.note(allowed, detail, json!(old.contract), json!(contract));
    Ok(contract)
}

/// Removes a contract of which no period is over yet; any other is given a last day.
pub async fn remove(change: &mut Change, name: &str) -> Result<(), Problem> {
    let allowed = change.ask_because(Action::EditContracts, name, Target::Everything)?;
    let old = locked(&mut change.tx, name).await?;
    if let Some(label) = open(change, &old).await? {
        return Err(Problem::Conflict(format!(
            "{label} of it is over and about to be closed, so it stays: give it a last day instead."
        )));
    }
    contracts::delete(&mut change.tx, old.id).await?;
    let detail = format!("removed the contract {name}");
    change.note(allowed, detail, json!(old.contract), Value::Null);
    Ok(())
}

/// The first period of a contract that is over and not closed, if there is one.
async fn open(change: &mut Change, row: &ContractRow) -> Result<Option<PeriodLabel>, Problem> {
    let (store, now_ns) = (change.control().store.clone(), change.now_ns());
    Ok(open_period(&store, &mut change.tx, row, now_ns).await?)
}
