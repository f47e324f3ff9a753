//! Why a notice did not arrive, and whose fault that is.

/// Why a notice did not arrive, without any secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SendFailure {
    /// The receiver was not reached, or takes nothing now: what else waits for the channel would fare no better.
    Channel(String),
    /// The receiver answered that it does not take this one.
    Notice(String),
    /// It can never be sent.
    Never(String),
}

impl SendFailure {
    /// In words.
    pub(super) fn why(&self) -> &str {
        match self {
            Self::Channel(why) | Self::Notice(why) | Self::Never(why) => why,
        }
    }
}
