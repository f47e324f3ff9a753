//! Tables: which nodes and edges there are, and how they are put together.

use pointsman_domain::health::Health;

use super::super::samples::{calls, name, seen, served, windows};
use super::*;

/// What the store answers.
#[derive(Default)]
struct Given {
    series: Vec<SeriesRow>,
    nodes: Vec<NodeRow>,
    edges: Vec<EdgeRow>,
    unpaired: (u64, u64),
}

fn page(given: &Given) -> Topology {
    let mut evidence = TopologyEvidence::new(&given.nodes);
    evidence.unpaired = given.unpaired;
    evidence.add_served(&given.series);
    evidence.add_edges(&given.edges);
    evidence.topology(&windows(), &Thresholds::default(), PipelineStatus::default())
}

fn nodes(page: &Topology) -> Vec<String> {
    page.nodes.iter().map(|node| name(&node.endpoint)).collect()
}

fn edges(page: &Topology) -> Vec<(String, String, u64)> {
    page.edges
        .iter()
        .map(|edge| (name(&edge.source), name(&edge.target), edge.red.requests))
        .collect()
}

#[test]
fn versions_are_one_node_and_told_apart_on_the_edge() {
    let rows = Given {
        edges: vec![
            calls("service:front@1", "service:pay@1", 100, 0),
            calls("service:front@2", "service:pay@1", 10, 0),
            calls("service:front@1", "service:pay@2", 100, 50),
        ],
        nodes: vec![seen(0, "front/1/a"), seen(0, "pay/1/a"), seen(0, "pay/2/b")],
        ..Given::default()
    };
    let page = page(&rows);
    assert_eq!(nodes(&page), ["service:front", "service:pay"]);
    assert_eq!(
        edges(&page),
        [("service:front".to_owned(), "service:pay".to_owned(), 210)]
    );
    let by_version: Vec<_> = page.edges[0]
        .by_version
        .iter()
        .map(|(v, red)| (v.as_str(), red.requests, red.errors))
        .collect();
    assert_eq!(by_version, [("1", 110, 0), ("2", 100, 50)]);
    assert_eq!(page.edges[0].verdict.health, Health::Failing);
    assert_eq!((page.nodes[1].nodes, page.nodes[1].versions.len()), (2, 2));
}

#[test]
fn an_edge_to_one_version_is_not_split() {
    let rows = Given {
        edges: vec![calls("service:front@1", "service:pay@1", 5, 0)],
        ..Given::default()
    };
    assert!(page(&rows).edges[0].by_version.is_empty());
}

#[test]
fn a_host_that_is_a_known_service_is_that_service() {
    for (host, want) in [
        ("external:pay", "service:pay"),
        ("external:pay:8080", "service:pay"),
        ("external:pay.example.org", "external:pay.example.org"),
        ("external:pay:http", "external:pay:http"),
    ] {
        let rows = Given {
            edges: vec![
                calls("service:front@1", host, 7, 0),
                calls("service:front@1", "service:pay@2", 3, 0),
            ],
            nodes: vec![seen(0, "pay/2/a")],
            ..Given::default()
        };
        let page = page(&rows);
        let got: std::collections::BTreeMap<String, u64> = edges(&page)
            .into_iter()
            .map(|(_, to, requests)| (to, requests))
            .collect();
        assert_eq!(got[want], if want == "service:pay" { 10 } else { 7 }, "{host}");
    }
}

#[test]
fn a_service_without_edges_is_shown() {
    let rows = Given {
        series: vec![served(0, "alone/1/a", 50, 0)],
        ..Given::default()
    };
    let page = page(&rows);
    assert_eq!(nodes(&page), ["service:alone"]);
    assert_eq!(
        (page.nodes[0].verdict.health, page.nodes[0].red.requests),
        (Health::Healthy, 50)
    );
}

#[test]
fn databases_queues_and_hosts_are_judged_by_what_leads_to_them() {
    let rows = Given {
        edges: vec![
            calls("service:pay@1", "database:postgresql/pay", 100, 20),
            calls("service:cart@1", "database:postgresql/pay", 100, 0),
            calls("service:pay@1", "queue:orders", 40, 0),
            calls("queue:orders", "service:ship@1", 1000, 900),
            calls("service:ship@1", "external:post.example", 2, 0),
        ],
        unpaired: (4, 5),
        ..Given::default()
    };
    let page = page(&rows);
    let all: Vec<_> = page
        .nodes
        .iter()
        .map(|node| (name(&node.endpoint), node.verdict.health, node.red.requests))
        .collect();
    let row = |name: &str, health, requests| (name.to_owned(), health, requests);
    assert_eq!(
        all,
        [
            row("service:cart", Health::NoTraffic, 0),
            row("service:pay", Health::NoTraffic, 0),
            // Known from an edge only: what is called is at least as much as its callers say.
            row("service:ship", Health::Failing, 1000),
            row("database:postgresql/pay", Health::Failing, 200),
            row("queue:orders", Health::Healthy, 40),
            row("external:post.example", Health::Healthy, 2),
        ]
    );
    assert_eq!((page.unpaired_clients, page.unpaired_servers), (4, 5));
}

#[test]
fn an_empty_house_is_an_empty_page() {
    let page = page(&Given::default());
    assert!(page.nodes.is_empty() && page.edges.is_empty());
}
