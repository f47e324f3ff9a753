//! What a table has of one service.

use std::collections::BTreeMap;

use super::Published;
use crate::{Environment, Node, NodeId};

/// The nodes and strategies of one service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    nodes: BTreeMap<Environment, BTreeMap<NodeId, Node>>,
    strategies: BTreeMap<Environment, Published>,
}

impl Service {
    /// All nodes, by environment and id.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values().flat_map(BTreeMap::values)
    }

    /// The nodes in an environment, by id.
    pub fn nodes_in(&self, environment: &Environment) -> impl Iterator<Item = &Node> {
        self.nodes.get(environment).into_iter().flat_map(BTreeMap::values)
    }

    /// A node.
    pub fn node(&self, environment: &Environment, id: &NodeId) -> Option<&Node> {
        self.nodes.get(environment)?.get(id)
    }

    /// All strategies, by environment.
    pub fn strategies(&self) -> impl Iterator<Item = &Published> {
        self.strategies.values()
    }

    /// The strategy in an environment.
    pub fn strategy(&self, environment: &Environment) -> Option<&Published> {
        self.strategies.get(environment)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.strategies.is_empty()
    }

    pub(super) fn put_node(&mut self, node: Node) -> Option<Node> {
        let there = self.nodes.entry(node.environment.clone()).or_default();
        there.insert(node.id.clone(), node)
    }

    pub(super) fn remove_node(&mut self, environment: &Environment, id: &NodeId) -> Option<Node> {
        let there = self.nodes.get_mut(environment)?;
        let removed = there.remove(id);
        if there.is_empty() {
            self.nodes.remove(environment);
        }
        removed
    }

    pub(super) fn put_strategy(&mut self, mut published: Published) -> Option<Published> {
        let earlier = self.strategies.remove(published.environment());
        if let Some(earlier) = &earlier {
            published.keep_in_force(earlier);
        }
        self.strategies.insert(published.environment().clone(), published);
        earlier
    }

    pub(super) fn remove_strategy(&mut self, environment: &Environment) -> Option<Published> {
        self.strategies.remove(environment)
    }
}
