//! The topology in words and figures: its answer, the names of its parts in a URL, the labels and widths of its edges.

use pointsman_domain::health::{Cause, Health, HealthVerdict};
use pointsman_domain::kit::duration;
use pointsman_domain::read::{Red, Topology, TopologyEdge, TopologyNode};
use pointsman_domain::rollup::{Endpoint, NodeKind};

use super::layout::{Layout, lay_out};
use crate::format;

/// Which nodes and edges there are: all that their places depend on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shape {
    /// The nodes.
    pub nodes: Vec<Endpoint>,
    /// From which node to which, as indexes.
    pub edges: Vec<(usize, usize)>,
}

impl Shape {
    /// The shape of a topology. An edge to a node that is not there is left out.
    pub fn of(topology: &Topology) -> Self {
        let nodes: Vec<Endpoint> = topology.nodes.iter().map(|node| node.endpoint.clone()).collect();
        let at = |endpoint: &Endpoint| nodes.iter().position(|node| node == endpoint);
        let ends = |edge: &TopologyEdge| Some((at(&edge.source)?, at(&edge.target)?));
        let mut edges: Vec<(usize, usize)> = topology.edges.iter().filter_map(ends).collect();
        edges.sort_unstable();
        edges.dedup();
        Self { nodes, edges }
    }

    /// Where everything stands.
    pub fn lay_out(&self) -> Layout {
        let names: Vec<String> = self.nodes.iter().map(node_id).collect();
        lay_out(&names, &self.edges)
    }
}

/// A node's name in a URL: `service:payments`.
pub fn node_id(endpoint: &Endpoint) -> String {
    format!("{}:{}", endpoint.kind.as_str(), endpoint.name)
}

/// The same for a service: `service:payments`.
pub fn service_id(name: &str) -> String {
    format!("{}:{name}", NodeKind::Service.as_str())
}

/// A edge's name in a URL: `service:checkout~service:payments`.
pub fn edge_id(source: &Endpoint, target: &Endpoint) -> String {
    format!("{}~{}", node_id(source), node_id(target))
}

/// What a URL has chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum Chosen {
    /// A node, with the edges that lead to it and from it.
    Node(Box<TopologyNode>, Vec<TopologyEdge>, Vec<TopologyEdge>),
    /// A edge.
    Edge(Box<TopologyEdge>),
}

/// The part of the topology that this name in the URL means; `None` where it is not (or no longer) there.
pub fn chosen(topology: &Topology, id: &str) -> Option<Chosen> {
    if let Some(node) = topology.nodes.iter().find(|node| node_id(&node.endpoint) == id) {
        let edges = |leads: fn(&TopologyEdge) -> &Endpoint| {
            let touching = topology.edges.iter().filter(|edge| *leads(edge) == node.endpoint);
            touching.cloned().collect()
        };
        let (to, from) = (edges(|edge| &edge.target), edges(|edge| &edge.source));
        return Some(Chosen::Node(Box::new(node.clone()), to, from));
    }
    let edge = topology
        .edges
        .iter()
        .find(|edge| edge_id(&edge.source, &edge.target) == id)?;
    Some(Chosen::Edge(Box::new(edge.clone())))
}

/// The filters that find the traces of an edge: the calls of a service, to whomever. What a queue hands to a service is found by
/// the service alone; there are none for edges without a service.
pub fn traces_of(source: &Endpoint, target: &Endpoint) -> Option<Vec<(&'static str, String)>> {
    let service = |endpoint: &Endpoint| endpoint.kind == NodeKind::Service;
    match (service(source), service(target)) {
        (true, _) => Some(vec![
            ("service", source.name.to_string()),
            ("calls", target.name.to_string()),
        ]),
        (false, true) => Some(vec![("service", target.name.to_string())]),
        (false, false) => None,
    }
}

/// Filters as [`crate::url::Shared::link`] takes them.
pub fn pairs<'a>(filters: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    filters.iter().map(|(key, value)| (*key, value.as_str())).collect()
}

/// What there is, as a sentence: `9 services, 2 databases and 1 queue, with 14 edges between them.`
pub fn inventory(topology: &Topology) -> String {
    const KINDS: [(NodeKind, &str, &str); 4] = [
        (NodeKind::Service, "service", "services"),
        (NodeKind::Database, "database", "databases"),
        (NodeKind::Queue, "queue", "queues"),
        (NodeKind::External, "external host", "external hosts"),
    ];
    let of_kind = |kind| topology.nodes.iter().filter(|node| node.endpoint.kind == kind).count() as u64;
    let parts: Vec<String> = KINDS
        .iter()
        .map(|&(kind, one, many)| (of_kind(kind), one, many))
        .filter(|&(n, ..)| n > 0)
        .map(|(n, one, many)| format::counted(n, one, many))
        .collect();
    if parts.is_empty() {
        return "No services.".to_owned();
    }
    let listed = format::list(&parts);
    match topology.edges.len() as u64 {
        0 => format!("{listed}, and no calls between them."),
        n => format!("{listed}, with {} between them.", format::counted(n, "edge", "edges")),
    }
}

