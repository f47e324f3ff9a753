//! Tables: operations, nodes with what failed on them, neighbours.

use pointsman_domain::health::Health;

use super::super::samples::{FAST_NS, NOW_NS, calls, counts, key, minute, name, row, seen, served, windows};
use super::*;

/// What the store answers.
#[derive(Default)]
struct Given {
    series: Vec<SeriesRow>,
    nodes: Vec<NodeRow>,
    last_seen_ns: Option<UnixNanos>,
    edges: Vec<EdgeRow>,
    errors: Vec<(NodeErrorKey, NodeErrorCount)>,
    services: BTreeSet<Text>,
}

fn page(service: &str, given: &Given) -> ServiceDetail {
    let mut evidence = ServiceDetailEvidence::new(service.into(), &given.nodes, given.services.clone());
    evidence.last_seen_ns = given.last_seen_ns;
    evidence.errors.clone_from(&given.errors);
    evidence.add_series(&given.series);
    evidence.add_edges(&given.edges);
    evidence.detail(&windows(), NOW_NS, &Thresholds::default())
}

#[test]
fn operations_served_stand_before_calls_made() {
    let row = |operation, kind, requests| row(0, "pay/1/a", operation, kind, counts(requests, 0, FAST_NS));
    let rows = Given {
        series: vec![
            row("SELECT", SpanKind::Client, 900),
            row("GET /pay", SpanKind::Server, 10),
            row("POST /pay", SpanKind::Server, 20),
            row("nightly", SpanKind::Internal, 1),
            row("POST /pay", SpanKind::Server, 5),
        ],
        ..Given::default()
    };
    let page = page("pay", &rows);
    let operations: Vec<_> = page
        .operations
        .iter()
        .map(|op| (op.name.as_str(), op.red.requests))
        .collect();
    assert_eq!(
        operations,
        [("POST /pay", 25), ("GET /pay", 10), ("nightly", 1), ("SELECT", 900)]
    );
    assert_eq!(page.summary.red.requests, 36, "calls are not requests served");
    assert_eq!(page.latency.count(), 36);
    assert_eq!(page.series.points.len(), 30);
    assert_eq!(page.series.points[0].requests, 36);
}

#[test]
fn nodes_stand_worst_first_each_with_its_own_errors() {
    let failed = |node: &str, error: &str, count| {
        let NodeKey {
            service,
            version,
            instance,
        } = key(node);
        let error = NodeErrorKey {
            service,
            version,
            instance,
            operation: "POST /pay".into(),
            error: error.into(),
            from_log: false,
        };
        (
            error,
            NodeErrorCount {
                count,
                last_ns: minute(1),
                examples: Vec::new(),
            },
        )
    };
    let rows = Given {
        series: vec![served(0, "pay/1/a", 100, 0), served(0, "pay/2/b", 100, 40)],
        nodes: vec![seen(0, "pay/1/a"), seen(0, "pay/2/b"), seen(0, "pay/2/idle")],
        errors: vec![
            failed("pay/2/b", "declined", 3),
            failed("pay/1/a", "odd", 1),
            failed("pay/2/b", "timeout", 37),
        ],
        ..Given::default()
    };
    let page = page("pay", &rows);
    let nodes: Vec<_> = page
        .nodes
        .iter()
        .map(|node| {
            let errors: Vec<_> = node.errors.iter().map(|(key, _)| key.error.as_str()).collect();
            (node.node.instance.as_str(), node.verdict.health, errors)
        })
        .collect();
    assert_eq!(
        nodes,
        [
            ("b", Health::Failing, vec!["timeout", "declined"]),
            ("a", Health::Healthy, vec!["odd"]),
            ("idle", Health::NoTraffic, vec![]),
        ]
    );
}

#[test]
fn neighbours_are_told_by_direction() {
    let rows = Given {
        edges: vec![
            calls("service:front@1", "service:pay@1", 5, 0),
            calls("service:gate@1", "external:pay:80", 2, 0),
            calls("service:pay@1", "database:postgresql/pay", 5, 0),
            calls("service:pay@1", "external:bank", 1, 0),
            calls("service:front@1", "database:pay", 1, 0),
        ],
        services: ["bank".into(), "front".into()].into(),
        ..Given::default()
    };
    let page = page("pay", &rows);
    let ends =
        |edges: &[TopologyEdge]| -> Vec<_> { edges.iter().map(|t| (name(&t.source), name(&t.target))).collect() };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        ends(&page.upstream),
        [
            pair("service:front", "service:pay"),
            pair("service:gate", "service:pay")
        ]
    );
    assert_eq!(
        ends(&page.downstream),
        [
            pair("service:pay", "service:bank"),
            pair("service:pay", "database:postgresql/pay")
        ]
    );
}

#[test]
fn a_service_silent_in_the_range_says_when_it_was_last_heard_of() {
    let page = page(
        "gone",
        &Given {
            last_seen_ns: Some(77),
            ..Given::default()
        },
    );
    assert_eq!(
        (page.summary.verdict.health, page.summary.last_seen_ns),
        (Health::NoTraffic, 77)
    );
}
