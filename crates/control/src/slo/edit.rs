//! Makes, changes and removes objectives. For the engineers of the team that owns the service, and admins.

use pointsman_domain::Text;
use pointsman_domain::people::Action;
use pointsman_domain::people::form;
use pointsman_domain::slo::{Indicator, Objective};
use pointsman_store::Tx;
use pointsman_store::sla::contracts;
use pointsman_store::slo::objectives;
use serde_json::Value;

use super::{json, locked, window, wrong};
use crate::{Desk, Problem};

/// Errors: members that are not there or are composite themselves, or what others have as a member.
async fn check_members(tx: &mut Tx, objective: &Objective) -> Result<(), Problem> {
    let Indicator::Composite { members } = &objective.indicator else {
        return Ok(());
    };
    for member in members {
        match objectives::by_name(tx, &member.objective).await? {
            None => return wrong("members", format!("There is no objective {}.", member.objective)),
            Some(row) if !row.objective.is_counted() => {
                return wrong("members", format!("{} is made of others itself", member.objective));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Composite objectives that have this one as a member.
async fn used_by(tx: &mut Tx, name: &str) -> Result<Vec<Text>, Problem> {
    let all = objectives::all(tx).await?.into_iter();
    let uses = |objective: &Objective| match &objective.indicator {
        Indicator::Composite { members } => members.iter().any(|member| member.objective == name),
        _ => false,
    };
    Ok(all
        .filter(|row| uses(&row.objective))
        .map(|row| row.objective.name)
        .collect())
}

/// The contract that this objective is a term of, where there is one.
async fn promised_in(tx: &mut Tx, name: &str) -> Result<Option<Text>, Problem> {
    let mut all = contracts::all(tx).await?.into_iter();
    let row = all.find(|row| row.contract.terms.iter().any(|term| term.objective == name));
    Ok(row.map(|row| row.contract.name))
}

impl Desk {
    /// Makes an objective. What was recorded before counts as well: the evaluator counts it within seconds.
    pub async fn create_slo(&self, objective: Objective, reason: &str) -> Result<Objective, Problem> {
        let service = form::service_name(&objective.service)?;
        let change = self.change(Action::EditObjective, &objective.name).await?;
        let mut change = change.ask_for_service(&service, reason).await?;
        let objective = objective.checked()?;
        window::check(&objective.window)?;
        check_members(&mut change.tx, &objective).await?;
        objectives::insert(&mut change.tx, &objective, self.clock.now_ns()).await?;
        let detail = format!("promised {}", objective.name);
        change.done(detail, Value::Null, json(&objective)).await?;
        Ok(objective)
    }

    /// Replaces the objective of this name, which may get another name. Where it counts something else then, its recorded past is counted
    /// again. Of another service it can only be by who may change both.
    pub async fn edit_slo(&self, name: &str, objective: Objective, reason: &str) -> Result<Objective, Problem> {
        let service = form::service_name(&objective.service)?;
        let mut change = self.change(Action::EditObjective, name).await?;
        let old = locked(self, &mut change.tx, name).await?;
        let mut change = change.ask_for_service(&old.objective.service, reason).await?;
        if service != old.objective.service {
            change = change.ask_for_service(&service, reason).await?;
        }
        let objective = objective.checked()?;
        window::check(&objective.window)?;
        check_members(&mut change.tx, &objective).await?;
        let users = used_by(&mut change.tx, name).await?;
        if (objective.name != old.objective.name || !objective.is_counted())
            && let Some(user) = users.first()
        {
            return wrong("name", format!("{user} has {name} as a member"));
        }
        if objective.name != old.objective.name
            && let Some(contract) = promised_in(&mut change.tx, name).await?
        {
            return wrong("name", format!("the contract {contract} promises {name}"));
        }
        let recount = !objective.counts_as(&old.objective);
        objectives::update(&mut change.tx, old.id, &objective, self.clock.now_ns(), recount).await?;
        self.follow_change(&mut change.tx, &old, &objective).await?;
        let detail = format!("changed what {name} promises");
        change.done(detail, json(&old.objective), json(&objective)).await?;
        Ok(objective)
    }

    /// Removes an objective. Its alerts end, and stay in the history.
    pub async fn remove_slo(&self, name: &str, reason: &str) -> Result<(), Problem> {
        let mut change = self.change(Action::EditObjective, name).await?;
        let old = locked(self, &mut change.tx, name).await?;
        let service = old.objective.service.clone();
        let mut change = change.ask_for_service(&service, reason).await?;
        if let Some(user) = used_by(&mut change.tx, name).await?.first() {
            return Err(Problem::Conflict(format!("{user} has {name} as a member.")));
        }
        if let Some(contract) = promised_in(&mut change.tx, name).await? {
            return Err(Problem::Conflict(format!("The contract {contract} promises {name}.")));
        }
        self.follow_removal(&mut change.tx, &old).await?;
        objectives::delete(&mut change.tx, old.id).await?;
        let detail = format!("removed {name}");
        change.done(detail, json(&old.objective), Value::Null).await
    }
}
