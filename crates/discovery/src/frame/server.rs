//! What the server sends.

use serde::{Deserialize, Serialize};

use super::limits::read;
use super::{FrameError, Limits, MAX_SERVER_FRAME, RetryAdvice};
use crate::name::Line;
use crate::node::{NodeKey, Ttl};
use crate::{Delta, Percent, Table};

/// What the server sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ServerFrame {
    /// The answer to `hello`.
    Welcome(Welcome),
    /// The answer to `register`: the node is in the table.
    Registered {
        /// Which.
        node: NodeKey,
        /// How long it counts as alive after a heartbeat, which may be more than was asked for.
        #[serde(rename = "ttl_ms")]
        ttl: Ttl,
        /// How often a heartbeat is expected, in milliseconds, before jitter.
        heartbeat_ms: u32,
        /// Nodes that are out of the table because of it: they had its address.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        replaced: Vec<NodeKey>,
    },
    /// A node of this connection is out of the table.
    Deregistered {
        /// Which.
        node: NodeKey,
        /// Why.
        why: Gone,
        /// More about it, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Line>,
    },
    /// What an operator has set for a node of this connection. It holds whatever the node says of itself, also after a restart.
    Drained {
        /// Which.
        node: NodeKey,
        /// Whether it gets no new requests.
        drain: bool,
        /// Its weight, 0 to 10,000; none is its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        weight: Option<u32>,
    },
    /// All that the connection has subscribed to. Answered by `ack`.
    Snapshot {
        /// As of its revision.
        table: Table,
    },
    /// What has changed in what the connection has subscribed to. Answered by `ack`, or, where `from` is not the client's revision, by `subscribe`.
    Delta(Delta),
    /// How the server is, when that changes.
    State(State),
    /// The connection will be closed, or is not taken: come back later.
    Retry(RetryAdvice),
    /// A frame was not taken.
    Problem(Problem),
    /// A frame that is not known here, of a newer server: pass it over.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

/// The answer to `hello`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Welcome {
    /// The version of the protocol that is spoken: 1.
    pub protocol: u32,
    /// The program, such as `pointsman/0.1.0`.
    pub server: Line,
    /// The connection's name, for people who look for it on both sides.
    pub connection: Line,
    /// What is allowed.
    pub limits: Limits,
    /// How often a connection without nodes sends a `heartbeat`, in milliseconds, before jitter.
    pub heartbeat_ms: u32,
    /// By how much each interval is lengthened or shortened at random.
    pub jitter: Percent,
    /// How the server is.
    pub state: State,
}

/// How the server is. With all of it `false`, well.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct State {
    /// It serves from memory: its database is away.
    pub degraded: bool,
    /// It takes no node out, as too many have vanished at once, or as it has just started.
    pub self_preservation: bool,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

/// Why a node is out of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Gone {
    /// It has stopped, and said so.
    Stopped,
    /// Its heartbeats were missing.
    Expired,
    /// Another one has come with its id or address.
    Replaced,
    /// An admin has removed it.
    Removed,
    /// Something that a newer server tells of.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other,
}

/// Why a frame was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// Why, for programs.
    pub code: ProblemCode,
    /// Why, and what to do, for people.
    pub message: Line,
    /// Whether the connection is closed.
    #[serde(default)]
    pub fatal: bool,
    /// The `type` of the frame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<Line>,
    /// The node that it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeKey>,
}

/// Why a frame was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ProblemCode {
    /// The protocol's version is not spoken here.
    UnsupportedProtocol,
    /// The first frame was no `hello`, or a second one was.
    OutOfOrder,
    /// It is no frame: not JSON, or a part is missing or wrong.
    InvalidFrame,
    /// It is longer than the limit.
    TooLong,
    /// More nodes, services or frames than the limits.
    TooMany,
    /// The token does not allow it.
    Forbidden,
    /// No such node is registered over this connection: register it.
    NotRegistered,
    /// The server has failed.
    Internal,
    /// Something that a newer server tells of.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Other,
}

impl ServerFrame {
    /// The frame that a message is. Errors: it is too long, or no frame.
    pub fn from_json(text: &str) -> Result<Self, FrameError> {
        read(text, MAX_SERVER_FRAME)
    }

    /// As a message.
    pub fn to_json(&self) -> String {
        // Maps of it have texts as keys, so there is nothing that JSON can't say.
        serde_json::to_string(self).unwrap_or_default()
    }
}
