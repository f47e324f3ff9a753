//! When a table is as of.

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// As of when a table is: one ascending sequence for a whole installation, 0 to 2^53 - 1, which every language reads from JSON unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("maximum" = 9_007_199_254_740_991_u64)))]
pub struct Revision(u64);

impl Revision {
    /// The last that there can be.
    pub const MAX: Self = Self((1 << 53) - 1);

    /// Errors: more than [`Self::MAX`].
    pub fn new(revision: u64) -> Result<Self, Invalid> {
        if revision <= Self::MAX.0 {
            return Ok(Self(revision));
        }
        Err(Invalid::new(
            "",
            format!("{revision} is no revision"),
            "Write 0 to 2^53 - 1",
        ))
    }

    /// As a number.
    pub fn get(self) -> u64 {
        self.0
    }

    /// The one after it; the last is its own.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1).min(Self::MAX)
    }
}

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<u64> for Revision {
    type Error = Invalid;

    fn try_from(revision: u64) -> Result<Self, Invalid> {
        Self::new(revision)
    }
}

impl From<Revision> for u64 {
    fn from(revision: Revision) -> Self {
        revision.0
    }
}

/// That a table would go back in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the table is at revision {have} and can't go back to {offered}")]
pub struct Backwards {
    /// Where the table is.
    pub have: Revision,
    /// Where it should have gone.
    pub offered: Revision,
}
