//! What has changed from one table to a later one.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Change, Delta, Service, Table};
use crate::{Invalid, Node, ServiceName};

/// What has changed from `old` to `new`, each thing once. Errors: `new` is of an earlier revision, or differs at the same one.
pub fn diff(old: &Table, new: &Table) -> Result<Delta, Invalid> {
    let mut changes = Vec::new();
    let names: BTreeSet<&ServiceName> = old.services.keys().chain(new.services.keys()).collect();
    let none = Arc::new(Service::default());
    for name in names {
        let before = old.services.get(name).unwrap_or(&none);
        let after = new.services.get(name).unwrap_or(&none);
        // Tables that come of one another share what was not changed.
        if !Arc::ptr_eq(before, after) {
            nodes(before, after, &mut changes);
            strategies(before, after, &mut changes);
        }
    }
    Delta::new(old.revision, new.revision, changes)
}

fn nodes(before: &Service, after: &Service, changes: &mut Vec<Change>) {
    let counterpart = |of: &Service, node: &Node| of.node(&node.environment, &node.id).cloned();
    for node in after.nodes() {
        if counterpart(before, node).as_ref() != Some(node) {
            changes.push(Change::PutNode { node: node.clone() });
        }
    }
    for node in before.nodes() {
        if counterpart(after, node).is_none() {
            changes.push(Change::RemoveNode(node.key()));
        }
    }
}

fn strategies(before: &Service, after: &Service, changes: &mut Vec<Change>) {
    for published in after.strategies() {
        if before.strategy(published.environment()) != Some(published) {
            changes.push(Change::PutStrategy(published.clone()));
        }
    }
    for published in before.strategies() {
        if after.strategy(published.environment()).is_none() {
            changes.push(Change::RemoveStrategy {
                service: published.service().clone(),
                environment: published.environment().clone(),
            });
        }
    }
}
