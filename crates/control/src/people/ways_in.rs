//! What all ways in have in common: what they take, what they give, and why they don't.

use pointsman_domain::Text;
use pointsman_domain::kit::field::FieldError;
use pointsman_domain::kit::name::TeamName;
use pointsman_domain::people::Role;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::StoreError;

use super::Secret;
use crate::Problem;
use crate::access::{Denial, Person};

/// A browser that somebody signs in with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Browser<'a> {
    /// What it calls itself.
    pub agent: &'a str,
    /// What it keeps of an earlier sign-in ([`NewSession::browser`]), if anything.
    pub known_by: Option<&'a Secret>,
}

/// One that keeps nothing, by what it calls itself.
impl<'a> From<&'a str> for Browser<'a> {
    fn from(agent: &'a str) -> Self {
        Self { agent, known_by: None }
    }
}

/// A session that has just begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// What the browser keeps.
    pub secret: Secret,
    /// When it ends at the latest.
    pub expires_ns: UnixNanos,
    pub person: Person,
    /// What the browser keeps beside it, longer than the session, where the way in was a password: who guesses at it elsewhere does not keep
    /// this browser out.
    pub browser: Option<Secret>,
}

/// Why nobody got in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// There is no such account, it has no password, another one, or is disabled: which of these is not told.
    #[error("The name or the password is wrong.")]
    Wrong,
    /// Too many attempts on the account or from the address.
    #[error("Too many attempts. Try again in {minutes} min.")]
    TooMany {
        /// How long to wait, at least 1.
        minutes: u32,
    },
    /// None of the groups at the identity provider has a role here.
    #[error("None of your groups has a role here. Ask an admin.")]
    NoRole,
    /// The identity provider did not say which groups somebody is in.
    #[error("The identity provider did not say which groups you are in. Ask an admin.")]
    NoGroups,
    /// The set-up link is wrong, used or old, or there is an admin already.
    #[error("This link does not work, or no longer.")]
    Link,
    /// A mistake in what was given.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// It could not be tried.
    #[error(transparent)]
    Problem(Problem),
}

impl From<Problem> for SignInError {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Field(error) => Self::Field(error),
            other => Self::Problem(other),
        }
    }
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl From<Denial> for SignInError {
    fn from(denial: Denial) -> Self {
        Self::Problem(denial.into())
    }
}

/// Who somebody is, as the identity provider says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcIdentity {
    /// Which provider.
    pub issuer: Text,
    /// Their number there: what they are known by.
    pub subject: Text,
    /// What they call themselves; a new account gets a name made of it.
    pub name: Text,
    /// How pages call them.
    pub display_name: Text,
    /// Where mail reaches them; may be empty.
    pub email: Text,
    /// What their groups make them.
    pub standing: Standing,
    /// The teams that their groups put them in.
    pub teams: Vec<TeamName>,
    /// What the sign-out there takes.
    pub id_token: Secret,
}

/// What somebody's groups at the identity provider make them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Somebody with this role.
    Role(Role),
    /// Nobody here: none of their groups has a role.
    NoRole,
    /// Not known: the provider left their groups out. That is not to say that they are in none.
    Unknown,
}

/// A sign-in on its way to the identity provider and back. It has 10 min.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcFlow {
    /// What the provider sends back.
    pub state: Secret,
    /// What stands in the ID token.
    pub nonce: Secret,
    /// What proves that who comes back is who went.
    pub pkce_verifier: Secret,
    /// Where to go then.
    pub next: String,
}
