//! Teams and who is in them.

use pointsman_domain::Text;
use pointsman_domain::people::read::Member;
use pointsman_domain::telemetry::UnixNanos;

use super::{role, strings, texts};
use crate::error::StoreError;
use crate::number::bigint;
use crate::text;

/// A team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Its name in URLs.
    pub name: Text,
    /// How pages call it.
    pub title: Text,
    /// How many people are in it.
    pub members: u32,
    /// What it owns, by name.
    pub services: Vec<Text>,
}

/// All teams, by name.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<Team>, StoreError> {
    read(conn, None).await
}

/// The team of a name.
pub async fn by_name(conn: &mut crate::Connection, name: &str) -> Result<Option<Team>, StoreError> {
    Ok(read(conn, Some(name)).await?.pop())
}

async fn read(conn: &mut crate::Connection, name: Option<&str>) -> Result<Vec<Team>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT name, title, (SELECT count(*) FROM membership AS m WHERE m.team = t.name) AS "members!",
            ARRAY(SELECT s.service FROM service_record AS s WHERE s.team = t.name ORDER BY s.service) AS "services!"
        FROM team AS t WHERE $1::text IS NULL OR name = $1 ORDER BY name"#,
        name.map(text::name)
    )
    .fetch_all(conn)
    .await?;
    let team = rows.into_iter().map(|row| Team {
        name: row.name.into(),
        title: row.title.into(),
        members: row.members as u32,
        services: texts(row.services),
    });
    Ok(team.collect())
}

/// The members of a team, by name.
pub async fn members(conn: &mut crate::Connection, team: &str) -> Result<Vec<Member>, StoreError> {
    let rows = sqlx::query!(
        "SELECT p.name, p.display_name, p.role, m.from_oidc FROM membership AS m JOIN person AS p ON p.id = m.person
        WHERE m.team = $1 ORDER BY p.name",
        text::name(team)
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Member {
                name: row.name.into(),
                display_name: row.display_name.into(),
                role: role(row.role)?,
                from_oidc: row.from_oidc,
            })
        })
        .collect()
}

/// Makes a team. Errors: [`crate::Conflict::TeamName`].
pub async fn insert(
    conn: &mut crate::Connection,
    name: &str,
    title: &str,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO team (name, title, created_ns) VALUES ($1, $2, $3)",
        name,
        title,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes those of these teams that are not there, called as they are named; those that were made.
pub async fn ensure(conn: &mut crate::Connection, names: &[Text], now_ns: UnixNanos) -> Result<Vec<Text>, StoreError> {
    let made = sqlx::query_scalar!(
        "INSERT INTO team (name, title, created_ns) SELECT name, name, $2 FROM unnest($1::text[]) AS name ORDER BY name
        ON CONFLICT DO NOTHING RETURNING name",
        &strings(names),
        bigint(now_ns)
    )
    .fetch_all(conn)
    .await?;
    Ok(texts(made))
}

/// Changes how pages call a team.
pub async fn set_title(conn: &mut crate::Connection, name: &str, title: &str) -> Result<(), StoreError> {
    sqlx::query!("UPDATE team SET title = $2 WHERE name = $1", name, title)
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes a team; what it owned has no owner then.
pub async fn delete(conn: &mut crate::Connection, name: &str) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM team WHERE name = $1", name)
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts somebody in a team; whether they were not in it. Errors: [`crate::Conflict::NoTeam`].
pub async fn add_member(conn: &mut crate::Connection, team: &str, person: i64) -> Result<bool, StoreError> {
    let added = sqlx::query!(
        "INSERT INTO membership (team, person, from_oidc) VALUES ($1, $2, false) ON CONFLICT DO NOTHING",
        team,
        person
    )
    .execute(conn)
    .await?;
    Ok(added.rows_affected() > 0)
}

/// Takes somebody out of a team; whether they were in it.
pub async fn remove_member(conn: &mut crate::Connection, team: &str, person: i64) -> Result<bool, StoreError> {
    let removed = sqlx::query!("DELETE FROM membership WHERE team = $1 AND person = $2", team, person)
        .execute(conn)
        .await?;
    Ok(removed.rows_affected() > 0)
}

/// Puts somebody in the teams that their groups at the identity provider say, and takes them out of those that the groups said
/// before. Where an admin put them, they stay. Errors: [`crate::Conflict::NoTeam`].
pub async fn set_from_oidc(conn: &mut crate::Connection, person: i64, teams: &[Text]) -> Result<(), StoreError> {
    let teams = strings(teams);
    sqlx::query!(
        "DELETE FROM membership WHERE person = $1 AND from_oidc AND team <> ALL ($2::text[])",
        person,
        &teams
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO membership (team, person, from_oidc) SELECT team, $1, true FROM unnest($2::text[]) AS team
        ON CONFLICT DO NOTHING",
        person,
        &teams
    )
    .execute(conn)
    .await?;
    Ok(())
}
