//! The use cases as one caller may use them. There is no other way to a use case, so none forgets to ask.

use std::ops::Deref;

use pointsman_domain::people::Action;
use pointsman_domain::read::LiveEvent;
use tokio::sync::broadcast;

use crate::access::{Caller, Denial, Target, may};
use crate::console::Console;

/// The use cases for one caller. Each asks [`may`] first.
#[derive(Debug, Clone)]
pub struct Desk {
    console: Console,
    caller: Caller,
}

impl Console {
    /// The use cases as this caller may use them.
    pub fn desk(&self, caller: Caller) -> Desk {
        Desk {
            console: self.clone(),
            caller,
        }
    }
}

impl Deref for Desk {
    type Target = Console;

    fn deref(&self) -> &Console {
        &self.console
    }
}

impl Desk {
    /// Who asks.
    pub fn caller(&self) -> &Caller {
        &self.caller
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
        Ok(self.bus.subscribe())
    }
}