/// The nodes that need attention, worst first, then most errors.
pub fn unhealthy(topology: &Topology) -> Vec<&TopologyNode> {
    let mut unhealthy: Vec<&TopologyNode> = topology
        .nodes
        .iter()
        .filter(|node| node.verdict.health >= Health::Degraded)
        .collect();
    unhealthy.sort_by(|a, b| {
        let key = |node: &TopologyNode| (node.verdict.health, node.red.errors);
        key(b).cmp(&key(a)).then_with(|| a.endpoint.cmp(&b.endpoint))
    });
    unhealthy
}

/// Why something is as it is, after its name: `fails 7.1 % of requests`, `is slow: p95 1.24 s`.
///
/// The worst part decides: a service whose own figures are fine can be unhealthy by a version or a node.
pub fn reason(verdict: HealthVerdict, red: &Red) -> String {
    match (verdict.health, verdict.cause) {
        (Health::NoTraffic, _) => "had no requests".to_owned(),
        (Health::Healthy, _) => "is healthy".to_owned(),
        (_, Some(Cause::Latency)) => {
            let p95 = red.p95_ns.map_or_else(|| format::NONE.to_owned(), duration::figure);
            format!("is slow: p95 {p95}")
        }
        _ if red.errors == 0 => "has a version or node that fails".to_owned(),
        _ => format!("fails {} % of requests", format::percent(red.error_ratio)),
    }
}

/// The label that always stands on an edge: its rate, or what is wrong with it.
pub fn label(edge: &TopologyEdge) -> String {
    match (edge.verdict.health, edge.verdict.cause) {
        (Health::Degraded | Health::Failing, Some(Cause::Latency)) => {
            edge.red.p95_ns.map_or_else(|| rate(&edge.red), duration::figure)
        }
        (Health::Degraded | Health::Failing, _) => format!("{} % fail", format::percent(edge.red.error_ratio)),
        _ => rate(&edge.red),
    }
}

/// `12.3/s`.
pub fn rate(red: &Red) -> String {
    format!("{}/s", format::rate(red.rate))
}

/// Rate, errors and latency in a line: `12.3/s · 7.1 % · 812 ms`; the rate alone where nothing was measured.
pub fn figures(red: &Red) -> String {
    match red.p95_ns {
        Some(p95) => format!(
            "{} · {} % · {}",
            rate(red),
            format::percent(red.error_ratio),
            duration::figure(p95)
        ),
        None => rate(red),
    }
}

/// The same in words: `12.3 requests/s, 7.1 % errors, p95 812 ms, of 22 140 requests`.
pub fn words(red: &Red) -> String {
    let p95 = red
        .p95_ns
        .map(|p95| format!(", p95 {}", duration::figure(p95)))
        .unwrap_or_default();
    format!(
        "{} requests/s, {} % errors{p95}, of {}",
        format::rate(red.rate),
        format::percent(red.error_ratio),
        format::counted(red.requests, "request", "requests"),
    )
}

/// How wide an edge is drawn, in pixels: 1 without traffic, about one more for ten times the rate, at most 6.
pub fn width(red: &Red) -> f64 {
    let width = 1.2 + 0.9 * (1.0 + 10.0 * red.rate.max(0.0)).log10();
    (width * 10.0).round().min(60.0) / 10.0
}

