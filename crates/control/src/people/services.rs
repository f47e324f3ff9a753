//! What people say of a service, and which team owns it.

use pointsman_domain::Text;
use pointsman_domain::kit::name::TeamName;
use pointsman_domain::kit::{field, name};
use pointsman_domain::people::Action;
use pointsman_domain::people::form::ServiceForm;
use pointsman_domain::people::read::ServiceRecord;
use pointsman_store::people::{services, teams};
use serde_json::json;

use crate::access::Target;
use crate::{Change, People, Problem};

impl People<'_> {
    /// What people say of a service: nothing, where nobody has yet.
    pub async fn service_record(&self, service: &str) -> Result<ServiceRecord, Problem> {
        self.0.may_read_of(Some(service))?;
        let mut at = self.0.snapshot().await?;
        let record = services::record(&mut at, service).await?;
        let target = Target::Service {
            name: service,
            owner: record.team.as_deref(),
        };
        let may = |action| self.0.may(action, target).is_ok();
        let (may_edit, may_assign) = (may(Action::EditService), may(Action::AssignService));
        let may_read_audit = may(Action::ReadAudit);
        let all: Vec<Text> = if may_assign {
            teams::all(&mut at).await?.into_iter().map(|team| team.name).collect()
        } else {
            Vec::new()
        };
        Ok(ServiceRecord {
            service: service.into(),
            team: record.team,
            description: record.text.description,
            runbook: record.text.runbook,
            repository: record.text.repository,
            may_edit,
            may_assign,
            may_read_audit,
            teams: all,
        })
    }

    /// Says what a service is; see [`describe`].
    pub async fn edit_service(&self, service: &str, form: &ServiceForm, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| describe(change, service, form).await)
            .await
    }

    /// Gives a service to a team, or to none; see [`assign`].
    pub async fn assign_service(&self, service: &str, team: Option<&str>, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| assign(change, service, team).await)
            .await
    }
}

/// Says what a service is. For the engineers of the team that owns it, and admins.
pub async fn describe(change: &mut Change, service: &str, form: &ServiceForm) -> Result<(), Problem> {
    let service = name::service_name(service)?;
    let record = services::lock_record(&mut change.tx, &service).await?;
    let allowed = change.ask_for_service(Action::EditService, &service, &service).await?;
    let said = form.parse()?;
    services::describe(&mut change.tx, &service, &said).await?;
    let detail = format!("changed what is said of {service}");
    change.note(allowed, detail, json!(record.text), json!(said));
    Ok(())
}

/// Gives a service to a team, or to none. For admins.
pub async fn assign(change: &mut Change, service: &str, team: Option<&str>) -> Result<(), Problem> {
    let service = name::service_name(service)?;
    let record = services::lock_record(&mut change.tx, &service).await?;
    let allowed = change
        .ask_for_service(Action::AssignService, &service, &service)
        .await?;
    let team = team
        .map(|team| field::field("team", TeamName::parse(team)))
        .transpose()?;
    let team = team.as_ref().map(TeamName::as_str);
    services::assign(&mut change.tx, &service, team).await?;
    let detail = match (team, &record.team) {
        (Some(team), _) => format!("gave {service} to the team {team}"),
        (None, Some(before)) => format!("took {service} from the team {before}"),
        (None, None) => format!("left {service} without a team"),
    };
    let (before, after) = (json!({ "team": record.team }), json!({ "team": team }));
    change.note(allowed, detail, before, after);
    Ok(())
}
