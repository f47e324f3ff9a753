//! What stands against publishing a strategy: what depends on nodes, callers and clients, and rules that are never met.
//!
//! A draft that is wrong in itself is no [`Strategy`]; see [`Draft::check`](crate::Draft::check). Errors stand against publishing; warnings can be confirmed.

mod clients;
mod context;
mod shadow;
mod times;
mod versions;

use serde::{Deserialize, Serialize};

pub use clients::needed;
pub use context::{Client, Context, Presence};
pub use shadow::covers;

use crate::Strategy;

/// One thing that stands against a strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// How much.
    pub severity: Severity,
    /// What it is, for programs.
    pub code: Code,
    /// Which field, such as `rules[0].route.split[1].version`.
    pub path: String,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do, without a full stop.
    pub remedy: String,
}

/// How much stands against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Severity {
    /// It is not published.
    Error,
    /// It is published when somebody confirms it.
    Warning,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Code {
    /// No node runs the version.
    UnknownVersion,
    /// Nodes run the version, and none of them is usable.
    NoHealthyNode,
    /// Earlier rules take all of its requests.
    UnreachableRule,
    /// No request can meet all of its conditions.
    ImpossibleRule,
    /// A request and its copy go to the same version.
    MirrorToItself,
    /// All tries together take longer than the timeout.
    RetriesOverTimeout,
    /// A request may take longer than its caller waits.
    OverDeadline,
    /// A client that is connected can't honour it.
    NotHonoured,
    /// Nodes are chosen by a hash, and there is nothing to hash.
    NothingToHash,
}

/// Everything that stands against the strategy, errors first, then in the order of the fields.
pub fn check(strategy: &Strategy, context: &Context) -> Vec<Finding> {
    let mut found = Vec::new();
    versions::check(strategy, context, &mut found);
    shadow::check(strategy, &mut found);
    times::check(strategy, context, &mut found);
    clients::check(strategy, context, &mut found);
    found.sort_by_key(|finding| finding.severity);
    found
}

fn finding(severity: Severity, code: Code, path: &str, message: String, remedy: &str) -> Finding {
    Finding {
        severity,
        code,
        path: path.to_owned(),
        message,
        remedy: remedy.to_owned(),
    }
}

#[cfg(test)]
mod tests;
