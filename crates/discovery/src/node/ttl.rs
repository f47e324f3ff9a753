//! How long a node counts as alive after a heartbeat.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// How long a node counts as alive after a heartbeat: 1 second to 1 hour, in whole milliseconds, 30 seconds where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("minimum" = 1_000, "maximum" = 3_600_000)))]
pub struct Ttl(u32);

impl Ttl {
    /// The shortest, in milliseconds.
    pub const MIN_MS: u32 = 1_000;
    /// The longest, in milliseconds.
    pub const MAX_MS: u32 = 3_600_000;

    /// So many milliseconds. Errors: too few or too many.
    pub fn from_ms(ms: u32) -> Result<Self, Invalid> {
        if (Self::MIN_MS..=Self::MAX_MS).contains(&ms) {
            return Ok(Self(ms));
        }
        Err(Invalid::new(
            "ttl_ms",
            format!("is {ms}"),
            format!("Write {} to {} milliseconds", Self::MIN_MS, Self::MAX_MS),
        ))
    }

    /// In milliseconds.
    pub fn ms(self) -> u32 {
        self.0
    }

    /// As a duration.
    pub fn duration(self) -> Duration {
        Duration::from_millis(u64::from(self.0))
    }

    /// How often its heartbeat is expected: a third of it, so that two can be lost before it has passed.
    pub fn heartbeat(self) -> Duration {
        self.duration() / 3
    }
}

impl Default for Ttl {
    fn default() -> Self {
        Self(30_000)
    }
}

impl TryFrom<u32> for Ttl {
    type Error = Invalid;

    fn try_from(ms: u32) -> Result<Self, Invalid> {
        Self::from_ms(ms)
    }
}

impl From<Ttl> for u32 {
    fn from(ttl: Ttl) -> Self {
        ttl.0
    }
}
