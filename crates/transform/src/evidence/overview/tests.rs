//! Tables: order, no traffic, whom attention names and since when.

use pointsman_domain::health::{Cause, Health};

use super::super::samples::{NOW_NS, START_S, counts, minute, row, seen, served, windows};
use super::super::services::{NodeRow, SeriesRow};
use super::*;
use pointsman_domain::rollup::SECOND_NS;
use pointsman_domain::telemetry::SpanKind;

fn page(series: &[SeriesRow], nodes: &[NodeRow]) -> Overview {
    let mut services = Services::heard_of(nodes);
    services.add_points(series);
    overview(
        &services,
        &windows(),
        NOW_NS,
        &Thresholds::default(),
        PipelineStatus::default(),
    )
}

#[test]
fn services_stand_worst_first_then_by_name() {
    let series = [
        served(0, "quiet/1/a", 100, 0),
        served(0, "broken/1/a", 100, 10),
        served(0, "weak/1/a", 300, 4),
        served(0, "also-broken/1/a", 100, 50),
        served(0, "calm/1/a", 100, 0),
    ];
    let page = page(&series, &[seen(0, "idle/1/a")]);
    let rows: Vec<_> = page
        .services
        .iter()
        .map(|row| (row.name.as_str(), row.verdict.health))
        .collect();
    assert_eq!(
        rows,
        [
            ("also-broken", Health::Failing),
            ("broken", Health::Failing),
            ("weak", Health::Degraded),
            ("calm", Health::Healthy),
            ("quiet", Health::Healthy),
            ("idle", Health::NoTraffic),
        ]
    );
    let attention: Vec<_> = page.attention.iter().map(|entry| entry.service.as_str()).collect();
    assert_eq!(attention, ["also-broken", "broken", "weak"]);
}

