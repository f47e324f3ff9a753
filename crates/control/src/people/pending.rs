//! Use cases whose inside is still to come.

use pointsman_domain::people::Role;
use pointsman_domain::people::audit::{AuditPage, AuditQuery};
use pointsman_domain::people::form::{ServiceForm, TokenForm, UserForm};
use pointsman_domain::people::read::{
    Me, NewToken, Profile, ServiceRecord, TeamDetail, TeamList, TokenSummary, UserSummary,
};

use super::{NewSession, OidcFlow, OidcIdentity, Secret, SignInError};
use crate::access::{Person, Program};
use crate::{Console, Desk, Problem};

fn later<T>() -> Result<T, Problem> {
    Err(Problem::Conflict("This is still to come.".to_owned()))
}

#[allow(missing_docs, unused_variables, clippy::unused_async)]
impl Console {
    pub async fn person_by_session(&self, secret: &str) -> Result<Option<(Person, i64)>, Problem> {
        later()
    }
    pub async fn program_by_token(&self, secret: &str) -> Result<Option<Program>, Problem> {
        later()
    }
    pub async fn setup_link(&self) -> Result<Option<Secret>, Problem> {
        later()
    }
    pub async fn has_people(&self) -> Result<bool, Problem> {
        later()
    }
}

#[allow(missing_docs, unused_variables, clippy::unused_async)]
impl Desk {
    pub async fn sign_in(&self, name: &str, password: &str, agent: &str) -> Result<NewSession, SignInError> {
        Ok(later()?)
    }
    pub async fn sign_in_oidc(&self, identity: OidcIdentity, agent: &str) -> Result<NewSession, SignInError> {
        Ok(later()?)
    }
    pub async fn set_up(
        &self,
        link: &str,
        name: &str,
        display_name: &str,
        password: &str,
        agent: &str,
    ) -> Result<NewSession, SignInError> {
        Ok(later()?)
    }
    pub async fn setup_link_is_good(&self, link: &str) -> Result<bool, Problem> {
        later()
    }
    pub async fn sign_out(&self) -> Result<Option<Secret>, Problem> {
        later()
    }
    pub async fn keep_flow(&self, flow: OidcFlow) -> Result<(), Problem> {
        later()
    }
    pub async fn take_flow(&self, state: &str) -> Result<Option<OidcFlow>, Problem> {
        later()
    }
    pub async fn me(&self) -> Result<Me, Problem> {
        later()
    }
    pub async fn profile(&self) -> Result<Profile, Problem> {
        later()
    }
    pub async fn end_session(&self, id: i64) -> Result<(), Problem> {
        later()
    }
    pub async fn end_other_sessions(&self) -> Result<(), Problem> {
        later()
    }
    pub async fn change_password(&self, old: &str, new: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn create_token(&self, form: &TokenForm) -> Result<NewToken, Problem> {
        later()
    }
    pub async fn revoke_token(&self, id: i64, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn tokens(&self) -> Result<Vec<TokenSummary>, Problem> {
        later()
    }
    pub async fn teams(&self) -> Result<TeamList, Problem> {
        later()
    }
    pub async fn team(&self, name: &str) -> Result<Option<TeamDetail>, Problem> {
        later()
    }
    pub async fn create_team(&self, name: &str, title: &str, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn rename_team(&self, name: &str, title: &str, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn remove_team(&self, name: &str, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn add_member(&self, team: &str, user: &str, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn remove_member(&self, team: &str, user: &str, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn service_record(&self, service: &str) -> Result<ServiceRecord, Problem> {
        later()
    }
    pub async fn edit_service(&self, service: &str, form: &ServiceForm, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn assign_service(&self, service: &str, team: Option<&str>, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn users(&self) -> Result<Vec<UserSummary>, Problem> {
        later()
    }
    pub async fn create_user(&self, form: &UserForm, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn set_role(&self, user: &str, role: Role, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn set_disabled(&self, user: &str, disabled: bool, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn set_password(&self, user: &str, password: &str, reason: &str) -> Result<(), Problem> {
        later()
    }
    pub async fn audit(&self, query: &AuditQuery) -> Result<AuditPage, Problem> {
        later()
    }
}
