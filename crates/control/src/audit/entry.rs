//! Entries of the audit, as they begin, and those of what was refused.

use pointsman_domain::Text;
use pointsman_domain::people::Action;
use pointsman_domain::people::audit::{AuditEntry, Outcome};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::StoreError;
use pointsman_store::people::audit;
use serde_json::Value;

use crate::UseCases;
use crate::access::{Actor, Caller};
use crate::people::attempts::{counter, network};
use crate::people::tidy;

/// The most refusals of one caller in 15 min that the audit notes one by one, by address of those who have not signed in: nobody fills it
/// with what they may not do.
const MOST_REFUSED: u32 = 100;
/// What the one entry after them says.
const MORE_REFUSED: &str =
    "More than 100 changes were refused within a quarter of an hour. Until it is over, no more of them are noted.";

/// An entry for what a caller does to something that bears this name.
pub(crate) fn entry(caller: &Caller, at_ns: UnixNanos, action: Action, target: &str) -> AuditEntry {
    let (actor_kind, actor) = caller.named();
    AuditEntry {
        id: 0,
        at_ns,
        actor_kind,
        actor,
        via: caller.via,
        address: caller.address.map(|ip| Text::from(ip.to_string())).unwrap_or_default(),
        action,
        service: None,
        target: tidy(target, 300),
        outcome: Outcome::Done,
        reason: Text::default(),
        detail: Text::default(),
        before: Value::Null,
        after: Value::Null,
    }
}

impl UseCases {
    /// An entry for what this caller does now.
    pub(crate) fn entry(&self, action: Action, target: &str) -> AuditEntry {
        entry(self.caller(), self.now_ns(), action, target)
    }

    /// Notes that something was refused; of one caller at most [`MOST_REFUSED`] times in 15 min, and once that there were more.
    pub(crate) async fn note_refused(&self, mut entry: AuditEntry, why: &str) -> Result<(), StoreError> {
        entry.outcome = Outcome::Refused;
        entry.detail = why.into();
        let mut conn = self.control.store.conn().await?;
        let refused = match &self.caller().actor {
            Actor::Anonymous(_) => counter("stranger", &self.caller().address.map(network).unwrap_or_default()),
            Actor::Person(person) => counter("refused-person", &person.id.to_string()),
            Actor::Program(program) => counter("refused-token", &program.id.to_string()),
            Actor::Operator(name) => counter("refused-operator", name),
            Actor::Automation { .. } => counter("refused-automation", &entry.actor),
        };
        match refused.count(&mut conn, entry.at_ns).await? {
            0..=MOST_REFUSED => {}
            count if count == MOST_REFUSED + 1 => entry.detail = MORE_REFUSED.into(),
            _ => return Ok(()),
        }
        audit::insert(&mut conn, &entry).await.map(|_| ())
    }
}
