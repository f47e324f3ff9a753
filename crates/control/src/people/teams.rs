//! Teams: what they are called and what they own.

use pointsman_domain::Text;
use pointsman_domain::people::read::{TeamDetail, TeamList, TeamSummary};
use pointsman_domain::people::{Action, PLATFORM, form};
use pointsman_store::people::teams::{self, Team};
use pointsman_store::people::{services, users};
use serde_json::{Value, json};

use crate::access::Target;
use crate::{Desk, Problem};

/// Refuses to change by hand what follows from roles.
pub(super) fn not_the_platform(team: &str) -> Result<(), Problem> {
    if team == PLATFORM {
        let sentence = "The platform team is the admins: who becomes one is in it, and it stays.";
        return Err(Problem::Conflict(sentence.to_owned()));
    }
    Ok(())
}

pub(super) fn no_team(name: &str) -> Problem {
    Problem::Missing(format!("There is no team {name}."))
}

impl Desk {
    /// All teams, and the services that none of them owns.
    pub async fn teams(&self) -> Result<TeamList, Problem> {
        self.may(Action::ReadTeams, Target::Everything)?;
        let mut at = self.snapshot().await?;
        let all = teams::all(&mut at).await?;
        Ok(TeamList {
            teams: all.into_iter().map(|team| self.summary(team)).collect(),
            unowned: services::unowned(&mut at).await?,
            may_edit: self.may(Action::EditTeam, Target::Everything).is_ok(),
        })
    }

    /// A team; `None` where there is none of this name.
    pub async fn team(&self, name: &str) -> Result<Option<TeamDetail>, Problem> {
        self.may(Action::ReadTeams, Target::Everything)?;
        let mut at = self.snapshot().await?;
        let Some(team) = teams::by_name(&mut at, name).await? else {
            return Ok(None);
        };
        let may_edit = self.may(Action::EditTeam, Target::Everything).is_ok();
        let mut candidates = Vec::new();
        if may_edit && name != PLATFORM {
            let outside = users::all(&mut at).await?.into_iter();
            let outside = outside.filter(|account| !account.disabled && !account.teams.contains(&team.name));
            candidates.extend(outside.map(|account| account.name));
        }
        let assignable = match self.may(Action::AssignService, Target::Everything) {
            Ok(()) => services::unowned(&mut at).await?,
            Err(_) => Vec::new(),
        };
        Ok(Some(TeamDetail {
            members: teams::members(&mut at, &team.name).await?,
            team: self.summary(team),
            assignable,
            candidates,
            may_edit,
        }))
    }

    fn summary(&self, team: Team) -> TeamSummary {
        let person = self.caller().person();
        TeamSummary {
            mine: person.is_some_and(|person| person.teams.contains(&team.name)),
            name: team.name,
            title: team.title,
            members: team.members,
            services: team.services,
        }
    }

    /// Makes a team. Without a title, pages call it by its name.
    pub async fn create_team(&self, name: &str, title: &str, reason: &str) -> Result<(), Problem> {
        let change = self.change(Action::EditTeam, name).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
        let name = form::team_name(name)?;
        let title = form::title("title", title, name.as_str())?;
        teams::insert(&mut change.tx, name.as_str(), &title, self.clock.now_ns()).await?;
        let detail = format!("made the team {name}");
        change.done(detail, Value::Null, json!({ "title": title })).await
    }

    /// Changes how pages call a team; its name in URLs stays.
    pub async fn rename_team(&self, name: &str, title: &str, reason: &str) -> Result<(), Problem> {
        let change = self.change(Action::EditTeam, name).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
        let title = form::title("title", title, name)?;
        let team = teams::by_name(&mut change.tx, name).await?;
        let team = team.ok_or_else(|| no_team(name))?;
        teams::set_title(&mut change.tx, name, &title).await?;
        let detail = format!("renamed the team {name}");
        let (before, after) = (json!({ "title": team.title }), json!({ "title": title }));
        change.done(detail, before, after).await
    }

    /// Removes a team. What it owned has no owner then.
    pub async fn remove_team(&self, name: &str, reason: &str) -> Result<(), Problem> {
        let change = self.change(Action::EditTeam, name).await?;
        let mut change = change.ask_because(Target::Everything, reason).await?;
        let team = teams::by_name(&mut change.tx, name).await?;
        let team = team.ok_or_else(|| no_team(name))?;
        not_the_platform(name)?;
        let members = teams::members(&mut change.tx, name).await?;
        let members: Vec<Text> = members.into_iter().map(|member| member.name).collect();
        teams::delete(&mut change.tx, name).await?;
        let before = json!({ "title": team.title, "members": members, "services": team.services });
        let detail = format!("removed the team {name}");
        change.done(detail, before, Value::Null).await
    }
}
