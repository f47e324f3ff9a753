//! What people say of services, and which team owns them.

use std::collections::HashMap;

use pointsman_domain::Text;
use pointsman_domain::people::form::ServiceText;

use super::{strings, texts};
use crate::error::StoreError;
use crate::text;

/// What people say of a service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Which team owns it.
    pub team: Option<Text>,
    /// What is said of it.
    pub text: ServiceText,
}

/// What people say of a service: nothing, where nobody has yet.
pub async fn record(conn: &mut crate::Connection, service: &str) -> Result<Record, StoreError> {
    let row = sqlx::query!(
        "SELECT team, description, runbook, repository FROM service_record WHERE service = $1",
        text::name(service)
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map_or_else(Record::default, |row| Record {
        team: row.team.map(Text::from),
        text: ServiceText {
            description: row.description.into(),
            runbook: row.runbook.into(),
            repository: row.repository.into(),
        },
    }))
}

/// The same, and it stays so until the transaction ends.
pub async fn lock_record(conn: &mut crate::Connection, service: &str) -> Result<Record, StoreError> {
    sqlx::query!(
        "SELECT service FROM service_record WHERE service = $1 FOR UPDATE",
        text::name(service)
    )
    .fetch_optional(&mut *conn)
    .await?;
    record(conn, service).await
}

/// Which teams own these services; those without an owner are not in it.
pub async fn owners(conn: &mut crate::Connection, services: &[Text]) -> Result<HashMap<Text, Text>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT service, team AS "team!" FROM service_record WHERE service = ANY ($1) AND team IS NOT NULL"#,
        &strings(services)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.service.into(), row.team.into()))
        .collect())
}

/// What these teams own, by name.
pub async fn owned_by(conn: &mut crate::Connection, teams: &[Text]) -> Result<Vec<Text>, StoreError> {
    let services = sqlx::query_scalar!(
        "SELECT service FROM service_record WHERE team = ANY ($1) ORDER BY service",
        &strings(teams)
    )
    .fetch_all(conn)
    .await?;
    Ok(texts(services))
}

/// Services that were heard of, or of which people said something, and that no team owns; by name.
pub async fn unowned(conn: &mut crate::Connection) -> Result<Vec<Text>, StoreError> {
    let services = sqlx::query_scalar!(
        r#"SELECT service AS "service!" FROM (SELECT service FROM node_seen UNION SELECT service FROM service_record) AS known
        WHERE NOT EXISTS (SELECT FROM service_record AS r WHERE r.service = known.service AND r.team IS NOT NULL)
        ORDER BY service"#
    )
    .fetch_all(conn)
    .await?;
    Ok(texts(services))
}

/// Keeps what is said of a service.
pub async fn describe(conn: &mut crate::Connection, service: &str, said: &ServiceText) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO service_record (service, description, runbook, repository) VALUES ($1, $2, $3, $4)
        ON CONFLICT (service) DO UPDATE
        SET description = excluded.description, runbook = excluded.runbook, repository = excluded.repository",
        service,
        said.description.as_str(),
        said.runbook.as_str(),
        said.repository.as_str()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives a service to a team, or to none. Errors: [`crate::Conflict::NoTeam`].
pub async fn assign(conn: &mut crate::Connection, service: &str, team: Option<&str>) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO service_record (service, team) VALUES ($1, $2) ON CONFLICT (service) DO UPDATE SET team = excluded.team",
        service,
        team
    )
    .execute(conn)
    .await?;
    Ok(())
}
