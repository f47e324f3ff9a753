//! Contracts as they are kept.

use std::collections::{HashMap, HashSet};

use pointsman_domain::sla::Contract;
use pointsman_domain::telemetry::UnixNanos;

use crate::error::StoreError;
use crate::number::bigint;
use crate::slo::failures::{self, Step};
use crate::slo::{from_json, json};
use crate::text;

/// A contract and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractRow {
    pub id: i32,
    /// What is promised.
    pub contract: Contract,
    /// How often it was changed, from 1.
    pub revision: u32,
}

/// A contract and all that it said since it was made, as far as that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct ContractHistory {
    pub row: ContractRow,
    /// Each revision with the moment from which on it held, oldest first.
    pub revisions: Vec<(UnixNanos, ContractRow)>,
}

impl ContractHistory {
    /// The revision that held at a moment; of one that was made later, the contract as it is.
    pub fn at(&self, at_ns: UnixNanos) -> &ContractRow {
        let held = self.revisions.iter().rev().find(|(since_ns, _)| *since_ns <= at_ns);
        held.map_or(&self.row, |(_, row)| row)
    }

    /// Since when it is known.
    pub fn since_ns(&self) -> UnixNanos {
        self.revisions.first().map_or(UnixNanos::MAX, |(since_ns, _)| *since_ns)
    }
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
            contract: Contract::kept(from_json(&self.spec)?),
            revision: self.revision as u32,
        })
    }

    /// Where it can be read; else the log says why. One of a newer version of this program must not keep all others from being read.
    fn readable(self) -> Option<ContractRow> {
        let id = self.id;
        self.read()
            .inspect_err(|error| tracing::error!(contract.id = id, error = %error, "a contract can't be read"))
            .ok()
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
    Ok(rows.into_iter().filter_map(Raw::readable).collect())
}

/// All contracts with what they said, by name; without those of which anything can't be read.
pub async fn histories(conn: &mut crate::Connection) -> Result<Vec<ContractHistory>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT sla, revision, since_ns, spec::text AS "spec!" FROM sla_revision ORDER BY sla, revision"#
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut revisions: HashMap<i32, Vec<(UnixNanos, ContractRow)>> = HashMap::new();
    let mut unreadable = HashSet::new();
    for row in rows {
        let raw = Raw {
            id: row.sla,
            spec: row.spec,
            revision: row.revision,
        };
        match raw.readable() {
            Some(contract) => revisions
                .entry(row.sla)
                .or_default()
                .push((row.since_ns as u64, contract)),
            None => {
                unreadable.insert(row.sla);
            }
        }
    }
    let all = all(conn).await?.into_iter();
    Ok(all
        .filter(|row| !unreadable.contains(&row.id))
        .map(|row| ContractHistory {
            revisions: revisions.remove(&row.id).unwrap_or_default(),
            row,
        })
        .collect())
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
    .fetch_one(&mut *conn)
    .await?;
    note_revision(conn, id).await?;
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
        "UPDATE sla SET name = $2, spec = $3::text::jsonb, revision = revision + 1, updated_ns = greatest(updated_ns, $4) WHERE id = $1",
        id,
        contract.name.as_str(),
        json(contract)?,
        bigint(now_ns)
    )
    .execute(&mut *conn)
    .await?;
    note_revision(conn, id).await?;
    // Why it could not be closed was of the old one.
    failures::clear(conn, Step::Close, &id.to_string()).await
}

/// Notes the revision that holds from now on.
async fn note_revision(conn: &mut crate::Connection, id: i32) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO sla_revision (sla, revision, since_ns, spec) SELECT id, revision, updated_ns, spec FROM sla WHERE id = $1",
        id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a contract. Errors: [`crate::Conflict::ContractRecords`] where a period of it is closed.
pub async fn delete(conn: &mut crate::Connection, id: i32) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM sla WHERE id = $1", id)
        .execute(&mut *conn)
        .await?;
    failures::clear(conn, Step::Close, &id.to_string()).await
}
