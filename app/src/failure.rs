//! Why a page has nothing to show: what a server function answers instead of data, told in the reader's words.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use pointsman_domain::kit::field::FieldError;
use serde::{Deserialize, Serialize};

use crate::format;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The database can't be reached.
    Unavailable,
    /// Too many read at once; after so many seconds it can be tried again.
    Busy(u32),
    /// A defect; the server's log has it under this id.
    Internal(String),
    /// A mistake in the URL or a form.
    Field(FieldError),
    /// Nobody has signed in, or the session has ended.
    SignIn,
    /// The reader may not. A sentence that says who may.
    Forbidden(String),
    /// Not found. A sentence.
    Missing(String),
    /// It can't be done as things stand. A sentence.
    Conflict(String),
    /// The browser can't reach the server.
    Offline,
    /// The server did not understand the page, or the page the server: usually a page that is older than the server.
    Protocol(String),
}

impl Failure {
    /// What failed, as a headline.
    pub fn headline(&self) -> String {
        match self {
            Self::Unavailable => "The database can't be reached".to_owned(),
            Self::Busy(_) => "Pointsman is busy".to_owned(),
            Self::Internal(_) => "Internal error".to_owned(),
            Self::Field(error) => format!("The {} is not valid", error.field),
            Self::SignIn => "You are not signed in".to_owned(),
            Self::Forbidden(_) => "You are not allowed to do this".to_owned(),
            Self::Missing(_) => "Not found".to_owned(),
            Self::Conflict(_) => "This can't be done".to_owned(),
            Self::Offline => "Pointsman can't be reached".to_owned(),
            Self::Protocol(_) => "This page does not match the server".to_owned(),
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> String {
        match self {
            Self::Unavailable => {
                "Acknowledged telemetry is safe. Senders are asked to retry until the database is back, and this \
                page retries by itself."
                    .to_owned()
            }
            Self::Busy(seconds) => {
                format!("Too many requests at once, or too many from you. Try again in {seconds} s.")
            }
            Self::Internal(id) => {
                format!("The server log has the cause under the id {id}. Try again; report it if it persists.")
            }
            Self::Field(error) => format!("{}.", error.message),
            Self::SignIn => "Sign in to continue.".to_owned(),
            Self::Forbidden(sentence) | Self::Missing(sentence) | Self::Conflict(sentence) => sentence.clone(),
            Self::Offline => {
                "Check that the server is running and that this browser is online. The page retries by itself."
                    .to_owned()
            }
            Self::Protocol(detail) => format!("Reload the page. ({detail})"),
        }
    }

    /// All of it in a sentence or two, to stand beside the form that was refused.
    pub fn sentence(&self) -> String {
        match self {
            Self::Field(error) => {
                let field = error.field.replace('_', " ");
                format!("{} {}.", format::begun(&field), error.message.trim_end_matches('.'))
            }
            Self::Forbidden(sentence) | Self::Missing(sentence) | Self::Conflict(sentence) => sentence.clone(),
            other => format!("{}. {}", other.headline(), other.advice()),
        }
    }

    /// Whether trying again can help.
    pub fn retryable(&self) -> bool {
        matches!(
            self,
            Self::Unavailable | Self::Busy(_) | Self::Internal(_) | Self::Offline | Self::Protocol(_)
        )
    }

    /// After how many seconds programs may try again, where that helps.
    #[cfg(feature = "ssr")]
    pub fn again_seconds(&self) -> Option<u32> {
        match self {
            Self::Busy(seconds) => Some(*seconds),
            Self::Unavailable => Some(2),
            _ => None,
        }
    }

    /// The HTTP status that programs go by.
    #[cfg(feature = "ssr")]
    pub fn status(&self) -> http::StatusCode {
        use http::StatusCode;
        match self {
            Self::Unavailable | Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Field(_) => StatusCode::BAD_REQUEST,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Missing(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Internal(_) | Self::Offline | Self::Protocol(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Offline,
            other => {
                // A form that can't be read, or fields that are missing: not a failure of the server.
                #[cfg(feature = "ssr")]
                if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
                    response.set_status(http::StatusCode::BAD_REQUEST);
                }
                Self::Protocol(other.to_string())
            }
        }
    }
}

impl From<FieldError> for Failure {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

impl From<pointsman_domain::time::RangeError> for Failure {
    fn from(error: pointsman_domain::time::RangeError) -> Self {
        Self::Field(FieldError {
            field: "time range".to_owned(),
            message: error.to_string(),
        })
    }
}

#[cfg(feature = "ssr")]
impl From<pointsman_control::Problem> for Failure {
    fn from(problem: pointsman_control::Problem) -> Self {
        use pointsman_control::{Problem, access::Denial};
        match problem {
            Problem::Unavailable => Self::Unavailable,
            Problem::Busy { seconds } => Self::Busy(seconds),
            Problem::Denied(Denial::SignIn) => Self::SignIn,
            Problem::Denied(Denial::Forbidden(sentence)) => Self::Forbidden(sentence),
            Problem::Field(error) => Self::Field(error),
            Problem::Missing(sentence) => Self::Missing(sentence),
            Problem::Conflict(sentence) => Self::Conflict(sentence),
            Problem::Internal { id } => Self::Internal(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_says_which_field_and_why() {
        let failure = Failure::Field(FieldError {
            field: "display_name".to_owned(),
            message: "takes 1 to 100 characters".to_owned(),
        });
        assert_eq!(failure.sentence(), "Display name takes 1 to 100 characters.");
        assert_eq!(
            Failure::SignIn.sentence(),
            "You are not signed in. Sign in to continue."
        );
    }

    #[test]
    fn busy_is_told_from_away_and_both_can_be_tried_again() {
        let busy = Failure::Busy(5);
        assert_eq!(busy.headline(), "Pointsman is busy");
        assert!(busy.advice().contains("Try again in 5 s"));
        assert_ne!(busy.headline(), Failure::Unavailable.headline());
        assert!(busy.retryable() && Failure::Unavailable.retryable());
    }
}
