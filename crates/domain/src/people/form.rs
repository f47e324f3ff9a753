//! What people fill in on the pages about people, checked field by field.

use serde::{Deserialize, Serialize};

use super::password::Password;
use super::{Role, Scope, Services};
use crate::Text;
use crate::kit::field::{FieldError, field, wrong};
use crate::kit::name::{UserName, title};
use crate::kit::text;
use crate::terms::MAX_NAME;

/// The longest that a token lasts, in days.
pub const MAX_TOKEN_DAYS: u32 = 366;
/// The most services that a token names.
pub const MAX_TOKEN_SERVICES: usize = 100;

/// A new token as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenForm {
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for; at least one.
    pub scopes: Vec<Scope>,
    /// For which services, with commas or spaces between them; empty for all.
    pub services: String,
    /// For how many days it is valid: 1 to [`MAX_TOKEN_DAYS`].
    pub days: u32,
}

impl Default for TokenForm {
    /// 90 days.
    fn default() -> Self {
        Self {
            name: String::new(),
            scopes: Vec::new(),
            services: String::new(),
            days: 90,
        }
    }
}

/// A new token, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenWish {
    /// What its owner calls it.
    pub name: Text,
    /// What it may be used for: at least one, each once.
    pub scopes: Vec<Scope>,
    /// The services that it may be used for.
    pub services: Services,
    /// For how many days it is valid: 1 to [`MAX_TOKEN_DAYS`].
    pub days: u32,
}

impl TokenForm {
    /// The token to be. Errors: the first field that can't be read.
    pub fn parse(&self) -> Result<TokenWish, FieldError> {
        let name = field("name", text::line(&self.name, 100))?;
        if name.is_empty() {
            return wrong("name", "says what the token is for");
        }
        let mut scopes = self.scopes.clone();
        scopes.sort();
        scopes.dedup();
        if scopes.is_empty() {
            return wrong("scopes", "are at least one");
        }
        let services: Vec<Text> = text::separated(&self.services)
            .map(|name| field("services", text::line(name, MAX_NAME)))
            .collect::<Result<_, _>>()?;
        if services.len() > MAX_TOKEN_SERVICES {
            return wrong("services", format!("are at most {MAX_TOKEN_SERVICES}"));
        }
        if !(1..=MAX_TOKEN_DAYS).contains(&self.days) {
            return wrong("days", format!("are 1 to {MAX_TOKEN_DAYS}"));
        }
        Ok(TokenWish {
            name,
            scopes,
            services: Services::of(services),
            days: self.days,
        })
    }
}

/// What people say of a service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceForm {
    /// What it is for: at most 500 characters.
    pub description: String,
    /// What to do when it fails: an address.
    pub runbook: String,
    /// Where its source is: an address.
    pub repository: String,
}

/// What people say of a service, checked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ServiceText {
    /// What it is for.
    pub description: Text,
    /// What to do when it fails.
    pub runbook: Text,
    /// Where its source is.
    pub repository: Text,
}

impl ServiceForm {
    /// The texts, tidied. Errors: the first field that can't be taken.
    pub fn parse(&self) -> Result<ServiceText, FieldError> {
        Ok(ServiceText {
            description: field("description", text::line(&self.description, 500))?,
            runbook: field("runbook", text::link(&self.runbook))?,
            repository: field("repository", text::link(&self.repository))?,
        })
    }
}

/// A new account as it is filled in.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UserForm {
    /// What they will sign in with.
    pub name: String,
    /// How pages call them; the name where empty.
    pub display_name: String,
    /// Where mail reaches them; may be empty.
    pub email: String,
    /// The role that they will have.
    pub role: Role,
    /// Their password; without one they can't sign in here.
    pub password: String,
}

/// Without the password.
impl std::fmt::Debug for UserForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UserForm")
            .field("name", &self.name)
            .field("display_name", &self.display_name)
            .field("email", &self.email)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// A new account, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserWish {
    /// What they will sign in with.
    pub name: UserName,
    /// How pages call them.
    pub display_name: Text,
    /// Where mail reaches them; may be empty.
    pub email: Text,
    /// The role that they will have.
    pub role: Role,
    /// Their password, if they get one.
    pub password: Option<Password>,
}

impl UserForm {
    /// The account to be. Errors: the first field that can't be taken.
    pub fn parse(&self) -> Result<UserWish, FieldError> {
        let name = field("name", UserName::parse(&self.name))?;
        let email = field("email", text::line(&self.email, 254))?;
        if !email.is_empty() && (!email.contains('@') || email.contains(char::is_whitespace)) {
            return wrong("email", "is no address for mail");
        }
        Ok(UserWish {
            display_name: title("display_name", &self.display_name, name.as_str())?,
            email,
            role: self.role,
            password: match self.password.as_str() {
                "" => None,
                given => Some(field("password", Password::parse(given))?),
            },
            name,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong_field<T>(parsed: Result<T, FieldError>) -> Option<String> {
        parsed.err().map(|error| error.field)
    }

    #[test]
    fn a_token_is_for_something_and_ends() {
        let form = TokenForm {
            name: " ci ".to_owned(),
            scopes: vec![Scope::Read, Scope::Ingest, Scope::Read],
            services: "cart, payments  cart".to_owned(),
            days: 30,
        };
        let wish = TokenWish {
            name: "ci".into(),
            scopes: vec![Scope::Ingest, Scope::Read],
            services: Services::of(["cart".into(), "payments".into()]),
            days: 30,
        };
        assert_eq!(form.parse(), Ok(wish));
        let no_name = TokenForm {
            name: String::new(),
            ..form.clone()
        };
        let no_scope = TokenForm {
            scopes: Vec::new(),
            ..form.clone()
        };
        let for_ever = TokenForm {
            days: 367,
            ..form.clone()
        };
        let not_a_day = TokenForm {
            days: 0,
            ..form.clone()
        };
        let many = (0..=MAX_TOKEN_SERVICES).map(|n| n.to_string() + " ").collect();
        let too_many = TokenForm { services: many, ..form };
        for (form, field) in [
            (no_name, "name"),
            (no_scope, "scopes"),
            (for_ever, "days"),
            (not_a_day, "days"),
            (too_many, "services"),
        ] {
            assert_eq!(wrong_field(form.parse()).as_deref(), Some(field));
        }
    }

    #[test]
    fn a_service_is_described_in_a_line_and_linked_to_pages() {
        let form = ServiceForm {
            description: "Takes payments".to_owned(),
            runbook: "javascript:alert(1)".to_owned(),
            ..ServiceForm::default()
        };
        assert_eq!(wrong_field(form.parse()).as_deref(), Some("runbook"));
        let two_lines = ServiceForm {
            description: "a\nb".to_owned(),
            ..ServiceForm::default()
        };
        assert_eq!(wrong_field(two_lines.parse()).as_deref(), Some("description"));
    }

    #[test]
    fn an_account_is_called_by_its_name_where_it_has_no_other() {
        let form = UserForm {
            name: "Ada".to_owned(),
            password: "correct horse battery".to_owned(),
            ..UserForm::default()
        };
        let wish = form.parse().expect("good");
        assert_eq!((wish.name.as_str(), wish.display_name.as_str()), ("ada", "ada"));
        assert!(!format!("{form:?} {wish:?}").contains("horse"));
        let short = UserForm {
            password: "short".to_owned(),
            ..form.clone()
        };
        let no_mail = UserForm {
            email: "ada".to_owned(),
            ..form
        };
        assert_eq!(wrong_field(short.parse()).as_deref(), Some("password"));
        assert_eq!(wrong_field(no_mail.parse()).as_deref(), Some("email"));
    }
}
