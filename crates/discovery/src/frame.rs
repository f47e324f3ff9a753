//! The messages of the WebSocket `/registry/v1`: one JSON text a message, `{"type": "...", ...}`.
//!
//! ```text
//! client                                   server
//!   hello (protocol, capabilities)   -->
//!                                    <--   welcome (limits, heartbeat) | problem | retry
//!   register (node)                  -->
//!                                    <--   registered
//!   heartbeat, health, node_error, log -->
//!   subscribe (table | services)     -->
//!                                    <--   snapshot, then delta, delta, ...
//!   ack (revision, refused)          -->
//!   deregister                       -->
//!                                    <--   deregistered
//! ```
//!
//! Within a version of the protocol, peers of different ages understand each other: fields may be added and frames may be added, and who does not know them passes
//! them over. What a field means, what it may be, and that it is there does not change; for that there would be `/registry/v2`. A strategy is the
//! exception: see [`Published`](crate::table::Published). In words, with an example of each frame: `docs/registry-protocol.md`.

mod client;
mod limits;
mod report;
mod server;
mod timing;

pub use client::{ClientFrame, Hello, Refusal, Subscription};
pub use limits::{FrameError, Limits, MAX_CLIENT_FRAME, MAX_REFUSALS, MAX_SERVER_FRAME, MAX_SUBSCRIBED};
pub use report::{Breaker, Level, LogMessage, LogRecord, NodeError};
pub use server::{Gone, Problem, ProblemCode, ServerFrame, State, Welcome};
pub use timing::{RetryAdvice, jittered};

/// The version of the protocol that stands here.
pub const PROTOCOL: u32 = 1;

/// What both sides say: the root of the JSON Schema.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(title = "Pointsman registry protocol, version 1", untagged)]
#[allow(dead_code, reason = "only its schema is asked for")]
enum Message {
    Client(Box<ClientFrame>),
    Server(Box<ServerFrame>),
}

/// The JSON Schema of all frames, and in it of nodes, strategies and tables.
#[cfg(feature = "schema")]
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Message)
}

#[cfg(test)]
mod tests;
