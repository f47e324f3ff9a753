//! Makes, changes and removes objectives. For the engineers of the team that owns the service, and admins.

use pointsman_domain::Text;
use pointsman_domain::kit::name;
use pointsman_domain::people::Action;

use pointsman_domain::slo::{Indicator, Objective, ObjectiveDraft};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::Tx;
use pointsman_store::sla::contracts;
use pointsman_store::slo::objectives::{self, ObjectiveRow, Recount};
use serde_json::Value;

use super::changed::{follow_change, follow_removal};
use super::{json, locked, window, wrong};
use crate::promise::period;
use crate::promise::sla::needed_by;
use crate::{Change, Problem, Promise};

/// Errors: members that are not there or are composite themselves, or what others have as a member.
async fn check_members(tx: &mut Tx, objective: &Objective) -> Result<(), Problem> {
    let Indicator::Composite { members } = &objective.indicator else {
        return Ok(());
    };
    for member in members {
        match objectives::by_name(tx, &member.objective).await? {
            None => return wrong("members", format!("There is no SLO {}.", member.objective)),
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
        .map(|row| row.objective.name.clone())
        .collect())
}

/// What becomes of what an objective counted that counts something else from now on: it is kept where a month (and so perhaps a period of a
/// contract, or a report) ended while it was counted, in the report's time zone or that of a contract.
async fn recount(tx: &mut Tx, old: &ObjectiveRow, report_zone: &str, now_ns: UnixNanos) -> Result<Recount, Problem> {
    let since_ns = objectives::counts_since(tx, old.id).await?.unwrap_or(now_ns);
    let contracts = contracts::all(tx).await?;
    let mut zones = contracts
        .iter()
        .map(|row| row.contract.zone.as_str())
        .chain([report_zone]);
    let ended = |zone: &str| period::month_began(zone, now_ns).is_some_and(|began_ns| began_ns >= since_ns);
    Ok(if old.counted_from_ns.is_some() && zones.any(ended) {
        Recount::Keep
    } else {
        Recount::Replace
    })
}

impl Promise<'_> {
    /// Makes an objective; see [`create`].
    pub async fn create_slo(&self, draft: impl Into<ObjectiveDraft>, reason: &str) -> Result<Objective, Problem> {
        self.0
            .transact(reason, async |change| create(change, draft).await)
            .await
    }

    /// Replaces the objective of this name; see [`replace`].
    pub async fn edit_slo(
        &self,
        name: &str,
        draft: impl Into<ObjectiveDraft>,
        reason: &str,
    ) -> Result<Objective, Problem> {
        self.0
            .transact(reason, async |change| replace(change, name, draft).await)
            .await
    }

    /// Removes an objective; see [`remove`].
    pub async fn remove_slo(&self, name: &str, reason: &str) -> Result<(), Problem> {
        self.0.transact(reason, async |change| remove(change, name).await).await
    }
}

/// Makes an objective. What was recorded before counts as well: the evaluator counts it within seconds.
pub async fn create(change: &mut Change, draft: impl Into<ObjectiveDraft>) -> Result<Objective, Problem> {
    let draft = draft.into();
    let service = name::service_name(&draft.service)?;
    let allowed = change
        .ask_for_service(Action::EditObjective, &draft.name, &service)
        .await?;
    let objective = draft.checked()?;
    window::check(&objective.window)?;
    check_members(&mut change.tx, &objective).await?;
    let now_ns = change.now_ns();
    objectives::insert(&mut change.tx, &objective, now_ns).await?;
    let detail = format!("created the SLO {}", objective.name);
    change.note(allowed, detail, Value::Null, json(&objective));
    Ok(objective)
}

/// Replaces the objective of this name, which may get another name. Where it counts something else then, its recorded past is counted again;
/// periods that have ended are judged by what it was at their end. Of another service it can only be by who may change both.
pub async fn replace(change: &mut Change, name: &str, draft: impl Into<ObjectiveDraft>) -> Result<Objective, Problem> {
    let draft = draft.into();
    let service = name::service_name(&draft.service)?;
    let old = locked(change, name).await?;
    let mut allowed = change
        .ask_for_service(Action::EditObjective, name, &old.objective.service)
        .await?;
    if service != old.objective.service {
        allowed = change.ask_for_service(Action::EditObjective, name, &service).await?;
    }
    let objective = draft.checked()?;
    let now_ns = change.now_ns();
    window::check(&objective.window)?;
    check_members(&mut change.tx, &objective).await?;
    let users = used_by(&mut change.tx, name).await?;
    if (objective.name != old.objective.name || !objective.is_counted())
        && let Some(user) = users.first()
    {
        return wrong("name", format!("{user} has {name} as a member"));
    }
    if objective.name != old.objective.name
        && let Some(why) = needed(change, name).await?
    {
        return wrong("name", why);
    }
    let recount = if objective.counts_as(&old.objective) {
        Recount::No
    } else {
        let zone = change.control().report_zone().clone();
        recount(&mut change.tx, &old, &zone, now_ns).await?
    };
    objectives::update(&mut change.tx, old.id, &objective, now_ns, recount).await?;
    follow_change(change, &old, &objective).await?;
    let detail = format!("changed the SLO {name}");
    change.note(allowed, detail, json(&old.objective), json(&objective));
    Ok(objective)
}

/// Removes an objective. Its alerts end, and stay in the history.
pub async fn remove(change: &mut Change, name: &str) -> Result<(), Problem> {
    let old = locked(change, name).await?;
    let allowed = change
        .ask_for_service(Action::EditObjective, name, &old.objective.service)
        .await?;
    if let Some(user) = used_by(&mut change.tx, name).await?.first() {
        return Err(Problem::Conflict(format!("{user} has {name} as a member.")));
    }
    if let Some(why) = needed(change, name).await? {
        return Err(Problem::Conflict(format!("It can't be deleted: {why}.")));
    }
    follow_removal(change, &old).await?;
    objectives::delete(&mut change.tx, old.id).await?;
    let detail = format!("removed {name}");
    change.note(allowed, detail, json(&old.objective), Value::Null);
    Ok(())
}

/// What contracts need an objective for, if any does.
async fn needed(change: &mut Change, name: &str) -> Result<Option<String>, Problem> {
    let (store, now_ns) = (change.control().store.clone(), change.now_ns());
    Ok(needed_by(&store, &mut change.tx, name, now_ns).await?)
}
