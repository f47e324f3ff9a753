//! What a spent budget does. [`Promise::may_change`] is the one place that answers it; whatever changes where requests go asks it.

use std::collections::{BTreeSet, HashMap};

use pointsman_domain::Text;
use pointsman_domain::kit::name;
use pointsman_domain::kit::reason::Reason;
use pointsman_domain::people::{Action, Role};
use pointsman_domain::slo::{Policy, PolicyRow, PolicyVerdict, Status};
use pointsman_store::slo::objectives::{self, ObjectiveRow};
use pointsman_store::slo::{policies, status};
use serde_json::json;

use crate::access::Actor;
use crate::{Change, Problem, Promise};

/// The objectives of a service whose budget is spent.
fn spent(rows: &[ObjectiveRow], statuses: &HashMap<i32, Status>, service: &str) -> Vec<Text> {
    let of_service = rows.iter().filter(|row| row.objective.service == service);
    of_service
        .filter(|row| statuses.get(&row.id).is_some_and(Status::is_spent))
        .map(|row| row.objective.name.clone())
        .collect()
}

impl Promise<'_> {
    /// The policy of every service that has objectives or a policy, and which budgets are spent.
    pub async fn policies(&self) -> Result<Vec<PolicyRow>, Problem> {
        self.0.may_read()?;
        let mut at = self.0.snapshot().await?;
        let (rows, statuses) = (objectives::all(&mut at).await?, status::all(&mut at).await?);
        let policies = policies::all(&mut at).await?;
        let mut services: BTreeSet<&Text> = rows.iter().map(|row| &row.objective.service).collect();
        services.extend(policies.keys());
        Ok(services
            .into_iter()
            .map(|service| PolicyRow {
                policy: policies.get(service).copied().unwrap_or_default(),
                spent: spent(&rows, &statuses, service),
                service: service.clone(),
            })
            .collect())
    }

    /// Says what a spent budget of a service does; see [`set`].
    pub async fn set_policy(&self, service: &str, policy: Policy, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| set(change, service, policy).await)
            .await
    }

    /// Whether the caller may change where requests to a service go, as its budget has it. A block gives way to an admin (or the command
    /// line) with a reason. It does not ask whether the caller may change the service at all.
    pub async fn may_change(&self, service: &str, reason: &str) -> Result<PolicyVerdict, Problem> {
        self.0.may_read_of(Some(service))?;
        let mut at = self.0.snapshot().await?;
        let policy = policies::of(&mut at, service).await?;
        if policy == Policy::Nothing {
            return Ok(PolicyVerdict::Go);
        }
        let (rows, statuses) = (objectives::all(&mut at).await?, status::all(&mut at).await?);
        let spent: Vec<String> = spent(&rows, &statuses, service)
            .iter()
            .map(ToString::to_string)
            .collect();
        if spent.is_empty() {
            return Ok(PolicyVerdict::Go);
        }
        let said = format!("The error budget of {} is exhausted.", spent.join(", "));
        let admin = match &self.0.caller().actor {
            Actor::Operator(_) => true,
            Actor::Person(person) => person.role == Role::Admin,
            Actor::Anonymous(_) | Actor::Program(_) | Actor::Automation { .. } => false,
        };
        Ok(match policy {
            Policy::Block if !(admin && Reason::given(reason).is_ok()) => PolicyVerdict::Blocked(format!(
                "{said} Until it recovers, only an admin with a reason changes {service}."
            )),
            _ => PolicyVerdict::Warn(said),
        })
    }
}

/// Says what a spent budget of a service does. For admins.
pub async fn set(change: &mut Change, service: &str, policy: Policy) -> Result<(), Problem> {
    let service = name::service_name(service)?;
    let allowed = change.ask_for_service(Action::EditPolicy, &service, &service).await?;
    let old = policies::of(&mut change.tx, &service).await?;
    policies::set(&mut change.tx, &service, policy).await?;
    let detail = format!("a spent budget of {service}: {policy}");
    change.note(allowed, detail, json!({ "policy": old }), json!({ "policy": policy }));
    Ok(())
}
