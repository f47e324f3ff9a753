//! Who may do what: [`may`] is the one place that says so, and every surface asks it.
//!
//! ```text
//! request -> credentials -> Actor --+
//!                                   +-- may(actor, action, target) -> done, or a Denial that says what it takes
//! use case -------> Action, Target -+
//! ```

use std::fmt;
use std::net::IpAddr;

use pointsman_domain::Text;
use pointsman_domain::people::audit::{ActorKind, Via};
use pointsman_domain::people::{Action, Role, Scope, Services};
use serde::{Deserialize, Serialize};

/// Somebody with an account that is not disabled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their number.
    pub id: i64,
    /// What they sign in with.
    pub name: Text,
    pub role: Role,
    /// The names of their teams.
    pub teams: Vec<Text>,
}

/// A program with a token that has not expired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The token's number.
    pub id: i64,
    /// The token's name.
    pub name: Text,
    /// Whose it is, who may at most what they may; `None` for a token of the command line.
    pub owner: Option<Person>,
    /// What it is for.
    pub scopes: Vec<Scope>,
    pub services: Services,
}

/// What the settings let anybody do who shows no credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Anybody {
    /// Read, as one with this role would.
    pub role: Option<Role>,
    /// Send telemetry.
    pub ingest: bool,
}

/// What Pointsman does to what people see without being asked each time: one of its loops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Automation {
    /// Closes the periods of contracts.
    PeriodCloser,
    /// Closes reports, and puts them into outboxes.
    ReportMaker,
}

impl Automation {
    /// What it is there for: what it may by itself.
    fn task(self) -> Action {
        match self {
            Self::PeriodCloser => Action::ClosePeriods,
            Self::ReportMaker => Action::MakeReports,
        }
    }
}

/// The name that the audit has of it.
impl fmt::Display for Automation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PeriodCloser => "period-closer",
            Self::ReportMaker => "report-maker",
        })
    }
}

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody that is known.
    Anonymous(Anybody),
    /// Somebody who has signed in.
    Person(Person),
    /// A program.
    Program(Program),
    /// Whoever has the database at hand, by the name that the operating system knows.
    Operator(Text),
    /// A loop of Pointsman.
    Automation {
        which: Automation,
        /// Who has set it going, and whose rights it has beyond its own task; `None` where it goes by itself.
        on_behalf_of: Option<Person>,
    },
}

/// Who does something, and by which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub actor: Actor,
    /// By which surface.
    pub via: Via,
    /// From where; `None` on the command line.
    pub address: Option<IpAddr>,
    /// Which session, for a person.
    pub session: Option<i64>,
}

impl Caller {
    /// The command line, by the name that the operating system knows.
    pub fn operator(name: &str) -> Self {
        Self {
            actor: Actor::Operator(name.into()),
            via: Via::CommandLine,
            address: None,
            session: None,
        }
    }

    /// A loop that nobody has set going.
    pub fn automation(which: Automation) -> Self {
        Self {
            actor: Actor::Automation {
                which,
                on_behalf_of: None,
            },
            via: Via::Loop,
            address: None,
            session: None,
        }
    }

    /// What kind of actor it is, and its name.
    pub fn named(&self) -> (ActorKind, Text) {
        match &self.actor {
            Actor::Anonymous(_) => (ActorKind::Anonymous, Text::default()),
            Actor::Person(person) => (ActorKind::Person, person.name.clone()),
            Actor::Program(program) => (ActorKind::Token, program.name.clone()),
            Actor::Operator(name) => (ActorKind::Operator, name.clone()),
            Actor::Automation { which, on_behalf_of } => {
                let name = match on_behalf_of {
                    Some(person) => format!("{which} for {}", person.name),
                    None => which.to_string(),
                };
                (ActorKind::Automation, name.into())
            }
        }
    }

