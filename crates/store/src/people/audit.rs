//! The audit. Entries are added and read; the database itself refuses anything else.

use pointsman_domain::people::Action;
use pointsman_domain::people::audit::{AuditEntry, AuditQuery, Outcome};
use serde_json::Value;

use crate::error::StoreError;
use crate::number::bigint;
use crate::text;

/// Adds an entry; its number.
pub async fn insert(conn: &mut crate::Connection, entry: &AuditEntry) -> Result<i64, StoreError> {
    let id = sqlx::query_file_scalar!(
        "queries/audit_insert.sql",
        bigint(entry.at_ns),
        entry.actor_kind.word(),
        entry.actor.as_str(),
        entry.via.word(),
        entry.address.as_str(),
        entry.action.word(),
        entry.service.as_deref(),
        entry.target.as_str(),
        entry.outcome.word(),
        entry.reason.as_str(),
        entry.detail.as_str(),
        json(&entry.before),
        json(&entry.after)
    )
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// The entries that meet a query, the newest first, at most as many as it says.
pub async fn page(conn: &mut crate::Connection, query: &AuditQuery) -> Result<Vec<AuditEntry>, StoreError> {
    let words: Vec<String> = query.words.iter().map(|word| contains(word)).collect();
    let rows = sqlx::query_file!(
        "queries/audit_page.sql",
        query.actor.as_deref().map(text::name),
        query.action.map(Action::word),
        query.service.as_deref().map(text::name),
        query.outcome.map(Outcome::word),
        &words,
        query.from_ns.map(bigint),
        query.to_ns.map(bigint),
        query.before,
        i64::from(query.limit)
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(AuditEntry {
                id: row.id,
                at_ns: row.at_ns as u64,
                actor_kind: row.actor_kind.parse().map_err(StoreError::corrupt)?,
                actor: row.actor.into(),
                via: row.via.parse().map_err(StoreError::corrupt)?,
                address: row.address.into(),
                action: row.action.parse().map_err(StoreError::corrupt)?,
                service: row.service.map(Into::into),
                target: row.target.into(),
                outcome: row.outcome.parse().map_err(StoreError::corrupt)?,
                reason: row.reason.into(),
                detail: row.detail.into(),
                before: value(row.before)?,
                after: value(row.after)?,
            })
        })
        .collect()
}

/// What `LIKE` takes for a text that contains this one.
fn contains(word: &str) -> String {
    let word = text::name(word);
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

fn json(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}

fn value(json: Option<String>) -> Result<Value, StoreError> {
    json.map_or(Ok(Value::Null), |json| serde_json::from_str(&json))
        .map_err(StoreError::corrupt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_like_are_signs_like_others() {
        assert_eq!(contains("50%_\\"), "%50\\%\\_\\\\%");
    }
}
