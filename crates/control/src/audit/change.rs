//! A change under way: one transaction, and what the audit is to hold of it.

use pointsman_domain::Text;
use pointsman_domain::kit::reason::Reason;
use pointsman_domain::people::Action;
use pointsman_domain::people::audit::AuditEntry;

use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::Tx;
use pointsman_store::people::{audit, services};
use serde_json::Value;

use crate::access::{Caller, Target};
use crate::people::tidy;
use crate::{Control, Problem, UseCases};

/// A change under way. What it does is done when [`UseCases::transact`] has ended it, all of it or nothing.
///
/// What changes something is a function that takes `&mut Change`: it asks ([`Change::ask`] and the like), works in the transaction, and notes
/// what it did ([`Change::note`]). So any number of them make one change.
#[derive(Debug)]
pub struct Change {
    use_cases: UseCases,
    pub(crate) tx: Tx,
    /// Why, as it was given.
    given: String,
    /// The same on one line; once it was asked for, as it was checked, which may be several lines.
    reason: Text,
    done: Vec<AuditEntry>,
    refused: Option<(AuditEntry, Problem)>,
}

/// That the caller may do something: what it takes to note that it was done.
#[derive(Debug)]
#[must_use = "what was allowed is noted once it is done"]
pub(crate) struct Allowed(AuditEntry);

impl UseCases {
    /// Makes changes as one: `run` asks and works, any number of times, and all of it is committed with its entries in the audit, each with
    /// this reason. Where `run` fails nothing is there. Where it asked for what the caller may not do, one entry of the audit says so.
    ///
    /// ```no_run
    /// # async fn example(use_cases: pointsman_control::UseCases) -> Result<(), pointsman_control::Problem> {
    /// use pointsman_control::people::{members, teams};
    /// use_cases
    ///     .transact("the team is new", async |change| {
    ///         teams::create(change, "checkout", "Checkout").await?;
    ///         members::add(change, "checkout", "ada").await
    ///     })
    ///     .await
    /// # }
    /// ```
    pub async fn transact<T>(
        &self,
        reason: &str,
        run: impl AsyncFnOnce(&mut Change) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut change = Change {
            use_cases: self.clone(),
            tx: self.control.store.begin().await?,
            given: reason.to_owned(),
            reason: tidy(reason, 500),
            done: Vec::new(),
            refused: None,
        };
        // What is made of many things is a large future: no caller has to carry it.
        let outcome = Box::pin(run(&mut change)).await;
        change.end(outcome).await
    }
}

impl Change {
    /// The use cases of who makes the change.
    pub(crate) fn use_cases(&self) -> &UseCases {
        &self.use_cases
    }

    /// What the use cases stand on.
    pub(crate) fn control(&self) -> &Control {
        &self.use_cases.control
    }

    /// Who makes the change.
    pub(crate) fn caller(&self) -> &Caller {
        self.use_cases.caller()
    }

    /// Now, as [`UseCases::now_ns`].
    pub(crate) fn now_ns(&self) -> UnixNanos {
        self.use_cases.now_ns()
    }

    /// Why, as it was given, on one line.
    pub(crate) fn reason(&self) -> &Text {
        &self.reason
    }

    /// Asks whether the caller may do this to something that bears this name. Errors: a denial, which becomes the whole change's: nothing of it
    /// is committed then, whatever else it does.
    pub(crate) fn ask(&mut self, action: Action, name: &str, target: Target<'_>) -> Result<Allowed, Problem> {
        let mut entry = self.use_cases.entry(action, name);
        if let Target::Service { name, .. } = target {
            entry.service = Some(name.into());
        }
        let allowed = Allowed(entry);
        match self.use_cases.may(action, target) {
            Ok(()) => Ok(allowed),
            Err(denial) => Err(self.refuse(allowed, denial.into())),
        }
    }

    /// The same, of what takes a reason. Errors: a denial, and to who may at all that the reason is none.
    pub(crate) fn ask_because(&mut self, action: Action, name: &str, target: Target<'_>) -> Result<Allowed, Problem> {
        let allowed = self.ask(action, name, target)?;
        self.check_reason()?;
        Ok(allowed)
    }

    /// Takes the reason for all of the change. Errors: it is none.
    pub(crate) fn check_reason(&mut self) -> Result<(), Problem> {
        self.reason = Reason::given(&self.given)?.into();
        Ok(())
    }

    /// The same, of a change of a service: whether the caller may, as its owner has it.
    pub(crate) async fn ask_for_service(
        &mut self,
        action: Action,
        name: &str,
        service: &str,
    ) -> Result<Allowed, Problem> {
        let owner = services::record(&mut self.tx, service).await?.team;
        let target = Target::Service {
            name: service,
            owner: owner.as_deref(),
        };
        self.ask_because(action, name, target)
    }

    /// Refuses the whole change for another reason than that the caller may not; the audit notes it.
    pub(crate) fn refuse(&mut self, allowed: Allowed, problem: Problem) -> Problem {
        // What was refused first is why the rest is not done.
        self.refused.get_or_insert_with(|| (allowed.0, problem.clone()));
        problem
    }

    /// Notes what was done, in a sentence, and how it was before and after.
    pub(crate) fn note(&mut self, allowed: Allowed, detail: impl Into<Text>, before: Value, after: Value) {
        self.done.push(AuditEntry {
            detail: detail.into(),
            before,
            after,
            ..allowed.0
        });
    }

    /// Commits what was done and noted, or nothing.
    async fn end<T>(mut self, outcome: Result<T, Problem>) -> Result<T, Problem> {
        if let Some((mut entry, problem)) = self.refused.take() {
            self.tx.rollback().await?;
            entry.reason = self.reason;
            self.use_cases.note_refused(entry, &problem.to_string()).await?;
            return Err(outcome.err().unwrap_or(problem));
        }
        // Dropped with the transaction, nothing of it happens.
        let value = outcome?;
        for mut entry in self.done {
            entry.reason = self.reason.clone();
            audit::insert(&mut self.tx, &entry).await?;
        }
        self.tx.commit().await?;
        Ok(value)
    }
}
