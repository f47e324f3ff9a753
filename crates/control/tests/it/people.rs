//! Who gets in, who may change what, and what the audit says of it.

mod audit;
mod change;
mod keeper;
mod oidc;
mod passwords;
mod services;
mod sessions;
mod set_up;
mod teams;
mod tokens;
mod users;

use std::net::IpAddr;

use pointsman_control::access::{Actor, Anybody, Caller, Denial, Person};
use pointsman_control::{Problem, UseCases};
use pointsman_domain::people::Role;
use pointsman_domain::people::audit::{AuditEntry, AuditQuery, Via};
use pointsman_domain::people::form::UserForm;
use pointsman_store::people::users::by_name;

use crate::house::House;

/// A password that is good enough.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// A reason that is good enough.
pub(crate) const WHY: &str = "because the test says so";

pub(crate) const MINUTE: u64 = 60 * 1_000_000_000;
pub(crate) const HOUR: u64 = 60 * MINUTE;
pub(crate) const DAY: u64 = 24 * HOUR;

impl House {
    /// Makes an account without a password.
    pub(crate) async fn account(&self, name: &str, role: Role) {
        let form = UserForm {
            name: name.to_owned(),
            role,
            ..UserForm::default()
        };
        self.use_cases().people().create_user(&form, WHY).await.unwrap();
    }

    /// Makes an account with [`PASSWORD`].
    pub(crate) async fn account_with_password(&self, name: &str, role: Role) {
        let form = UserForm {
            name: name.to_owned(),
            role,
            password: PASSWORD.to_owned(),
            ..UserForm::default()
        };
        self.use_cases().people().create_user(&form, WHY).await.unwrap();
    }

    /// Makes an account in a team, which is made where it is missing and owns this service.
    pub(crate) async fn engineer_of(&self, name: &str, team: &str, service: &str) {
        self.account(name, Role::Engineer).await;
        // Another of the team may have made it.
        let _ = self.use_cases().people().create_team(team, "", WHY).await;
        self.use_cases().people().add_member(team, name, WHY).await.unwrap();
        self.use_cases()
            .people()
            .assign_service(service, Some(team), WHY)
            .await
            .unwrap();
    }

    /// The use cases for somebody who has signed in.
    pub(crate) async fn use_cases_of(&self, name: &str) -> UseCases {
        let account = by_name(&mut self.store.conn().await.unwrap(), name)
            .await
            .unwrap()
            .unwrap();
        let person = Person {
            id: account.id,
            name: account.name,
            role: account.role,
            teams: account.teams,
        };
        self.control.use_cases(caller(Actor::Person(person), "192.0.2.1"))
    }

    /// The use cases for somebody who shows a session.
    pub(crate) async fn use_cases_by(&self, session: &str) -> UseCases {
        let (person, id) = self.control.person_by_session(session).await.unwrap().unwrap();
        self.control.use_cases(Caller {
            session: Some(id),
            ..caller(Actor::Person(person), "192.0.2.1")
        })
    }

    /// The use cases for somebody unknown at an address.
    pub(crate) fn stranger(&self, address: &str) -> UseCases {
        self.control
            .use_cases(caller(Actor::Anonymous(Anybody::default()), address))
    }

    /// Signs in from an address; the secret of the session.
    pub(crate) async fn sign_in(&self, name: &str) -> String {
        let session = self
            .stranger("192.0.2.1")
            .people()
            .sign_in(name, PASSWORD, "Browser/1")
            .await;
        session.unwrap().secret.reveal().to_owned()
    }

    /// The whole audit, newest first.
    pub(crate) async fn audit(&self) -> Vec<AuditEntry> {
        let everything = AuditQuery {
            limit: 1000,
            ..AuditQuery::default()
        };
        self.use_cases().people().audit(&everything).await.unwrap().entries
    }

    /// The newest entry of the audit, as `outcome action target by actor: detail`.
    pub(crate) async fn last_entry(&self) -> String {
        line(&self.audit().await[0])
    }
}

/// An entry as `outcome action target by actor: detail`.
pub(crate) fn line(entry: &AuditEntry) -> String {
    let AuditEntry {
        outcome,
        action,
        target,
        actor,
        detail,
        ..
    } = entry;
    format!("{outcome} {action} {target} by {actor}: {detail}")
}

pub(crate) fn caller(actor: Actor, address: &str) -> Caller {
    let address: IpAddr = address.parse().unwrap();
    Caller {
        actor,
        via: Via::Console,
        address: Some(address),
        session: None,
    }
}

/// Whether it was refused because of who asked.
pub(crate) fn denied<T>(answer: &Result<T, Problem>) -> bool {
    matches!(answer, Err(Problem::Denied(Denial::Forbidden(_))))
}

/// The field that was wrong.
pub(crate) fn wrong_field<T: std::fmt::Debug>(answer: Result<T, Problem>) -> String {
    match answer {
        Err(Problem::Field(error)) => error.field,
        other => panic!("no field is wrong: {other:?}"),
    }
}
