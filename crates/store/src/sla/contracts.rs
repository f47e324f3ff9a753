//! Contracts as they are kept.

use pointsman_domain::sla::Contract;
use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;
use crate::slo::{bigint, from_json, json};
use crate::text;

/// A contract and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractRow {
    /// Its number.
    pub id: i32,
    /// What is promised.
    pub contract: Contract,
    /// How often it was changed, from 1.
    pub revision: u32,
}

struct Raw {
    id: i32,
    spec: String,
    revision: i32,
}

impl Raw {
    fn read(self) -> Result<ContractRow, StoreError> {
        Ok(ContractRow {
            id: self.id,
            contract: from_json(&self.spec)?,
            revision: self.revision as u32,
        })
    }
}

/// All contracts, by name.
pub async fn all(conn: &mut crate::Connection) -> Result<Vec<ContractRow>, StoreError> {
    let rows = sqlx::query_as!(
        Raw,
        r#"SELECT id, spec::text AS "spec!", revision FROM sla ORDER BY name"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Raw::read).collect()
}

/// The contract of this name.
pub async fn by_name(conn: &mut crate::Connection, name: &str) -> Result<Option<ContractRow>, StoreError> {
    let row = sqlx::query_as!(
        Raw,
        r#"SELECT id, spec::text AS "spec!", revision FROM sla WHERE name = $1"#,
        text::name(name)
    )
    .fetch_optional(conn)
    .await?;
    row.map(Raw::read).transpose()
}

/// The same, and it stays so until the transaction ends.
pub async fn lock_by_name(conn: &mut crate::Connection, name: &str) -> Result<Option<ContractRow>, StoreError> {
    sqlx::query!("SELECT id FROM sla WHERE name = $1 FOR UPDATE", text::name(name))
        .fetch_optional(&mut *conn)
        .await?;
    by_name(conn, name).await
}

/// Adds a contract; its number. Errors: [`crate::Conflict::ContractName`].
pub async fn insert(conn: &mut crate::Connection, contract: &Contract, now_ns: UnixNanos) -> Result<i32, StoreError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO sla (name, spec, revision, created_ns, updated_ns) VALUES ($1, $2::text::jsonb, 1, $3, $3) RETURNING id",
        contract.name.as_str(),
        json(contract)?,
        bigint(now_ns)
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Replaces a contract. Errors: [`crate::Conflict::ContractName`].
pub async fn update(
    conn: &mut crate::Connection,
    id: i32,
    contract: &Contract,
    now_ns: UnixNanos,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE sla SET name = $2, spec = $3::text::jsonb, revision = revision + 1, updated_ns = $4 WHERE id = $1",
        id,
        contract.name.as_str(),
        json(contract)?,
        bigint(now_ns)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a contract. Errors: [`crate::Conflict::ContractRecords`] where a period of it is closed.
pub async fn delete(conn: &mut crate::Connection, id: i32) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM sla WHERE id = $1", id).execute(conn).await?;
    Ok(())
}
