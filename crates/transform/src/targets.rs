//! A bound on the nodes that a service makes by naming them: hosts, databases and queues. A service that calls a host of each of its
//! customers would otherwise make a node of each.

use std::collections::{HashMap, HashSet};
use std::sync::{PoisonError, RwLock};

use pointsman_domain::Text;
use pointsman_domain::rollup::{Delta, EdgeKey, Endpoint, NodeKind};

/// How many nodes of a kind that is no service are counted apart for one service.
pub const MAX_TARGETS: usize = 200;

/// How many services have their targets remembered.
const MAX_SERVICES: usize = 10_000;

/// The hosts, databases and queues that each service names, the first [`MAX_TARGETS`] of each kind. One is for all workers of a process.
#[derive(Debug, Default)]
pub struct TargetBound(RwLock<HashMap<(Text, NodeKind), HashSet<Text>>>);

impl TargetBound {
    /// Admits what was counted before.
    pub fn seed(&self, known: impl IntoIterator<Item = EdgeKey>) {
        for key in known {
            self.bounded(key);
        }
    }

    /// Counts edges beyond the bound together, as those to `(other hosts)`, `(other databases)` or `(other queues)`.
    pub fn bound(&self, delta: &mut Delta) {
        for ((window_ns, key), counts) in std::mem::take(&mut delta.edges) {
            delta
                .edges
                .entry((window_ns, self.bounded(key)))
                .or_default()
                .merge(&counts);
        }
    }

    fn bounded(&self, key: EdgeKey) -> EdgeKey {
        let EdgeKey { mut source, mut target } = key;
        match (source.kind, target.kind) {
            (NodeKind::Service, NodeKind::Service) => {}
            (NodeKind::Service, _) => self.admit(&source.name, &mut target),
            _ => self.admit(&target.name, &mut source),
        }
        EdgeKey { source, target }
    }

    /// Leaves the node its name, or gives it that of all others.
    fn admit(&self, service: &Text, node: &mut Endpoint) {
        let other = match node.kind {
            NodeKind::Database => "(other databases)",
            NodeKind::Queue => "(other queues)",
            NodeKind::Service | NodeKind::External => "(other hosts)",
        };
        if node.name == other {
            return;
        }
        let of = (service.clone(), node.kind);
        let is_known =
            |known: &HashMap<_, HashSet<Text>>| known.get(&of).is_some_and(|names| names.contains(&node.name));
        if is_known(&self.0.read().unwrap_or_else(PoisonError::into_inner)) {
            return;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MAX_SERVICES || known.contains_key(&of) {
            let names = known.entry(of).or_default();
            if names.len() < MAX_TARGETS || names.contains(&node.name) {
                names.insert(node.name.clone());
                return;
            }
        }
        node.name = Text::const_new(other);
    }
}
