//! What a client sends.

use serde::{Deserialize, Serialize};

use super::limits::read;
use super::{FrameError, LogRecord, MAX_CLIENT_FRAME, MAX_REFUSALS, MAX_SUBSCRIBED, NodeError};
use crate::name::Line;
use crate::node::{Health, NodeKey};
use crate::{Capabilities, Environment, Environments, Node, Revision, ServiceName};

/// What a client sends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ClientFrame {
    /// The first frame of a connection: who this is. Nothing else comes before `welcome`.
    Hello(Hello),
    /// A node is there. Sent again after each reconnection, and when something about the node has changed. Answered by `registered` or `problem`.
    Register {
        /// The node as it is.
        node: Node,
    },
    /// Nodes are alive.
    Heartbeat {
        /// Which; none is all that this connection has registered.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        nodes: Vec<NodeKey>,
    },
    /// How a node of this connection is, by its own word.
    Health {
        /// Which.
        node: NodeKey,
        /// How it is.
        health: Health,
    },
    /// How calls to a node went, seen by who called it.
    NodeError(NodeError),
    /// Something for the log.
    Log(LogRecord),
    /// A node of this connection stops, and gets no more requests from now on. Answered by `deregistered`.
    Deregister {
        /// Which.
        node: NodeKey,
        /// Why, for people.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Line>,
    },
    /// What this connection wants to follow, instead of what it has subscribed to before. Answered by `snapshot`, or by `delta` where `from` is recent.
    Subscribe {
        /// What.
        to: Subscription,
        /// The revision that the client has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Revision>,
    },
    /// The client routes by this revision of the table from now on.
    Ack {
        /// Which.
        revision: Revision,
        /// Strategies in it that the client can't read or honour; for those it goes on with what it had. At most 100.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        refused: Vec<Refusal>,
    },
    /// A frame that is not known here, of a newer client: pass it over.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

/// Who opens a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hello {
    /// The version of the protocol that it speaks: 1.
    pub protocol: u32,
    /// The program, such as `pointsman-client/0.1.0 (rust)`.
    pub client: Line,
    /// The service that calls others over this connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceName>,
    /// Where it looks for services: its own environment, then those that it falls back to.
    #[serde(default)]
    pub environments: Environments,
    /// What of a strategy it can honour.
    #[serde(default)]
    pub capabilities: Capabilities,
}

/// What a connection follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Subscription {
    /// The whole table.
    Table,
    /// These services, at most 1,000.
    Services(Vec<ServiceName>),
}

/// A strategy that a client does not follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refusal {
    /// Whose.
    pub service: ServiceName,
    /// Of which environment.
    #[serde(default)]
    pub environment: Environment,
    /// Its own revision.
    pub revision: Revision,
    /// Why.
    pub reason: Line,
}

impl ClientFrame {
    /// The frame that a message is. Errors: it is too long, or no frame.
    pub fn from_json(text: &str) -> Result<Self, FrameError> {
        let frame: Self = read(text, MAX_CLIENT_FRAME)?;
        let (field, len, most) = match &frame {
            Self::Subscribe {
                to: Subscription::Services(services),
                ..
            } => ("to.services", services.len(), MAX_SUBSCRIBED),
            Self::Ack { refused, .. } => ("refused", refused.len(), MAX_REFUSALS),
            _ => return Ok(frame),
        };
        if len > most {
            return Err(FrameError::TooMany { field, len, most });
        }
        Ok(frame)
    }

    /// As a message.
    pub fn to_json(&self) -> String {
        // Maps of it have texts as keys, so there is nothing that JSON can't say.
        serde_json::to_string(self).unwrap_or_default()
    }
}
