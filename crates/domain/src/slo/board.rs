//! What the console's pages show of objectives beyond what programs get: what the reader may do, and where a budget went.

use serde::{Deserialize, Serialize};

use super::{Alert, Channel, Count, Policy, Silence, SloDetail, SloSummary};
use crate::Text;
use crate::telemetry::UnixNanos;
use crate::time::TimeRange;

/// The page of all objectives.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SloList {
    /// The moment that the figures are of.
    pub at_ns: UnixNanos,
    /// The one with the least of its budget left first.
    pub slos: Vec<SloSummary>,
    /// Whether the reader may make objectives.
    pub may_promise: bool,
}

/// The page of one objective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SloView {
    /// The moment that the figures are of.
    pub at_ns: UnixNanos,
    /// The objective with all its figures.
    pub detail: SloDetail,
    /// What a spent budget does to changes of the objective's service.
    pub policy: Policy,
    /// Whether the reader may acknowledge its alerts.
    pub may_acknowledge: bool,
    /// Whether the reader may set the service's policy.
    pub may_set_policy: bool,
}

/// Where the bad events of an objective's window came from: the worst of each, by their bad events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spending {
    /// The time that it is of, in whole hours; excluded time is in it.
    pub range: TimeRange,
    /// All bad events in the range.
    pub bad: u64,
    /// All events in the range.
    pub total: u64,
    /// By operation; of calls there is none.
    pub operations: Vec<Spent>,
    /// By version.
    pub versions: Vec<Spent>,
    /// By node; of calls there is none.
    pub nodes: Vec<Spent>,
}

/// The bad events of one operation, version or node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// The operation, version or node.
    pub name: Text,
    /// How many of its events were bad.
    pub bad: u64,
    /// How many events it had.
    pub total: u64,
}

/// What was counted of an objective in a time range, piece by piece.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SloCourse {
    /// The beginning of the first piece.
    pub start_ns: UnixNanos,
    /// The length of each piece.
    pub step_ns: u64,
    /// What was counted in each: events, or slices.
    pub counts: Vec<Count>,
}

/// The page of alerts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AlertBoard {
    /// The moment that it is as of.
    pub at_ns: UnixNanos,
    /// Those that have not ended, pages before tickets, newest first; not with the older pages of the history.
    pub firing: Vec<Alert>,
    /// Those that have ended, newest first.
    pub past: Vec<Alert>,
    /// What to ask for to see older ones.
    pub next_before: Option<i64>,
    /// The silences that have not ended.
    pub silences: Vec<Silence>,
    /// Whether the reader may acknowledge alerts.
    pub may_acknowledge: bool,
    /// The services of these whose alerts the reader may silence.
    pub may_silence: Vec<Text>,
    /// Whether the reader may see and change channels.
    pub may_channels: bool,
}

/// The page of channels.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ChannelBoard {
    /// The moment that it is as of.
    pub at_ns: UnixNanos,
    /// All channels, without their secrets.
    pub channels: Vec<Channel>,
    /// The teams that a channel can be for.
    pub teams: Vec<Text>,
    /// The keys that the server has for their secrets, by their ids; without any, secrets lie in the database as they are.
    pub keys: Vec<Text>,
}
