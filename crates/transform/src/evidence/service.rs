//! One service: its figures over time, its operations, its nodes with what failed on them, its neighbours.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use pointsman_domain::Text;
use pointsman_domain::health::{Thresholds, judge};
use pointsman_domain::read::{NodeSummary, OperationSummary, Red, ServiceDetail, TopologyEdge};
use pointsman_domain::rollup::{Counts, Endpoint, NodeErrorCount, NodeErrorKey, NodeKey, NodeKind};
use pointsman_domain::telemetry::{SpanKind, UnixNanos};

use super::edges::{EdgeRow, Edges};
use super::services::{NodeRow, Part, SeriesRow, ServiceEvidence, Services};
use super::summary::summary;
use super::windows::Windows;

/// How many failures of a node are shown.
const MAX_ERRORS: usize = 20;

/// What is known of one service in a range.
#[derive(Debug, Default)]
pub struct ServiceDetailEvidence {
    name: Text,
    services: Services,
    operations: BTreeMap<(Text, SpanKind), Counts>,
    edges: Edges,
    known: BTreeSet<Text>,
    /// When any of its nodes was last heard of, in the range or not; `None` where none ever was.
    pub last_seen_ns: Option<UnixNanos>,
    /// What failed on its nodes in the range.
    pub errors: Vec<(NodeErrorKey, NodeErrorCount)>,
}

impl ServiceDetailEvidence {
    /// Of the service of this name, which has these nodes. `known` are the names of all services: by them a host that it calls, or that it
    /// is called as, is known for a service.
    pub fn new(name: Text, nodes: &[NodeRow], known: impl IntoIterator<Item = Text>) -> Self {
        Self {
            services: Services::heard_of(nodes),
            known: known.into_iter().chain([name.clone()]).collect(),
            name,
            ..Self::default()
        }
    }

    /// Adds a piece of its series; see [`Services::add_points`].
    pub fn add_series(&mut self, piece: &[SeriesRow]) {
        for (_, key, counts) in piece {
            let operation = (key.operation.clone(), key.kind);
            self.operations.entry(operation).or_default().merge(counts);
        }
        self.services.add_points(piece);
    }

    /// Adds a piece of the edges that begin or end at it.
    pub fn add_edges(&mut self, piece: &[EdgeRow]) {
        self.edges.add(piece, |name| self.known.get(name));
    }

    /// Whether it was ever heard of. To be asked when all its series are added.
    pub fn is_known(&self) -> bool {
        self.last_seen_ns.is_some() || !self.operations.is_empty()
    }

    /// Its page.
    pub fn detail(&self, windows: &Windows, now_ns: UnixNanos, thresholds: &Thresholds) -> ServiceDetail {
        let shown = windows.shown(now_ns, self.services.first_traffic_ns());
        let silent = ServiceEvidence::default();
        let service = self.services.get(&self.name).unwrap_or(&silent);
        let mut summary = summary(&self.name, service, windows, shown, thresholds);
        if service.seen.is_empty() {
            summary.last_seen_ns = self.last_seen_ns.unwrap_or(summary.last_seen_ns);
        }
        let (upstream, downstream) = self.neighbours(windows, thresholds);
        ServiceDetail {
            range: windows.range,
            summary,
            series: windows.series(&service.whole, shown),
            latency: service.whole.total.latency.clone(),
            operations: self.operations(windows, thresholds),
            nodes: self.nodes(service, windows, thresholds),
            upstream,
            downstream,
        }
    }

    /// Requests served first, most requests first, then by name.
    fn operations(&self, windows: &Windows, thresholds: &Thresholds) -> Vec<OperationSummary> {
        let summary = |((name, kind), counts): (&(Text, SpanKind), &Counts)| OperationSummary {
            name: name.clone(),
            kind: *kind,
            verdict: judge(counts, thresholds),
            red: Red::new(counts, windows.seconds()),
        };
        let mut operations: Vec<_> = self.operations.iter().map(summary).collect();
        operations.sort_by_key(|operation| (!operation.kind.is_served(), Reverse(operation.red.requests)));
        operations
    }

    /// Worst first, then by version and node.
    fn nodes(&self, service: &ServiceEvidence, windows: &Windows, thresholds: &Thresholds) -> Vec<NodeSummary> {
        let summary = |(key, part): (&NodeKey, &Part)| {
            let points = (part.points.keys().next(), part.points.keys().next_back());
            let (first, last) = (
                points.0.copied().unwrap_or_default(),
                points.1.copied().unwrap_or_default(),
            );
            let (first_seen_ns, last_seen_ns) = service.seen.get(key).copied().unwrap_or((first, last));
            NodeSummary {
                node: key.clone(),
                verdict: judge(&part.total, thresholds),
                red: Red::new(&part.total, windows.seconds()),
                first_seen_ns,
                last_seen_ns,
                errors: self.errors_of(key),
            }
        };
        let mut nodes: Vec<_> = service.nodes.iter().map(summary).collect();
        nodes.sort_by_key(|node| Reverse(node.verdict.health));
        nodes
    }

    /// What failed most on a node.
    fn errors_of(&self, node: &NodeKey) -> Vec<(NodeErrorKey, NodeErrorCount)> {
        let of_node =
            |(error, _): &&(NodeErrorKey, _)| error.version == node.version && error.instance == node.instance;
        let mut errors: Vec<_> = self.errors.iter().filter(of_node).cloned().collect();
        errors.sort_by_key(|(_, count)| Reverse(count.count));
        errors.truncate(MAX_ERRORS);
        errors
    }

    /// Who calls it, and whom it calls.
    fn neighbours(&self, windows: &Windows, thresholds: &Thresholds) -> (Vec<TopologyEdge>, Vec<TopologyEdge>) {
        let is_it = |endpoint: &Endpoint| endpoint.kind == NodeKind::Service && endpoint.name == self.name;
        let of = |side: &dyn Fn(&(Endpoint, Endpoint)) -> bool| {
            let edges = self.edges.iter().filter(|(ends, _)| side(ends));
            edges
                .map(|(ends, edge)| edge.shown(ends, windows.seconds(), thresholds))
                .collect()
        };
        (of(&|ends| is_it(&ends.1)), of(&|ends| is_it(&ends.0)))
    }
}

#[cfg(test)]
mod tests;
