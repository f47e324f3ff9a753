//! What every change has in common: it is asked for, it is done in a transaction, and the audit holds what came of it.

use pointsman_domain::Text;
use pointsman_domain::people::Action;
use pointsman_domain::people::audit::{AuditEntry, Outcome};
use pointsman_domain::people::form;
use pointsman_store::people::{audit, services};
use pointsman_store::{StoreError, Tx};
use serde_json::Value;

use super::attempts::{counter, network};
use super::tidy;
use crate::access::{Actor, Target};
use crate::{Desk, Problem};

/// The most refusals of one caller in 15 min that the audit notes one by one, by address of those who have not signed in: nobody fills it
/// with what they may not do.
const MOST_REFUSED: u32 = 100;
/// What the one entry after them says.
const MORE_REFUSED: &str =
    "More than 100 changes were refused within a quarter of an hour. Until it is over, no more of them are noted.";

/// A change under way. Dropped before [`Change::done`], nothing of it happens.
pub(crate) struct Change<'d> {
    desk: &'d Desk,
    pub(crate) tx: Tx,
    entry: AuditEntry,
}

impl Desk {
    /// An entry of the audit for what this caller does.
    pub(crate) fn entry(&self, action: Action, target: &str) -> AuditEntry {
        let caller = self.caller();
        let (actor_kind, actor) = caller.named();
        AuditEntry {
            id: 0,
            at_ns: self.clock.now_ns(),
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

    /// Begins a change of something that bears this name.
    pub(crate) async fn change(&self, action: Action, target: &str) -> Result<Change<'_>, Problem> {
        Ok(Change {
            desk: self,
            tx: self.store.begin().await?,
            entry: self.entry(action, target),
        })
    }

    /// Notes in the audit that something was refused; of one caller at most [`MOST_REFUSED`] times in 15 min, and once that there were more.
    pub(crate) async fn note_refused(&self, mut entry: AuditEntry, why: &str) -> Result<(), StoreError> {
        entry.outcome = Outcome::Refused;
        entry.detail = why.into();
        let mut conn = self.store.conn().await?;
        let refused = match &self.caller().actor {
            Actor::Anonymous(_) => counter("stranger", &self.caller().address.map(network).unwrap_or_default()),
            Actor::Person(person) => counter("refused-person", &person.id.to_string()),
            Actor::Program(program) => counter("refused-token", &program.id.to_string()),
            Actor::Operator(name) => counter("refused-operator", name),
        };
        match refused.count(&mut conn, entry.at_ns).await? {
            0..=MOST_REFUSED => {}
            count if count == MOST_REFUSED + 1 => entry.detail = MORE_REFUSED.into(),
            _ => return Ok(()),
        }
        audit::insert(&mut conn, &entry).await.map(|_| ())
    }
}

impl Change<'_> {
    /// It is a change of a service.
    pub(crate) fn of_service(mut self, service: &str) -> Self {
        self.entry.service = Some(service.into());
        self
    }

    /// Asks whether the caller may; where not, the audit notes it.
    pub(crate) async fn ask(self, target: Target<'_>) -> Result<Self, Problem> {
        match self.desk.may(self.entry.action, target) {
            Ok(()) => Ok(self),
            Err(denial) => Err(self.refuse(denial.into()).await),
        }
    }

    /// Says why, as the caller does; it is checked once they may at all.
    pub(crate) async fn ask_because(mut self, target: Target<'_>, reason: &str) -> Result<Self, Problem> {
        self.entry.reason = tidy(reason, 500);
        let mut change = self.ask(target).await?;
        change.entry.reason = form::reason(reason)?.into();
        Ok(change)
    }

    /// It is a change of a service: asks whether the caller may, as its owner has it, and why.
    pub(crate) async fn ask_for_service(mut self, service: &str, reason: &str) -> Result<Self, Problem> {
        let owner = services::record(&mut self.tx, service).await?.team;
        let target = Target::Service {
            name: service,
            owner: owner.as_deref(),
        };
        self.of_service(service).ask_because(target, reason).await
    }

    /// Undoes it, and notes in the audit that it was refused.
    pub(crate) async fn refuse(self, problem: Problem) -> Problem {
        let noted = async {
            self.tx.rollback().await?;
            self.desk.note_refused(self.entry, &problem.to_string()).await
        };
        match noted.await {
            Ok(()) => problem,
            Err(error) => error.into(),
        }
    }

    /// Makes it last, with its entry in the audit: in a sentence what was done, and how it was before and after.
    pub(crate) async fn done(mut self, detail: impl Into<Text>, before: Value, after: Value) -> Result<(), Problem> {
        self.entry.detail = detail.into();
        self.entry.before = before;
        self.entry.after = after;
        audit::insert(&mut self.tx, &self.entry).await?;
        Ok(self.tx.commit().await?)
    }
}
