//! What a client reports: how calls went, and log records.

use serde::{Deserialize, Serialize};

use crate::Invalid;
use crate::name::{Line, text_type};
use crate::node::{Labels, NodeKey};

text_type!(
    /// What is to be told: 1 to 4,096 bytes, without control characters other than line feeds and tabs.
    LogMessage,
    "What is to be told; may have several lines",
    max 4096,
    pattern "^[^\\u0000-\\u0008\\u000b-\\u001f]*$",
    log_message
);

fn log_message(text: &str) -> Result<(), Invalid> {
    let plain = !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t');
    if (1..=4_096).contains(&text.len()) && plain {
        return Ok(());
    }
    Err(crate::name::refused(text, "Write plain text of 1 to 4096 bytes"))
}

/// How calls to a node went since the last report, seen by who called it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NodeError {
    /// The node that was called.
    pub node: NodeKey,
    /// How many requests were sent to it.
    pub requests: u32,
    /// How many of them failed.
    pub errors: u32,
    /// What the last error was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Line>,
    /// How its circuit breaker stands here.
    #[serde(default)]
    pub breaker: Breaker,
    /// Whether outlier detection leaves it out here.
    #[serde(default)]
    pub ejected: bool,
}

/// How a circuit breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Breaker {
    /// Requests are let through.
    #[default]
    Closed,
    /// None is.
    Open,
    /// A few are, to see.
    HalfOpen,
}

/// Something for the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogRecord {
    /// The node that tells it; none where the client is no node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeKey>,
    /// How severe.
    pub level: Level,
    /// What.
    pub message: LogMessage,
    /// When, in milliseconds since the Unix epoch by the client's clock; none is when it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_ms: Option<u64>,
    /// What else is to be known.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// How many records before it the client has dropped, as its buffer was full.
    #[serde(default)]
    pub dropped: u64,
}

/// How severe a log record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Level {
    /// The finest.
    Trace,
    /// For who looks for a mistake.
    Debug,
    /// As it should be.
    Info,
    /// Not as it should be, and goes on.
    Warn,
    /// Failed.
    Error,
}