    /// The person, where it is one.
    pub fn person(&self) -> Option<&Person> {
        match &self.actor {
            Actor::Person(person) => Some(person),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// On no one thing, or on all.
    Everything,
    /// On a service and what it sent.
    Service {
        name: &'a str,
        /// Which team owns it.
        owner: Option<&'a str>,
    },
    /// On a token that is to be made.
    Token {
        /// What it is for.
        scopes: &'a [Scope],
        /// Whether it names services, and teams of the actor own all of them.
        owned: bool,
    },
    /// On what belongs to an account, by its number.
    Account(Option<i64>),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "denial", content = "sentence", rename_all = "snake_case")]
pub enum Denial {
    /// It takes credentials, or better ones.
    #[error("Sign in first, or show a token.")]
    SignIn,
    /// It takes somebody else. A sentence that says whom.
    #[error("{0}")]
    Forbidden(String),
}

fn forbid(sentence: impl Into<String>) -> Result<(), Denial> {
    Err(Denial::Forbidden(sentence.into()))
}

/// Whether this actor may do this to that.
pub fn may(actor: &Actor, action: Action, target: Target) -> Result<(), Denial> {
    match actor {
        Actor::Operator(_) => match action {
            Action::Ingest | Action::OwnAccount | Action::SignOut => forbid("The command line has no account."),
            Action::ClosePeriods | Action::MakeReports => by_itself(),
            _ => Ok(()),
        },
        Actor::Anonymous(anybody) => anonymous(*anybody, action),
        Actor::Person(person) => person_may(person, action, target),
        Actor::Program(program) => program_may(program, action, target),
        Actor::Automation { which, on_behalf_of } => automation_may(*which, on_behalf_of.as_ref(), action, target),
    }
}

/// What nobody does by hand.
fn by_itself() -> Result<(), Denial> {
    forbid("Pointsman closes periods and reports by itself, a day after their end.")
}

fn anonymous(anybody: Anybody, action: Action) -> Result<(), Denial> {
    match action {
        Action::SignIn | Action::SetUp | Action::SignOut => Ok(()),
        Action::Read if anybody.role.is_some() => Ok(()),
        Action::Ingest if anybody.ingest => Ok(()),
        _ => Err(Denial::SignIn),
    }
}

fn person_may(person: &Person, action: Action, target: Target) -> Result<(), Denial> {
    let admin = person.role == Role::Admin;
    match action {
        Action::Read | Action::ReadTeams | Action::OwnAccount | Action::SignIn | Action::SignOut | Action::SetUp => {
            Ok(())
        }
        Action::Ingest => forbid("Telemetry is sent with a token."),
        Action::ClosePeriods | Action::MakeReports => by_itself(),
        _ if admin => Ok(()),
        Action::EditService => own_service(person, target, "change it"),
        Action::EditObjective => own_service(person, target, "change its SLOs"),
        Action::EditExclusion => own_service(person, target, "say which time does not count for it"),
        Action::Silence => own_service(person, target, "silence its alerts"),
        Action::AckAlert if person.role == Role::Engineer => Ok(()),
        Action::AckAlert => forbid("Only engineers and admins acknowledge alerts."),
        Action::EditChannels => forbid("Only admins see and change notification channels."),
        Action::ReadContracts if matches!(person.role, Role::Engineer | Role::Manager) => Ok(()),
        Action::ReadContracts => forbid("Only engineers, managers and admins see contracts and money."),
        Action::EditContracts | Action::SendReports if person.role == Role::Manager => Ok(()),
        Action::EditContracts => forbid("Only managers and admins change contracts."),
        Action::SendReports => forbid("Only managers and admins schedule reports."),
        Action::EditPolicy => forbid("Only admins set the budget policy."),
        Action::ReadAudit => match target {
            Target::Service { .. } => own_service(person, target, "see what was done to it"),
            _ => forbid("Only admins see the whole audit; engineers see what was done to the services of their teams."),
        },
        Action::CreateToken => match target {
            Target::Token { scopes, owned } => new_token(person, scopes, owned),
            // Whether there is any that they could make.
            _ => Ok(()),
        },
        Action::RevokeToken => match target {
            Target::Account(Some(owner)) if owner == person.id => Ok(()),
            _ => forbid("Only its owner and admins can revoke a token."),
        },
        Action::AssignService => forbid("Only admins assign services to teams."),
        Action::EditTeam => forbid("Only admins can change teams."),
        Action::ReadUsers => forbid("Only admins see all accounts."),
        Action::EditUser => forbid("Only admins can change accounts."),
        Action::ReadTokens => forbid("Only admins see all tokens."),
    }
}

/// An engineer, on a service of the own teams.
fn own_service(person: &Person, target: Target, verb: &str) -> Result<(), Denial> {
    let Target::Service { name, owner } = target else {
        return forbid("Only admins can do this to all services.");
    };
    match owner {
        Some(team) if person.role == Role::Engineer && person.teams.iter().any(|own| own == team) => Ok(()),
        Some(team) => forbid(format!(
            "{name} belongs to the team {team}: its engineers and admins {verb}."
        )),
        None => forbid(format!("No team owns {name}: only admins {verb}.")),
    }
}

fn new_token(person: &Person, scopes: &[Scope], owned: bool) -> Result<(), Denial> {
    if !scopes.contains(&Scope::Ingest) || person.role == Role::Engineer && owned {
        return Ok(());
    }
    forbid("A token that sends telemetry is made by an admin, or by an engineer for named services of the own teams.")
}

fn program_may(program: &Program, action: Action, target: Target) -> Result<(), Denial> {
    let scope = match action {
        Action::Ingest => Scope::Ingest,
        Action::Read | Action::ReadAudit | Action::ReadContracts => Scope::Read,
        _ => return forbid("Tokens send telemetry and read; everything else is for people."),
    };
    if !program.scopes.contains(&scope) {
        return forbid(format!("The token {} does not have the scope {scope}.", program.name));
    }
    match (target, &program.services) {
        (_, Services::All) => {}
        (Target::Service { name, .. }, services) if services.contains(name) => {}
        // Which services it sends for is asked for each of them.
        (Target::Everything, Services::Named(_)) if action == Action::Ingest => {}
        (_, Services::Named(names)) => {
            let names: Vec<&str> = names.iter().map(Text::as_str).collect();
            return forbid(format!("The token {} is for {} only.", program.name, names.join(", ")));
        }
    }
    match &program.owner {
        // That it could be made is what lets it send.
        Some(owner) if action != Action::Ingest => person_may(owner, action, target),
        _ => Ok(()),
    }
}

/// By itself its one task. On somebody's behalf also what they may, but for what makes accounts, sessions and tokens: no loop gets at
/// credentials.
fn automation_may(
    which: Automation,
    on_behalf_of: Option<&Person>,
    action: Action,
    target: Target,
) -> Result<(), Denial> {
    if action == which.task() {
        return Ok(());
    }
    match (on_behalf_of, action) {
        (
            _,
            Action::Ingest
            | Action::OwnAccount
            | Action::SignIn
            | Action::SignOut
            | Action::SetUp
            | Action::EditUser
            | Action::CreateToken
            | Action::RevokeToken,
        ) => forbid("Accounts and tokens are for people."),
        (Some(person), _) => person_may(person, action, target),
        (None, _) => forbid(format!("This is not what the {which} is for.")),
    }
}

#[cfg(test)]
mod tests;
