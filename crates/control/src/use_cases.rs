//! The use cases as one caller may use them, in groups. There is no other way to a use case, so none forgets to ask.
//!
//! ```text
//! Caller --[ Control::use_cases ]--> UseCases --+-- see()      reads of telemetry
//!                                               +-- promise()  objectives, contracts, reports, alerts and where they are sent
//!                                               +-- people()   accounts, teams, tokens, ways in, the audit
//!                                               +-- transact() several changes as one
//! ```

use pointsman_domain::people::Action;
use pointsman_domain::read::LiveEvent;
use pointsman_domain::telemetry::UnixNanos;
use tokio::sync::broadcast;

use crate::Control;
use crate::access::{Caller, Denial, Target, may};

/// The use cases for one caller. Each asks [`may`] first; what asks nobody, such as the store, is not to be had from it.
#[derive(Debug, Clone)]
pub struct UseCases {
    pub(crate) control: Control,
    caller: Caller,
}

/// What services sent, and what can be concluded from it: nothing here changes anything.
#[derive(Debug)]
pub struct See<'u>(pub(crate) &'u UseCases);

/// What is promised: objectives, alerts and where they are sent, contracts and reports.
#[derive(Debug)]
pub struct Promise<'u>(pub(crate) &'u UseCases);

/// Who there is: accounts, teams, tokens, services' records, the ways in and out, and the audit.
#[derive(Debug)]
pub struct People<'u>(pub(crate) &'u UseCases);

impl Control {
    /// The use cases as this caller may use them.
    pub fn use_cases(&self, caller: Caller) -> UseCases {
        UseCases {
            control: self.clone(),
            caller,
        }
    }
}

impl UseCases {
    /// Reads of telemetry.
    pub fn see(&self) -> See<'_> {
        See(self)
    }

    /// Objectives, alerts, channels, contracts and reports.
    pub fn promise(&self) -> Promise<'_> {
        Promise(self)
    }

    /// Accounts, teams, tokens, services' records, the ways in and out, and the audit.
    pub fn people(&self) -> People<'_> {
        People(self)
    }

    /// Who asks.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Now, by the clock that all replicas share, in nanoseconds since the Unix epoch.
    pub fn now_ns(&self) -> UnixNanos {
        self.control.now_ns()
    }

    /// Whether the caller may; for what pages offer.
    pub fn may(&self, action: Action, target: Target) -> Result<(), Denial> {
        may(&self.caller.actor, action, target)
    }

    /// Whether the caller may read what all services sent.
    pub fn may_read(&self) -> Result<(), Denial> {
        self.may(Action::Read, Target::Everything)
    }

    /// Whether the caller may read what this service sent; all services where it is none.
    pub(crate) fn may_read_of(&self, service: Option<&str>) -> Result<(), Denial> {
        let of = |name| Target::Service { name, owner: None };
        self.may(Action::Read, service.map_or(Target::Everything, of))
    }

    /// What changes from now on, at most one event a second for each topic.
    pub fn live(&self) -> Result<broadcast::Receiver<LiveEvent>, Denial> {
        self.may_read()?;
        Ok(self.control.bus.subscribe())
    }
}
