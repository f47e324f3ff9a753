//! Teams: what they are called and what they own.

use pointsman_domain::Text;
use pointsman_domain::kit::name;
use pointsman_domain::people::read::{TeamDetail, TeamList, TeamSummary};
use pointsman_domain::people::{Action, PLATFORM};
use pointsman_store::people::teams::{self, Team};
use pointsman_store::people::{services, users};
use serde_json::{Value, json};

use crate::access::Target;
use crate::{Change, People, Problem};

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

impl People<'_> {
    /// All teams, and the services that none of them owns.
    pub async fn teams(&self) -> Result<TeamList, Problem> {
        self.0.may(Action::ReadTeams, Target::Everything)?;
        let mut at = self.0.snapshot().await?;
        let all = teams::all(&mut at).await?;
        Ok(TeamList {
            teams: all.into_iter().map(|team| self.summary(team)).collect(),
            unowned: services::unowned(&mut at).await?,
            may_edit: self.0.may(Action::EditTeam, Target::Everything).is_ok(),
        })
    }

    /// A team; `None` where there is none of this name.
    pub async fn team(&self, name: &str) -> Result<Option<TeamDetail>, Problem> {
        self.0.may(Action::ReadTeams, Target::Everything)?;
        let mut at = self.0.snapshot().await?;
        let Some(team) = teams::by_name(&mut at, name).await? else {
            return Ok(None);
        };
        let may_edit = self.0.may(Action::EditTeam, Target::Everything).is_ok();
        let mut candidates = Vec::new();
        if may_edit && name != PLATFORM {
            let outside = users::all(&mut at).await?.into_iter();
            let outside = outside.filter(|account| !account.disabled && !account.teams.contains(&team.name));
            candidates.extend(outside.map(|account| account.name));
        }
        let assignable = match self.0.may(Action::AssignService, Target::Everything) {
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
        let person = self.0.caller().person();
        TeamSummary {
            mine: person.is_some_and(|person| person.teams.contains(&team.name)),
            name: team.name,
            title: team.title,
            members: team.members,
            services: team.services,
        }
    }

    /// Makes a team; see [`create`].
    pub async fn create_team(&self, name: &str, title: &str, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| create(change, name, title).await)
            .await
    }

    /// Changes how pages call a team; see [`rename`].
    pub async fn rename_team(&self, name: &str, title: &str, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| rename(change, name, title).await)
            .await
    }

    /// Removes a team; see [`remove`].
    pub async fn remove_team(&self, name: &str, reason: &str) -> Result<(), Problem> {
        self.0.transact(reason, async |change| remove(change, name).await).await
    }
}

/// Makes a team. Without a title, pages call it by its name.
pub async fn create(change: &mut Change, name: &str, title: &str) -> Result<(), Problem> {
    let allowed = change.ask_because(Action::EditTeam, name, Target::Everything)?;
    let name = name::team_name(name)?;
    let title = name::title("title", title, name.as_str())?;
    let now_ns = change.now_ns();
    teams::insert(&mut change.tx, name.as_str(), &title, now_ns).await?;
    let detail = format!("made the team {name}");
    change.note(allowed, detail, Value::Null, json!({ "title": title }));
    Ok(())
}

/// Changes how pages call a team; its name in URLs stays.
pub async fn rename(change: &mut Change, name: &str, title: &str) -> Result<(), Problem> {
    let allowed = change.ask_because(Action::EditTeam, name, Target::Everything)?;
    let title = name::title("title", title, name)?;
    let team = teams::by_name(&mut change.tx, name).await?;
    let team = team.ok_or_else(|| no_team(name))?;
    teams::set_title(&mut change.tx, name, &title).await?;
    let detail = format!("renamed the team {name}");
    let (before, after) = (json!({ "title": team.title }), json!({ "title": title }));
    change.note(allowed, detail, before, after);
    Ok(())
}

/// Removes a team. What it owned has no owner then.
pub async fn remove(change: &mut Change, name: &str) -> Result<(), Problem> {
    let allowed = change.ask_because(Action::EditTeam, name, Target::Everything)?;
    let team = teams::by_name(&mut change.tx, name).await?;
    let team = team.ok_or_else(|| no_team(name))?;
    not_the_platform(name)?;
    let members = teams::members(&mut change.tx, name).await?;
    let members: Vec<Text> = members.into_iter().map(|member| member.name).collect();
    teams::delete(&mut change.tx, name).await?;
    let before = json!({ "title": team.title, "members": members, "services": team.services });
    let detail = format!("removed the team {name}");
    change.note(allowed, detail, before, Value::Null);
    Ok(())
}
