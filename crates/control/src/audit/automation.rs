//! What loops do to what people see: asked for and noted as automation, in the loop's own transaction.

use pointsman_domain::people::Action;
use pointsman_domain::people::audit::AuditEntry;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::people::audit;
use pointsman_store::{StoreError, Tx};
use serde_json::Value;

use super::entry::entry;
use crate::access::{Automation, Caller, Denial, Target, may};

/// What an automation may do, to be noted with each time that it does it.
#[derive(Debug, Clone)]
pub(crate) struct Mandate {
    caller: Caller,
    action: Action,
    now_ns: UnixNanos,
}

impl Mandate {
    /// Asks whether an automation may do this, as of now. Errors: it may not, which is a mistake in Pointsman.
    pub(crate) fn ask(automation: Automation, action: Action, now_ns: UnixNanos) -> Result<Self, Denial> {
        let caller = Caller::automation(automation);
        may(&caller.actor, action, Target::Everything)?;
        Ok(Self { caller, action, now_ns })
    }

    /// Notes in the loop's transaction what it did: to what, in a sentence, and what is there now.
    pub(crate) async fn note(&self, tx: &mut Tx, target: &str, detail: String, after: Value) -> Result<(), StoreError> {
        let entry = AuditEntry {
            detail: detail.into(),
            after,
            ..entry(&self.caller, self.now_ns, self.action, target)
        };
        audit::insert(tx, &entry).await.map(|_| ())
    }
}
