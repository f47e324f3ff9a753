//! The use cases about people: ways in, accounts, teams, what services are and whose, and tokens.
//!
//! ```text
//! credentials --[ Control ]--> Person, Program
//! UseCases::people() --> may? --> reads; ways in and out; changes of one kind each, by UseCases::transact
//! teams, members, users, services, tokens: functions of a Change, for changes that are several of these
//! ```
//!
//! Invariant: secrets are random bits of which only a hash is stored; passwords are argon2id. Neither is in `Debug`, in the log or in the
//! audit.

pub(crate) mod attempts;
mod credentials;
mod me;
pub mod members;
mod oidc;
mod password;
mod secret;
pub mod services;
mod session;
mod set_up;
mod settings;
mod sign_in;
mod sign_out;
pub mod teams;
pub mod tokens;
pub mod users;
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
pub(crate) fn tidy(text: &str, most: usize) -> Text {
    let visible = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let cut: String = visible.take(most).collect();
    cut.trim().into()
}
