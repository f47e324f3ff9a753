//! Who is in a team.

use pointsman_domain::Text;
use pointsman_domain::people::Action;
use pointsman_store::people::{teams, users};
use pointsman_store::{Connection, people::users::Account};
use serde_json::json;

use super::teams::{no_team, not_the_platform};
use super::users::account;
use crate::access::Target;
use crate::{Change, People, Problem};

impl People<'_> {
    /// Puts somebody in a team; see [`add`].
    pub async fn add_member(&self, team: &str, user: &str, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| add(change, team, user).await)
            .await
    }

    /// Takes somebody out of a team; see [`remove`].
    pub async fn remove_member(&self, team: &str, user: &str, reason: &str) -> Result<(), Problem> {
        self.0
            .transact(reason, async |change| remove(change, team, user).await)
            .await
    }
}

/// Puts somebody in a team.
pub async fn add(change: &mut Change, team: &str, user: &str) -> Result<(), Problem> {
    let allowed = change.ask_because(Action::EditTeam, team, Target::Everything)?;
    let account = found(&mut change.tx, team, user).await?;
    if !teams::add_member(&mut change.tx, team, account.id).await? {
        let sentence = format!("{} is in the team {team} already.", account.name);
        return Err(Problem::Conflict(sentence));
    }
    let after = teams_of(&mut change.tx, &account).await?;
    let detail = format!("put {} in the team {team}", account.name);
    let (before, after) = (json!({ "teams": account.teams }), json!({ "teams": after }));
    change.note(allowed, detail, before, after);
    Ok(())
}

/// Takes somebody out of a team. Whom their groups at the identity provider put there, they put there again at the next sign-in.
pub async fn remove(change: &mut Change, team: &str, user: &str) -> Result<(), Problem> {
    let allowed = change.ask_because(Action::EditTeam, team, Target::Everything)?;
    let account = found(&mut change.tx, team, user).await?;
    if !teams::remove_member(&mut change.tx, team, account.id).await? {
        let sentence = format!("{} is not in the team {team}.", account.name);
        return Err(Problem::Missing(sentence));
    }
    let after = teams_of(&mut change.tx, &account).await?;
    let detail = format!("took {} out of the team {team}", account.name);
    let (before, after) = (json!({ "teams": account.teams }), json!({ "teams": after }));
    change.note(allowed, detail, before, after);
    Ok(())
}

/// The account, of a team that is there.
async fn found(conn: &mut Connection, team: &str, user: &str) -> Result<Account, Problem> {
    if teams::by_name(conn, team).await?.is_none() {
        return Err(no_team(team));
    }
    not_the_platform(team)?;
    account(conn, user).await
}

async fn teams_of(conn: &mut Connection, account: &Account) -> Result<Vec<Text>, Problem> {
    let now = users::by_id(conn, account.id).await?;
    Ok(now.map(|account| account.teams).unwrap_or_default())
}
