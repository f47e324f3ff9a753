//! What was done, by whom, and why.

use pointsman_domain::people::Action;
use pointsman_domain::people::audit::{AuditPage, AuditQuery, MAX_PAGE, PAGE};
use pointsman_store::people::{audit, services};
use serde_json::Value;

use crate::access::Target;
use crate::{People, Problem};

impl People<'_> {
    /// The entries of the audit that meet a query, newest first. A query for one service is open to its team.
    pub async fn audit(&self, query: &AuditQuery) -> Result<AuditPage, Problem> {
        let mut conn = self.0.control.store.conn().await?;
        match &query.service {
            Some(service) => {
                let owner = services::record(&mut conn, service).await?.team;
                let target = Target::Service {
                    name: service,
                    owner: owner.as_deref(),
                };
                self.0.may(Action::ReadAudit, target)?;
            }
            None => self.0.may(Action::ReadAudit, Target::Everything)?,
        }
        let limit = match query.limit {
            0 => PAGE,
            limit => limit.min(MAX_PAGE),
        };
        // One more, to see whether there are older ones.
        let one_more = AuditQuery {
            limit: limit + 1,
            ..query.clone()
        };
        let mut entries = audit::page(&mut conn, &one_more).await?;
        let more = entries.len() > limit as usize;
        entries.truncate(limit as usize);
        if self.0.may_read().is_err() {
            // What was changed may name other services than the caller may read.
            for entry in &mut entries {
                (entry.before, entry.after) = (Value::Null, Value::Null);
            }
        }
        Ok(AuditPage {
            next_before: entries.last().filter(|_| more).map(|entry| entry.id),
            entries,
        })
    }
}
