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

mod attempts;
mod audit;
pub(crate) mod change;
mod credentials;
mod me;
mod members;
mod oidc;
mod password;
mod secret;
mod services;
mod session;
mod set_up;
mod settings;
mod sign_in;
mod sign_out;
mod teams;
mod tokens;
mod users;
mod ways_in;

pub use secret::Secret;
pub use settings::PeopleSettings;
pub use ways_in::{Browser, NewSession, OidcFlow, OidcIdentity, SignInError, Standing};

use pointsman_domain::Text;
use pointsman_store::people::users::Account;

use crate::access::Person;

const MINUTE_NS: u64 = 60 * 1_000_000_000;
const DAY_NS: u64 = 24 * 60 * MINUTE_NS;

/// Who an account is.
fn person(account: &Account) -> Person {
    Person {
        id: account.id,
        name: account.name.clone(),
        role: account.role,
        teams: account.teams.clone(),
    }
}

/// One line of at most `most` characters, made of a text that others gave.
fn tidy(text: &str, most: usize) -> Text {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let cut: String = visible.take(most).collect();
    cut.trim().into()
}
