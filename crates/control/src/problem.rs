//! Why a use case could not answer. What a reader is told never holds internals: those are logged, once, under an id.

use pointsman_store::StoreError;
use serde::{Deserialize, Serialize};

/// Why a use case could not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    /// The database can't be reached.
    #[error("The database can't be reached. Nothing that was acknowledged is lost; try again in a moment.")]
    Unavailable,
    /// Something is wrong with Pointsman or what it has stored.
    #[error("Pointsman could not answer. Its log says why under the id {id}.")]
    Internal {
        /// What to look for in the log.
        id: String,
    },
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Unavailable { .. }) {
            return Self::Unavailable;
        }
        let id = format!("{:012x}", rand::random::<u64>() >> 16);
        tracing::error!(problem.id = %id, error = %error, "a use case failed");
        Self::Internal { id }
    }
}
