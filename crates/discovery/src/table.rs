//! The routing table: all nodes and strategies as of a revision, and the difference between two revisions.
//!
//! ```text
//! server: old --diff(old, new)--> Delta { from, to, changes } --> client: table.apply(&delta) --> the same as new
//!                                                                 from is not the table's revision: a gap; ask for a snapshot
//! ```
//!
//! Invariants: `old.apply(diff(old, new))` is `new`; a table's revision never goes back. A copy of a table is cheap: services are shared until
//! they are changed.

mod apply;
mod delta;
mod diff;
mod form;
mod published;
mod revision;
mod service;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use apply::ApplyError;
pub use delta::{Change, Delta};
pub use diff::diff;
pub use form::{MAX_NODES, MAX_STRATEGIES, TableForm};
pub use published::{Published, Unreadable};
pub use revision::{Backwards, Revision};
pub use service::Service;

use crate::node::NodeKey;
use crate::{Environment, Node, ServiceName};

/// All nodes and strategies as of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    revision: Revision,
    services: BTreeMap<ServiceName, Arc<Service>>,
}

impl Table {
    /// As of when it is.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// As of when it is from now on. Errors: that was earlier.
    pub fn set_revision(&mut self, revision: Revision) -> Result<(), Backwards> {
        if revision < self.revision {
            return Err(Backwards {
                have: self.revision,
                offered: revision,
            });
        }
        self.revision = revision;
        Ok(())
    }

    /// The services, by name: those that have a node or a strategy.
    pub fn services(&self) -> impl Iterator<Item = (&ServiceName, &Service)> {
        self.services.iter().map(|(name, service)| (name, &**service))
    }

    /// A service, by name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.get(name).map(|service| &**service)
    }

    /// All nodes, by service, environment and id.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.services.values().flat_map(|service| service.nodes())
    }

    /// All strategies, by service and environment.
    pub fn strategies(&self) -> impl Iterator<Item = &Published> {
        self.services.values().flat_map(|service| service.strategies())
    }

    /// A node.
    pub fn node(&self, key: &NodeKey) -> Option<&Node> {
        self.service(key.service.as_str())?.node(&key.environment, &key.node)
    }

    /// The strategy of a service in an environment.
    pub fn strategy(&self, service: &str, environment: &Environment) -> Option<&Published> {
        self.service(service)?.strategy(environment)
    }

    /// Puts a node in, instead of the one of that id, which is given back. Others that it [replaces](Node::replaces) are the caller's to remove.
    pub fn put_node(&mut self, node: Node) -> Option<Node> {
        self.change(&node.service.clone(), |service| service.put_node(node))
    }

    /// Takes a node out, and gives it back.
    pub fn remove_node(&mut self, key: &NodeKey) -> Option<Node> {
        self.node(key)?;
        self.change(&key.service, |service| service.remove_node(&key.environment, &key.node))
    }

    /// Puts a strategy in, instead of the one of that service and environment, which is given back.
    pub fn put_strategy(&mut self, published: Published) -> Option<Published> {
        self.change(&published.service().clone(), |service| service.put_strategy(published))
    }

    /// Takes a strategy out, and gives it back.
    pub fn remove_strategy(&mut self, service: &ServiceName, environment: &Environment) -> Option<Published> {
        self.strategy(service.as_str(), environment)?;
        self.change(service, |service| service.remove_strategy(environment))
    }

    /// The nodes that can't be alive beside this one, but for the one of its own id: see [`Node::replaces`].
    pub fn replaced_by(&self, node: &Node) -> Vec<NodeKey> {
        let nodes = self.service(node.service.as_str()).into_iter().flat_map(Service::nodes);
        let others = nodes.filter(|other| other.id != node.id && node.replaces(other));
        others.map(Node::key).collect()
    }

    /// The part of it that is of these services, at the same revision: what a client sees that subscribes to them.
    #[must_use]
    pub fn of_services(&self, wanted: &[ServiceName]) -> Self {
        let services = self.services.iter().filter(|(name, _)| wanted.contains(name));
        Self {
            revision: self.revision,
            services: services
                .map(|(name, service)| (name.clone(), service.clone()))
                .collect(),
        }
    }

    /// Changes a service, which is made where it is missing and left out where nothing is left of it.
    fn change<T>(&mut self, name: &ServiceName, change: impl FnOnce(&mut Service) -> T) -> T {
        let service = Arc::make_mut(self.services.entry(name.clone()).or_default());
        let changed = change(service);
        if service.is_empty() {
            self.services.remove(name);
        }
        changed
    }
}

#[cfg(test)]
mod tests;