/// A name cut in the middle to at most so many characters: its beginning and its end tell most.
pub fn fit(name: &str, most: usize) -> String {
    let chars: Vec<char> = name.chars().collect();
    if chars.len() <= most {
        return name.to_owned();
    }
    let tail = (most - 1) / 2;
    let head = most - 1 - tail;
    chars[..head]
        .iter()
        .chain(&['…'])
        .chain(&chars[chars.len() - tail..])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(kind: NodeKind, name: &str) -> Endpoint {
        Endpoint {
            kind,
            name: name.into(),
            version: "".into(),
        }
    }

    fn node(kind: NodeKind, name: &str, health: Health) -> TopologyNode {
        let cause = (health >= Health::Degraded).then_some(Cause::Errors);
        let red = Red {
            requests: 100,
            errors: 7,
            rate: 12.34,
            error_ratio: 0.071,
            p95_ns: Some(812_000_000),
            ..Red::default()
        };
        TopologyNode {
            endpoint: endpoint(kind, name),
            verdict: HealthVerdict { health, cause },
            red,
            versions: Vec::new(),
            nodes: 1,
        }
    }

    fn shop() -> Topology {
        let [cart, pay, db] = [
            node(NodeKind::Service, "cart", Health::Healthy),
            node(NodeKind::Service, "payments", Health::Failing),
            node(NodeKind::Database, "redis", Health::Degraded),
        ];
        let edge = |a: &TopologyNode, b: &TopologyNode| TopologyEdge {
            source: a.endpoint.clone(),
            target: b.endpoint.clone(),
            verdict: b.verdict,
            red: b.red,
            by_version: Vec::new(),
        };
        Topology {
            range: pointsman_domain::time::RangeSpec::Last(60).resolve(60_000_000_000),
            edges: vec![edge(&cart, &pay), edge(&cart, &db)],
            nodes: vec![cart, pay, db],
            unpaired_clients: 0,
            unpaired_servers: 0,
            status: pointsman_domain::read::PipelineStatus::default(),
        }
    }

    #[test]
    fn the_answer_counts_and_names_the_worst_first() {
        let shop = shop();
        assert_eq!(
            inventory(&shop),
            "2 services and 1 database, with 2 edges between them."
        );
        let names: Vec<&str> = unhealthy(&shop).iter().map(|s| s.endpoint.name.as_str()).collect();
        assert_eq!(names, ["payments", "redis"]);
        assert_eq!(
            reason(shop.nodes[1].verdict, &shop.nodes[1].red),
            "fails 7.1 % of requests"
        );
    }

    #[test]
    fn what_is_chosen_is_found_by_its_name() {
        let shop = shop();
        let Some(Chosen::Node(cart, callers, called)) = chosen(&shop, "service:cart") else {
            panic!("no node")
        };
        assert_eq!(
            (cart.endpoint.name.as_str(), callers.len(), called.len()),
            ("cart", 0, 2)
        );
        assert!(matches!(
            chosen(&shop, "service:cart~database:redis"),
            Some(Chosen::Edge(_))
        ));
        assert_eq!(chosen(&shop, "service:gone"), None);
        assert!(matches!(chosen(&shop, &service_id("cart")), Some(Chosen::Node(..))));
    }

    #[test]
    fn an_edge_leads_to_its_traces() {
        let [cart, pricing] = ["cart", "pricing"].map(|name| endpoint(NodeKind::Service, name));
        let [database, queue] = [(NodeKind::Database, "postgresql/carts"), (NodeKind::Queue, "orders")]
            .map(|(kind, name)| endpoint(kind, name));
        let found = |source, target| {
            traces_of(source, target).map(|filters| crate::url::Shared::default().link("", &pairs(&filters)))
        };
        assert_eq!(found(&cart, &pricing).as_deref(), Some("?service=cart&calls=pricing"));
        // The search finds calls by whatever peer they name.
        assert_eq!(
            found(&cart, &database).as_deref(),
            Some("?service=cart&calls=postgresql%2Fcarts")
        );
        assert_eq!(found(&queue, &cart).as_deref(), Some("?service=cart"));
        assert_eq!(found(&queue, &database), None);
    }

    #[test]
    fn the_shape_knows_no_figures() {
        let mut other = shop();
        other.nodes[0].red.rate = 99.0;
        other.edges[0].verdict.health = Health::Healthy;
        other.edges.reverse();
        assert_eq!(Shape::of(&shop()), Shape::of(&other));
    }

    #[test]
    fn labels_say_what_is_wrong_or_how_much_there_is() {
        let mut edge = shop().edges[0].clone();
        assert_eq!(label(&edge), "7.1 % fail");
        edge.verdict = HealthVerdict {
            health: Health::Degraded,
            cause: Some(Cause::Latency),
        };
        assert_eq!(label(&edge), "812 ms");
        edge.verdict = HealthVerdict {
            health: Health::Healthy,
            cause: None,
        };
        assert_eq!(label(&edge), "12.3/s");
        assert_eq!(figures(&edge.red), "12.3/s · 7.1 % · 812 ms");
        let wide = |rate: f64| width(&Red { rate, ..Red::default() });
        assert!(wide(0.0) < wide(1.0) && wide(1.0) < wide(100.0) && wide(1e9) <= 6.0);
    }

    #[test]
    fn long_names_keep_both_ends() {
        assert_eq!(fit("cart", 8), "cart");
        assert_eq!(fit("recommendation", 8), "reco…ion");
    }
}
