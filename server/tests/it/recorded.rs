//! The recorded systems at full size: what is stored is what was sent, also after it was sent again, and the edges are
//! those that the spans themselves say.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

use pointsman_domain::read::Topology;
use pointsman_domain::rollup::NodeKind;
use pointsman_store::size::sizes;
use pointsman_testing::{ONLINE_BOUTIQUE, Recorded, System, TRAIN_TICKET, TestDb, recorded};
use serde::Deserialize;
use tokio::time::timeout;

use crate::running::{Running, Setup, pointsman};

/// Nothing of 2022 is too old.
const KEEP_ALL: [&str; 6] = [
    "--retention",
    "3650d",
    "--retention-minutes",
    "3650d",
    "--retention-hours",
    "3650d",
];

/// How long a replay of a whole system may take.
const LONG: Duration = Duration::from_secs(1800);

#[tokio::test(flavor = "multi_thread")]
async fn online_boutique_is_stored_whole() {
    let named = [
        ("frontend", "cartservice"),
        ("frontend", "productcatalogservice"),
        ("frontend", "checkoutservice"),
        ("checkoutservice", "paymentservice"),
        ("recommendationservice", "productcatalogservice"),
    ];
    stored_whole(
        ONLINE_BOUTIQUE,
        "from=2022-08-22T00:00:00Z&to=2022-08-24T00:00:00Z",
        &named,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn train_ticket_is_stored_whole() {
    let named = [
        ("ts-travel-service", "ts-route-service"),
        ("ts-preserve-service", "ts-security-service"),
    ];
    stored_whole(
        TRAIN_TICKET,
        "from=2023-01-28T00:00:00Z&to=2023-01-31T00:00:00Z",
        &named,
    )
    .await;
}

async fn stored_whole(system: System, range: &str, named: &[(&str, &str)]) {
    let Some(files) = recorded(system).unwrap() else {
        return;
    };
    let expected = expected_edges(&files.traces);
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).with(&KEEP_ALL).start().await;
    for turn in 0..2 {
        replay(&server, &files, system).await;
        let count = async |signal: &str, outcome: &str| {
            let name = format!("pointsman_ingest_{signal}_total{{outcome=\"{outcome}\"}}");
            server.metric(&name).await.unwrap()
        };
        assert_eq!(count("spans", "accepted").await, system.spans);
        assert_eq!(count("log_records", "accepted").await, system.records);
        assert_eq!(count("spans", "duplicate").await, turn * system.spans);
        assert_eq!(count("log_records", "duplicate").await, turn * system.records);
        server.transformed().await;
        assert_eq!(stored(&db).await, (system.spans, system.records));
        let topology: Topology = server.get(&format!("/topology?{range}")).await.unwrap();
        check_edges(&topology, &expected, named);
    }
    server.stop().await;
}

async fn replay(server: &Running, files: &Recorded, system: System) {
    let mut command = pointsman();
    command
        .args([
            "replay",
            "--json",
            "--keep-time",
            "--speed",
            "max",
            "--endpoint",
            &server.otlp_http,
        ])
        .args([&files.traces, &files.logs])
        .kill_on_drop(true);
    let output = timeout(LONG, command.output()).await.expect("the replay ends").unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["spans"], system.spans);
    assert_eq!(summary["log_records"], system.records);
}

/// Spans and log records in the tables, whichever stage they have reached, as of one moment.
async fn stored(db: &TestDb) -> (u64, u64) {
    let store = db.store().await;
    let sizes = sizes(&mut *store.conn().await.unwrap()).await.unwrap();
    (sizes.spans, sizes.records)
}

/// Who calls whom, and how often: a client span, and the server span of another service that names it as its parent.
type Edges = BTreeMap<(String, String), u64>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResourceSpans {
    resource: Resource,
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Deserialize)]
struct Resource {
    attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
struct Attribute {
    key: String,
    value: serde_json::Value,
}

#[derive(Deserialize)]
struct ScopeSpans {
    spans: Vec<Span>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Span {
    trace_id: String,
    span_id: String,
    #[serde(default)]
    parent_span_id: String,
    #[serde(default)]
    kind: u8,
}

/// Counted from the file's own lines, by nothing of what is tested.
fn expected_edges(traces: &Path) -> Edges {
    const SERVER: u8 = 2;
    const CLIENT: u8 = 3;
    let mut services = Vec::new();
    let mut clients: HashMap<(u128, u64), usize> = HashMap::new();
    let mut servers: HashMap<(u128, u64), ((u128, u64), usize)> = HashMap::new();
    for line in BufReader::new(zstd::Decoder::new(File::open(traces).unwrap()).unwrap()).lines() {
        let request: Request = serde_json::from_str(&line.unwrap()).unwrap();
        for resource in request.resource_spans {
            let name = resource
                .resource
                .attributes
                .iter()
                .find(|a| a.key == "service.name")
                .unwrap();
            let name = name.value["stringValue"].as_str().unwrap();
            let service = services.iter().position(|known| known == name).unwrap_or_else(|| {
                services.push(name.to_owned());
                services.len() - 1
            });
            for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                let trace = u128::from_str_radix(&span.trace_id, 16).unwrap();
                let id = |text: &str| (trace, u64::from_str_radix(text, 16).unwrap_or(0));
                match span.kind {
                    CLIENT => drop(clients.insert(id(&span.span_id), service)),
                    SERVER => drop(servers.insert(id(&span.span_id), (id(&span.parent_span_id), service))),
                    _ => {}
                }
            }
        }
    }
    let mut edges = Edges::new();
    for (parent, target) in servers.values() {
        if let Some(source) = clients.get(parent) {
            *edges
                .entry((services[*source].clone(), services[*target].clone()))
                .or_default() += 1;
        }
    }
    edges
}

fn check_edges(topology: &Topology, expected: &Edges, named: &[(&str, &str)]) {
    let found: Edges = topology
        .tracks
        .iter()
        .filter(|track| track.source.kind == NodeKind::Service && track.target.kind == NodeKind::Service)
        .map(|track| {
            (
                (track.source.name.to_string(), track.target.name.to_string()),
                track.red.requests,
            )
        })
        .collect();
    let names = |edges: &Edges| edges.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&found), names(expected));
    assert_eq!(&found, expected, "each edge as often as the spans say");
    for (source, target) in named {
        let edge = ((*source).to_owned(), (*target).to_owned());
        assert!(found.contains_key(&edge), "{edge:?} is not among {:?}", names(&found));
    }
}
