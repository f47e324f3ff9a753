//! Which nodes may serve a request.

use crate::strategy::VersionPolicy;
use crate::table::{Service, Table};
use crate::{Environment, Environments, Node, Requirement, ServiceName, Strategy, Version};

/// The nodes that may serve a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resolved<'a> {
    /// In which environment they are; `None` where none has any.
    pub environment: Option<&'a Environment>,
    /// Those that are [usable](Node::is_usable), by id.
    pub nodes: Vec<&'a Node>,
    /// Why others are not among them; where there are none at all, over all environments.
    pub left_out: LeftOut,
}

/// How many nodes are left out, each by the first of these reasons that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Their version does not answer to the requirement.
    pub version: usize,
    /// They are critical.
    pub critical: usize,
    /// They are drained.
    pub drained: usize,
    /// They weigh nothing.
    pub weightless: usize,
}

/// The nodes of a service whose versions answer to the requirement ([how it is read](crate::version)), in the first environment of the chain that has a
/// usable one. So who runs one changed service in an environment of their own finds it there, and the rest in the shared one.
pub fn resolve<'a>(
    table: &'a Table,
    service: &ServiceName,
    requirement: &Requirement,
    environments: &'a Environments,
) -> Resolved<'a> {
    let mut over_all = LeftOut::default();
    let Some(service) = table.service(service.as_str()) else {
        return Resolved::default();
    };
    for environment in environments {
        let (nodes, left_out) = usable(service, environment, |version| requirement.matches(version));
        if !nodes.is_empty() {
            return Resolved {
                environment: Some(environment),
                nodes,
                left_out,
            };
        }
        over_all = over_all.and(left_out);
    }
    Resolved {
        left_out: over_all,
        ..Resolved::default()
    }
}

/// The environment whose nodes serve a service, and whose strategy holds: the first of the chain in which it has a usable node, of whatever version.
pub fn environment_of<'a>(
    table: &Table,
    service: &ServiceName,
    environments: &'a Environments,
) -> Option<&'a Environment> {
    let service = table.service(service.as_str())?;
    environments
        .iter()
        .find(|environment| service.nodes_in(environment).any(Node::is_usable))
}

/// Where the requests go that a strategy sends to a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination<'a> {
    /// The version; `None` is every version.
    pub version: Option<&'a Version>,
    /// Its usable nodes, of the first zone of the strategy's `zone_priority` that has any. Empty where neither it nor one of its failover has any.
    pub nodes: Vec<&'a Node>,
    /// Whether the version is one of the failover, as the one that was meant has no usable node.
    pub failed_over: bool,
}

/// The nodes for the version that a strategy has chosen, or else for the first of its failover that has any, in the strategy's environment.
pub fn destination<'a>(table: &'a Table, strategy: &'a Strategy, chosen: Option<&'a Version>) -> Destination<'a> {
    let failover = strategy.policy(chosen).map(|policy: &VersionPolicy| &*policy.failover);
    let service = table.service(strategy.service.as_str());
    let nodes_of = |version: Option<&Version>| {
        let nodes = service.map(|service| {
            usable(service, &strategy.environment, |other| {
                version.is_none_or(|v| v == other)
            })
            .0
        });
        in_zone(nodes.unwrap_or_default(), strategy)
    };
    let chosen = Destination {
        version: chosen,
        nodes: nodes_of(chosen),
        failed_over: false,
    };
    if !chosen.nodes.is_empty() {
        return chosen;
    }
    let mut others = failover.into_iter().flatten().map(|version| Destination {
        version: Some(version),
        nodes: nodes_of(Some(version)),
        failed_over: true,
    });
    others.find(|other| !other.nodes.is_empty()).unwrap_or(chosen)
}

fn usable<'a>(
    service: &'a Service,
    environment: &Environment,
    answers: impl Fn(&Version) -> bool,
) -> (Vec<&'a Node>, LeftOut) {
    let mut left_out = LeftOut::default();
    let mut nodes = Vec::new();
    for node in service.nodes_in(environment) {
        if !answers(&node.version) {
            left_out.version += 1;
        } else if node.is_usable() {
            nodes.push(node);
        } else if node.drain {
            left_out.drained += 1;
        } else if node.weight == 0 {
            left_out.weightless += 1;
        } else {
            left_out.critical += 1;
        }
    }
    (nodes, left_out)
}

fn in_zone<'a>(nodes: Vec<&'a Node>, strategy: &Strategy) -> Vec<&'a Node> {
    for zone in &strategy.zone_priority {
        let there: Vec<&Node> = nodes
            .iter()
            .copied()
            .filter(|node| node.zone.as_ref() == Some(zone))
            .collect();
        if !there.is_empty() {
            return there;
        }
    }
    nodes
}

impl LeftOut {
    fn and(self, other: Self) -> Self {
        Self {
            version: self.version + other.version,
            critical: self.critical + other.critical,
            drained: self.drained + other.drained,
            weightless: self.weightless + other.weightless,
        }
    }
}

#[cfg(test)]
mod tests;
