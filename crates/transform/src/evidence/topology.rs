//! The topology: services, databases, queues and hosts, and who calls whom.

use std::collections::BTreeSet;

use pointsman_domain::Text;
use pointsman_domain::health::{Thresholds, judge};
use pointsman_domain::read::{PipelineStatus, Red, Topology, TopologyNode};
use pointsman_domain::rollup::{Counts, Endpoint, NodeKind};

use super::edges::{EdgeRow, Edges};
use super::services::{NodeRow, SeriesRow, Services};
use super::summary::versions;
use super::windows::Windows;

/// What is known of all services and edges in a range.
#[derive(Debug, Default)]
pub struct TopologyEvidence {
    services: Services,
    edges: Edges,
    /// How many client and server spans found no partner, ever.
    pub unpaired: (u64, u64),
}

impl TopologyEvidence {
    /// Of the services that have these nodes.
    pub fn new(nodes: &[NodeRow]) -> Self {
        Self {
            services: Services::heard_of(nodes),
            ..Self::default()
        }
    }

    /// Adds requests served, each row over the whole range. All of them come before the edges: what serves is known for a service.
    pub fn add_served(&mut self, rows: &[SeriesRow]) {
        self.services.add_totals(rows);
    }

    /// Adds calls.
    pub fn add_edges(&mut self, rows: &[EdgeRow]) {
        self.edges.add(rows, |name| self.services.name(name));
    }

    /// The graph.
    pub fn topology(&self, windows: &Windows, thresholds: &Thresholds, status: PipelineStatus) -> Topology {
        Topology {
            range: windows.range,
            nodes: self.nodes(windows, thresholds),
            edges: self
                .edges
                .iter()
                .map(|(ends, edge)| edge.shown(ends, windows.seconds(), thresholds))
                .collect(),
            unpaired_clients: self.unpaired.0,
            unpaired_servers: self.unpaired.1,
            status,
        }
    }

    /// Every service, and every other end of an edge.
    fn nodes(&self, windows: &Windows, thresholds: &Thresholds) -> Vec<TopologyNode> {
        let heard_of = self.services.iter().map(|(name, _)| Endpoint {
            kind: NodeKind::Service,
            name: name.clone(),
            version: Text::default(),
        });
        let named = self
            .edges
            .iter()
            .flat_map(|((source, target), _)| [source.clone(), target.clone()]);
        // Endpoints are ordered by kind, then name.
        let endpoints: BTreeSet<Endpoint> = heard_of.chain(named).collect();
        endpoints
            .into_iter()
            .map(|endpoint| self.node(endpoint, windows, thresholds))
            .collect()
    }

    /// A service is judged by what it served, whatever else by what its callers say.
    fn node(&self, endpoint: Endpoint, windows: &Windows, thresholds: &Thresholds) -> TopologyNode {
        let service = self.services.get(&endpoint.name);
        if let Some(service) = service.filter(|_| endpoint.kind == NodeKind::Service) {
            return TopologyNode {
                verdict: service.judge(thresholds),
                red: Red::new(&service.whole.total, windows.seconds()),
                versions: versions(service, windows, thresholds),
                nodes: service.nodes.len() as u32,
                endpoint,
            };
        }
        let mut counts = Counts::default();
        for (_, edge) in self.edges.iter().filter(|((_, target), _)| *target == endpoint) {
            counts.merge(&edge.total);
        }
        TopologyNode {
            verdict: judge(&counts, thresholds),
            red: Red::new(&counts, windows.seconds()),
            versions: Vec::new(),
            nodes: 0,
            endpoint,
        }
    }
}

#[cfg(test)]
mod tests;
