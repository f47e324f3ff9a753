//! Why a use case could not answer. What a reader is told never holds internals: those are logged, once, under an id.

use pointsman_domain::kit::field::FieldError;
use pointsman_store::{Conflict, StoreError};
use serde::{Deserialize, Serialize};

use crate::access::Denial;

/// Why a use case could not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "problem", content = "of", rename_all = "snake_case")]
pub enum Problem {
    /// The database can't be reached.
    #[error("The database can't be reached. Nothing that was acknowledged is lost; try again in a moment.")]
    Unavailable,
    /// Too many read at once.
    #[error("Pointsman is busy: too many reads at once. Try again in {seconds} s.")]
    Busy {
        /// After how many seconds.
        seconds: u32,
    },
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// A mistake in what was given.
    #[error("{}: {}", .0.field, .0.message)]
    Field(FieldError),
    /// There is no such thing, or no longer. A sentence.
    #[error("{0}")]
    Missing(String),
    /// It can't be done as things stand. A sentence.
    #[error("{0}")]
    Conflict(String),
    /// Something is wrong with Pointsman or what it has stored.
    #[error("Internal error. The server's log has the cause under the id {id}.")]
    Internal {
        /// What to look for in the log.
        id: String,
    },
}

impl From<FieldError> for Problem {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let taken = |message: &str| {
            Self::Field(FieldError {
                field: "name".to_owned(),
                message: message.to_owned(),
            })
        };
        match error {
            StoreError::Unavailable { .. } => Self::Unavailable,
            StoreError::TooLong(_) => Self::Field(FieldError {
                field: "range".to_owned(),
                message: "holds too much to be searched in 20 s; narrow it, or ask for something rarer".to_owned(),
            }),
            StoreError::TooMuch(what) => Self::Field(FieldError {
                field: "range".to_owned(),
                message: format!("holds more than {what}; choose a shorter range, or one service"),
            }),
            StoreError::Conflict(Conflict::AccountName) => taken("is taken by another account"),
            StoreError::Conflict(Conflict::TeamName) => taken("is taken by another team"),
            StoreError::Conflict(Conflict::ObjectiveName) => taken("is taken by another objective"),
            StoreError::Conflict(Conflict::ChannelName) => taken("is taken by another channel"),
            StoreError::Conflict(Conflict::ContractName) => taken("is taken by another contract"),
            StoreError::Conflict(Conflict::ContractRecords) => Self::Conflict(
                "This SLA has closed periods, so it can't be deleted: give it a last day instead.".to_owned(),
            ),
            StoreError::Conflict(Conflict::Schedule) => {
                Self::Conflict("This channel gets these reports already.".to_owned())
            }
            StoreError::Conflict(Conflict::NoTeam) => Self::Missing("There is no such team.".to_owned()),
            StoreError::Conflict(Conflict::NoAccount) => Self::Missing("There is no such account.".to_owned()),
            error if error.is_of_nul() => Self::Field(FieldError {
                field: "text".to_owned(),
                message: "can't hold a NUL character".to_owned(),
            }),
            error => Self::internal(&error),
        }
    }
}

impl Problem {
    /// Logs what is wrong, and answers where to look for it.
    pub(crate) fn internal(error: &dyn std::fmt::Display) -> Self {
        let id = format!("{:012x}", rand::random::<u64>() >> 16);
        tracing::error!(problem.id = %id, error = %error, "a use case failed");
        Self::Internal { id }
    }
}
