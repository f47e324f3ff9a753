//! The audit: who did what, why, and what came of it. What changes something goes through here, so that both are there or neither is.
//!
//! ```text
//! UseCases::transact(reason, |change| ...)
//!      |
//!      +-- change.ask(action, target) --may?--no--> all is rolled back; the audit: refused --> Problem::Denied
//!      |          |
//!      |         yes --> Allowed --> work in change.tx --> change.note(allowed, what was done, before, after)
//!      |                                                     ... any number of these
//!      +-- all went well --> the entries are written, one commit
//!      +-- anything failed --> nothing is there
//! ```
//!
//! Loops that change what people see ask by the same [`crate::access::may`] as an automation ([`automation`]), and note what they did in their
//! own transaction. Invariant: nothing is noted that was not allowed, nothing is committed after a refusal, and a caller fills the audit with
//! no more than 100 refusals in 15 min.

pub(crate) mod automation;
mod change;
pub(crate) mod entry;
mod read;

pub(crate) use change::Allowed;
pub use change::Change;
