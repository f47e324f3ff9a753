//! Why nothing of a request was stored.

use crate::gate::Denied;
use crate::metrics::RequestOutcome;
use crate::sink::SinkError;

/// Why nothing of a request was stored. The text is for the person who runs the sender.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// The sender may not, or nobody can tell now whether it may.
    #[error(transparent)]
    Denied(Denied),
    /// The bytes are not what they say they are. Sending them again is of no use.
    #[error("{0}")]
    Malformed(String),
    /// A content type or compression that is not spoken here.
    #[error("{0}")]
    Unsupported(String),
    /// The body or what it inflates to is over a cap.
    #[error("{0}")]
    TooLarge(String),
    /// The body did not arrive in time. It may the next time: what was slow is the way, or the sender's machine.
    #[error("the request's body did not arrive within {0} s; nothing was stored, send it again")]
    TooSlow(u64),
    /// Nothing can be stored now.
    #[error("{}", SinkError::Unavailable)]
    Unavailable,
    /// Too much is under way.
    #[error("{}", SinkError::Overloaded)]
    Overloaded,
    /// The store takes nothing more for now.
    #[error("{0}; nothing was stored, send it again later")]
    Full(&'static str),
    /// A fault of ours; it is in the log.
    #[error("the receiver failed; its log says more")]
    Internal,
}

impl Refusal {
    /// The outcome that metrics count it under.
    pub(super) fn outcome(&self) -> RequestOutcome {
        match self {
            Self::Denied(Denied::Unauthenticated(_) | Denied::Forbidden(_)) => RequestOutcome::Denied,
            Self::Malformed(_) | Self::Unsupported(_) => RequestOutcome::Invalid,
            Self::TooLarge(_) => RequestOutcome::TooLarge,
            Self::Denied(Denied::Unavailable)
            | Self::TooSlow(_)
            | Self::Unavailable
            | Self::Overloaded
            | Self::Full(_)
            | Self::Internal => RequestOutcome::Refused,
        }
    }

    /// Whether the sender shall send the same again.
    pub(super) fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::TooSlow(_) | Self::Unavailable | Self::Overloaded | Self::Full(_) | Self::Denied(Denied::Unavailable)
        )
    }

    /// Over the cap for what comes over the wire.
    pub(super) fn over_body_cap(cap: usize) -> Self {
        Self::TooLarge(format!(
            "the body is larger than {cap} bytes, the most that is taken; send smaller batches"
        ))
    }

    /// Over what all requests together may take in memory, so that it never fits.
    pub(super) fn over_memory(weight: usize, budget: usize) -> Self {
        Self::TooLarge(format!(
            "the request would take about {weight} bytes of memory once decoded, and {budget} are there for all; send smaller batches"
        ))
    }

    /// Over the cap for what it is decompressed.
    pub(super) fn over_decompressed_cap(cap: usize) -> Self {
        Self::TooLarge(format!(
            "the body is larger than {cap} bytes once decompressed, the most that is taken; send smaller batches"
        ))
    }
}

impl From<SinkError> for Refusal {
    fn from(error: SinkError) -> Self {
        match error {
            SinkError::Unavailable => Self::Unavailable,
            SinkError::Overloaded => Self::Overloaded,
            SinkError::Full(reason) => Self::Full(reason),
        }
    }
}
