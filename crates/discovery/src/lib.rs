//! Discovery and routing: the words and the rules that Pointsman's registry, its clients, its xDS server and its console share.
//!
//! ```text
//! node --register, heartbeat--> [ registry ] --snapshot, delta--> client: Table
//!          frame                   Table                             |
//!                                    ^                               v
//! admin --> Draft --> Strategy --check, publish            route(strategy, request, draw) -> Decision
//!                                                          resolve(table, service, requirement, environments) -> nodes
//! ```
//!
//! - [`node`]: a process that serves a service, as it registers; [`version`]: which versions answer to `2.1`.
//! - [`frame`]: the messages of the WebSocket `/registry/v1`.
//! - [`strategy`]: how a service's requests are routed, in Envoy's words; [`check`](mod@check): what stands against publishing one.
//! - [`route`](mod@route): which rule and version a request meets; [`resolve`](mod@resolve): which nodes may serve it.
//! - [`table`]: all nodes and strategies at a revision, and the difference of two.
//!
//! Invariant: pure. No I/O, no clock, no randomness (both are arguments), no async, and nothing of ours is imported: who embeds the client
//! gets this crate and no other.

pub mod capability;
pub mod check;
pub mod frame;
pub mod invalid;
pub mod name;
pub mod node;
pub mod percent;
pub mod request;
pub mod resolve;
pub mod route;
pub mod strategy;
pub mod table;
pub mod version;

pub use capability::{Capabilities, Capability};
pub use check::{Context, Finding, check};
pub use invalid::Invalid;
pub use name::{Environment, Environments, HeaderName, NodeId, ServiceName, Zone};
pub use node::{Node, NodeForm};
pub use percent::Percent;
pub use request::Request;
pub use resolve::resolve;
pub use route::{Decision, route};
pub use strategy::{Draft, Strategy};
pub use table::{Delta, Revision, Table};
pub use version::{Requirement, Version};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
