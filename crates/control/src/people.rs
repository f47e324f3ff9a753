//! The use cases about people: ways in, accounts, teams, what services are and whose, tokens, and the audit of all of it.
//!
//! ```text
//! Desk --> may? --no--> the audit: refused --> Problem::Denied
//!            |
//!           yes --> a transaction: the change and its entry in the audit, both or neither
//! ```
//!
//! Invariant: secrets are random bits of which only a hash is stored; passwords are argon2id. Neither is in `Debug`, in the log or in the
//! audit.

mod pending;
mod secret;
mod settings;
mod ways_in;

pub use secret::Secret;
pub use settings::PeopleSettings;
pub use ways_in::{NewSession, OidcFlow, OidcIdentity, SignInError};
