//! How long people stay signed in.

use std::time::Duration;

/// How long people stay signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeopleSettings {
    /// A session that is not used for so long has ended.
    pub session_idle: Duration,
    /// A session ends after so long, used or not.
    pub session_max: Duration,
}

impl Default for PeopleSettings {
    /// 12 h without use, 30 days at most.
    fn default() -> Self {
        Self {
            session_idle: Duration::from_secs(12 * 3600),
            session_max: Duration::from_secs(30 * 86_400),
        }
    }
}
