//! How a node is, by its own word or by what the registry sees.

use serde::{Deserialize, Serialize};

use crate::name::Line;

/// How a node is, from well to not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Status {
    /// Well. Gets requests.
    #[default]
    Passing,
    /// Something is wrong, or a heartbeat is late. Still gets requests.
    Warning,
    /// Gets no requests.
    Critical,
}

/// How a node is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Health {
    /// How it is.
    pub status: Status,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

impl Health {
    /// Well.
    pub fn passing() -> Self {
        Self::default()
    }

    /// Something is wrong.
    pub fn warning(reason: Line) -> Self {
        Self {
            status: Status::Warning,
            reason: Some(reason),
        }
    }

    /// No requests.
    pub fn critical(reason: Line) -> Self {
        Self {
            status: Status::Critical,
            reason: Some(reason),
        }
    }
}
