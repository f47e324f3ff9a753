//! When a request is tried again.

use serde::{Deserialize, Serialize};

/// When a request is tried again, on another node where there is one. How many retries may be in flight stands with the version:
/// [`CircuitBreakers`](super::CircuitBreakers).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Retry {
    /// How often after the first try: 1 to 10.
    #[serde(default = "num_retries")]
    pub num_retries: u32,
    /// After which failures; at least one, none twice.
    pub retry_on: Vec<RetryOn>,
    /// The statuses of `retriable-status-codes`, 400 to 599, at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retriable_status_codes: Vec<u16>,
    /// How long one try may take, in milliseconds: 1 to the timeout. Without it, what is left of the timeout.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_try_timeout_ms: Option<u32>,
    /// How long is waited between tries.
    #[serde(default)]
    pub retry_back_off: BackOff,
}

fn num_retries() -> u32 {
    1
}

/// After which failures. The names are Envoy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RetryOn {
    /// Any 5xx, or no answer at all.
    #[serde(rename = "5xx")]
    ServerError,
    /// 502, 503 or 504.
    GatewayError,
    /// The connection broke before an answer.
    Reset,
    /// No connection was made.
    ConnectFailure,
    /// The node refused the stream: it has not begun with the request.
    RefusedStream,
    /// 409.
    #[serde(rename = "retriable-4xx")]
    Retriable4xx,
    /// One of `retriable_status_codes`.
    RetriableStatusCodes,
    /// gRPC: CANCELLED.
    Cancelled,
    /// gRPC: DEADLINE_EXCEEDED.
    DeadlineExceeded,
    /// gRPC: INTERNAL.
    Internal,
    /// gRPC: RESOURCE_EXHAUSTED.
    ResourceExhausted,
    /// gRPC: UNAVAILABLE.
    Unavailable,
}

impl RetryOn {
    /// Whether it is a gRPC status, which proxyless gRPC knows (A44); it knows none of the others.
    pub fn is_grpc(self) -> bool {
        matches!(
            self,
            Self::Cancelled | Self::DeadlineExceeded | Self::Internal | Self::ResourceExhausted | Self::Unavailable
        )
    }
}

/// How long is waited before try n: drawn evenly from 0 to `base_interval_ms * (2^n - 1)`, at most `max_interval_ms`. What `Retry-After` or
/// `grpc-retry-pushback-ms` of the answer asks for goes before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BackOff {
    /// In milliseconds: 1 to 60,000; 25.
    pub base_interval_ms: u32,
    /// In milliseconds, not less than the base: up to 60,000; 250.
    pub max_interval_ms: u32,
}

impl Default for BackOff {
    fn default() -> Self {
        Self {
            base_interval_ms: 25,
            max_interval_ms: 250,
        }
    }
}
