//! What a strategy is checked against.

use std::collections::BTreeMap;

use crate::{Capabilities, Environment, ServiceName, Table, Version};

/// What a strategy is checked against: the nodes of its service and environment, how long callers wait, what clients can honour.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// The versions that nodes run.
    pub versions: BTreeMap<Version, Presence>,
    /// How long callers wait for an answer, in milliseconds.
    pub deadlines_ms: BTreeMap<ServiceName, u32>,
    /// The clients that are connected and route to the service.
    pub clients: Vec<Client>,
}

/// How many nodes run a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Presence {
    /// All.
    pub nodes: usize,
    /// Those that get requests.
    pub usable: usize,
}

/// A client that is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// What people call it.
    pub name: String,
    /// What it can honour.
    pub capabilities: Capabilities,
}

impl Context {
    /// The nodes of a service in an environment, and nothing of callers and clients.
    pub fn of(table: &Table, service: &ServiceName, environment: &Environment) -> Self {
        let mut context = Self::default();
        let nodes = table
            .service(service.as_str())
            .into_iter()
            .flat_map(|service| service.nodes_in(environment));
        for node in nodes {
            let presence = context.versions.entry(node.version.clone()).or_default();
            presence.nodes += 1;
            presence.usable += usize::from(node.is_usable());
        }
        context
    }

    /// How many nodes run a version; `None` is all versions.
    pub(super) fn presence(&self, version: Option<&Version>) -> Presence {
        match version {
            Some(version) => self.versions.get(version).copied().unwrap_or_default(),
            None => self.versions.values().fold(Presence::default(), |sum, one| Presence {
                nodes: sum.nodes + one.nodes,
                usable: sum.usable + one.usable,
            }),
        }
    }

    /// The versions that nodes run, for people.
    pub(super) fn known(&self) -> String {
        let newest: Vec<String> = self.versions.keys().rev().take(5).map(ToString::to_string).collect();
        if newest.is_empty() {
            "none".to_owned()
        } else {
            newest.join(", ")
        }
    }
}