#[test]
fn a_service_that_was_only_heard_of_is_listed_without_traffic() {
    let calls = row(0, "loadgen/1/a", "GET /", SpanKind::Client, counts(500, 400, 1000));
    let page = page(&[calls], &[seen(0, "loadgen/1/a"), seen(0, "logger/2/b")]);
    let rows: Vec<_> = page
        .services
        .iter()
        .map(|row| {
            (
                row.name.as_str(),
                row.verdict.health,
                row.red.requests,
                row.nodes,
                row.versions.len(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("loadgen", Health::NoTraffic, 0, 1, 1),
            ("logger", Health::NoTraffic, 0, 1, 1)
        ]
    );
    assert!(page.attention.is_empty());
    assert_eq!(page.services[0].sparkline, [0.0; 30]);
    assert_eq!(page.services[0].last_seen_ns, minute(20));
}

#[test]
fn the_worst_part_decides_and_is_named_only_where_the_others_are_better() {
    let ok = |node: &str| served(0, node, 1000, 0);
    let bad = |node: &str| served(0, node, 100, 20);
    let idle = |node: &str| served(0, node, 0, 0);
    for (about, series, version, instance) in [
        (
            "all nodes of the one version",
            vec![bad("p/1/a"), bad("p/1/b")],
            None,
            None,
        ),
        ("the one node there is", vec![bad("p/1/a")], None, None),
        (
            "one node of one version",
            vec![bad("p/1/a"), ok("p/1/b")],
            None,
            Some("a"),
        ),
        (
            "one version with one node",
            vec![ok("p/1/a"), ok("p/1/b"), bad("p/2/c")],
            Some("2"),
            None,
        ),
        (
            "one node of one of two",
            vec![ok("p/1/a"), ok("p/2/b"), bad("p/2/c")],
            Some("2"),
            Some("c"),
        ),
        (
            "all nodes of one version",
            vec![ok("p/1/a"), bad("p/2/b"), bad("p/2/c")],
            Some("2"),
            None,
        ),
        ("both versions", vec![bad("p/1/a"), bad("p/2/b")], None, None),
        (
            "a part without traffic is no comparison",
            vec![idle("p/1/a"), bad("p/2/b")],
            None,
            None,
        ),
        (
            "one node each of two versions",
            vec![bad("p/1/a"), ok("p/1/b"), bad("p/2/c"), ok("p/2/d")],
            None,
            None,
        ),
    ] {
        let page = page(&series, &[]);
        let entry = &page.attention[0];
        assert_eq!(entry.verdict.health, Health::Failing, "{about}");
        assert_eq!(entry.verdict.cause, Some(Cause::Errors), "{about}");
        assert_eq!(
            (entry.version.as_deref(), entry.instance.as_deref()),
            (version, instance),
            "{about}"
        );
        if version.is_some() || instance.is_some() {
            assert!(
                (entry.red.error_ratio - 0.2).abs() < 1e-9,
                "{about}: the figures of the one that is named"
            );
        }
    }
}

#[test]
fn a_bad_node_makes_its_service_bad_however_many_others_are_well() {
    let series = [served(0, "p/1/a", 100_000, 0), served(0, "p/1/b", 100, 50)];
    let row = &page(&series, &[]).services[0];
    assert_eq!(row.verdict.health, Health::Failing);
    assert_eq!((row.nodes, row.nodes_unwell), (2, 1));
    assert_eq!(row.versions[0].verdict.health, Health::Failing);
}

#[test]
fn since_is_the_start_of_the_current_run_of_bad_windows() {
    for (about, errors, since) in [
        (
            "bad from the tenth minute on",
            (0..30).map(|n| u64::from(n >= 10) * 20).collect::<Vec<_>>(),
            Some(10),
        ),
        ("bad all along: it began before", vec![20; 30], None),
        (
            "one good window does not end a run",
            (0..30).map(|n| u64::from(n >= 10 && n != 20) * 20).collect(),
            Some(10),
        ),
        (
            "two do",
            (0..30).map(|n| u64::from(n >= 10 && n != 20 && n != 21) * 20).collect(),
            Some(22),
        ),
        (
            "it is over",
            (0..30).map(|n| u64::from((10..20).contains(&n)) * 50).collect(),
            None,
        ),
    ] {
        let rows = errors
            .iter()
            .enumerate()
            .map(|(n, errors)| served(n as u64, "p/1/a", 100, *errors));
        let page = page(&rows.collect::<Vec<_>>(), &[]);
        assert_eq!(page.attention[0].since_ns, since.map(minute), "{about}");
    }
}

#[test]
fn windows_without_traffic_do_not_end_a_run() {
    let rows = [
        served(3, "p/1/a", 100, 0),
        served(4, "p/1/a", 100, 30),
        served(29, "p/1/a", 100, 30),
    ];
    assert_eq!(page(&rows, &[]).attention[0].since_ns, Some(minute(4)));
}

#[test]
fn slowness_has_its_own_since() {
    let slow = |n: u64, ns: u64| row(n, "p/1/a", "GET /", SpanKind::Server, counts(100, 0, ns));
    let rows: Vec<_> = (0..30)
        .map(|n| slow(n, if n < 5 { 1_000_000 } else { 2_000_000_000 }))
        .collect();
    let page = page(&rows, &[]);
    assert_eq!(page.attention[0].verdict.cause, Some(Cause::Latency));
    assert_eq!(page.attention[0].since_ns, Some(minute(5)));
}

#[test]
fn versions_stand_in_the_order_in_which_they_were_first_heard_of() {
    let nodes = [seen(0, "p/2.0/b"), seen(9, "p/1.9-hotfix/c"), seen(3, "p/3.0/a")];
    let page = page(&[served(0, "p/2.0/b", 1, 0)], &nodes);
    let versions: Vec<_> = page.services[0]
        .versions
        .iter()
        .map(|version| version.version.as_str())
        .collect();
    assert_eq!(versions, ["2.0", "3.0", "1.9-hotfix"]);
}

#[test]
fn a_sparkline_has_a_point_a_window() {
    let page = page(&[served(0, "p/1/a", 60, 0), served(2, "p/1/a", 120, 0)], &[]);
    assert_eq!(page.services[0].sparkline[..4], [1.0, 0.0, 2.0, 0.0]);
    assert_eq!(page.services[0].sparkline.len(), 30);
    assert_eq!(page.range.from_ns, START_S * SECOND_NS);
    assert!((page.services[0].red.rate - 0.1).abs() < 1e-9);
}
