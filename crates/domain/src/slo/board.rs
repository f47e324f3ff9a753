//! What the console's pages show of objectives beyond what programs get: what the reader may do, and where a budget went.

use serde::{Deserialize, Serialize};

use super::{Alert, Channel, Count, Policy, Silence, SloDetail, SloSummary};
use crate::Text;
use crate::telemetry::UnixNanos;
use crate::time::TimeRange;

/// The page of all objectives.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SloList {
    /// As of when.
    pub at_ns: UnixNanos,
    /// What is left of whose budget is least first.
    pub slos: Vec<SloSummary>,
    /// Promise something.
    pub may_promise: bool,
}

/// The page of one objective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SloView {
    /// As of when.
    pub at_ns: UnixNanos,
    /// The objective.
    pub detail: SloDetail,
    /// What a spent budget of the service does.
    pub policy: Policy,
    /// Acknowledge its alerts.
    pub may_acknowledge: bool,
    /// Say what a spent budget does.
    pub may_set_policy: bool,
}

/// Where the bad events of an objective's window came from: the worst of each, by their bad events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spending {
    /// Of which time, in whole hours; excluded time is in it.
    pub range: TimeRange,
    /// Bad events in it.
    pub bad: u64,
    /// All events in it.
    pub total: u64,
    /// By operation; of calls there is none.
    pub operations: Vec<Spent>,
    /// By version.
    pub versions: Vec<Spent>,
    /// By node; of calls there is none.
    pub nodes: Vec<Spent>,
}

/// What a part of a service had in a budget's spending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    /// Of which operation, version or node.
    pub name: Text,
    /// Its bad events.
    pub bad: u64,
    /// All its events.
    pub total: u64,
}

/// What was counted of an objective in a time range, piece by piece.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SloCourse {
    /// When the first piece begins.
    pub start_ns: UnixNanos,
    /// How long a piece is.
    pub step_ns: u64,
    /// What was counted in each: events, or slices.
    pub counts: Vec<Count>,
}

/// The page of alerts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AlertBoard {
    /// As of when.
    pub at_ns: UnixNanos,
    /// Those that have not ended, pages before tickets, newest first; not with the older pages of the history.
    pub firing: Vec<Alert>,
    /// Those that have ended, newest first.
    pub past: Vec<Alert>,
    /// What to ask for to see older ones.
    pub next_before: Option<i64>,
    /// Silences that hold.
    pub silences: Vec<Silence>,
    /// Acknowledge.
    pub may_acknowledge: bool,
    /// The services of these whose alerts the reader may silence.
    pub may_silence: Vec<Text>,
    /// See and change where alerts are sent.
    pub may_channels: bool,
}

/// The page of the places that alerts are sent to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ChannelBoard {
    /// As of when.
    pub at_ns: UnixNanos,
    /// All of them, without their secrets.
    pub channels: Vec<Channel>,
    /// The teams that a channel can be for.
    pub teams: Vec<Text>,
    /// The keys that the server has for their secrets, by their ids; without any, secrets lie in the database as they are.
    pub keys: Vec<Text>,
}
