//! The recorded systems at full size: what is stored is what was sent, also after it was sent again, and the edges are
//! those that the spans themselves say.

mod faults;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use pointsman_domain::read::{Overview, Topology};
use pointsman_domain::rollup::{Endpoint, NodeKind};
use pointsman_store::size::sizes;
use pointsman_testing::{ONLINE_BOUTIQUE, Recorded, System, TRAIN_TICKET, TRAIN_TICKET_FAULT_FREE, TestDb, recorded};
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
    let range = "from=2022-08-22T00:00:00Z&to=2022-08-24T00:00:00Z";
    if let Some((_db, server)) = stored_whole(ONLINE_BOUTIQUE, range, &named).await {
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn train_ticket_is_stored_whole() {
    let named = [
        ("ts-seat-service", "ts-config-service"),
        ("ts-travel-service", "ts-route-service"),
        ("ts-preserve-service", "ts-security-service"),
    ];
    let range = "from=2023-01-28T00:00:00Z&to=2023-01-31T00:00:00Z";
    let Some((_db, server)) = stored_whole(TRAIN_TICKET, range, &named).await else {
        return;
    };
    let Some(quiet) = recorded(TRAIN_TICKET_FAULT_FREE) else {
        return;
    };
    replay(&server, &quiet).await;
    server.transformed().await;
    faults::are_found(&server, &quiet.folder.join("../labels.json"), 2).await;
    server.stop().await;
}

async fn stored_whole(system: System, range: &str, named: &[(&str, &str)]) -> Option<(TestDb, Running)> {
    let files = recorded(system)?;
    let expected = Expected::read(&files.traces);
    let [spans, records] = [Sent::spans(&files.traces), Sent::records(&files.logs)];
    assert_eq!(
        (spans.items, records.items + records.wrong_items),
        (system.spans, system.records)
    );
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).with(&KEEP_ALL).start().await;
    for turn in 0..2 {
        let summary = replay(&server, &files).await;
        assert_eq!(summary["spans"], spans.items);
        assert_eq!(summary["log_records"], records.items);
        assert_eq!(summary["bad_lines"], records.wrong_lines, "{}", summary["errors"]);
        for (signal, sent) in [("spans", &spans), ("log_records", &records)] {
            let count = async |outcome: &str| {
                let name = format!("pointsman_ingest_{signal}_total{{outcome=\"{outcome}\"}}");
                server.metric(&name).await.unwrap()
            };
            assert_eq!(count("accepted").await, sent.once(), "{signal}");
            assert_eq!(count("duplicate").await, turn * sent.items + sent.repeated, "{signal}");
        }
        server.transformed().await;
        assert_eq!(stored(&db).await, (spans.once(), records.once()));
        let topology: Topology = server.get(&format!("/topology?{range}")).await.unwrap();
        let overview: Overview = server.get(&format!("/overview?{range}")).await.unwrap();
        expected.check(&overview, &topology, named);
    }
    Some((db, server))
}

async fn replay(server: &Running, files: &Recorded) -> serde_json::Value {
    let mut command = pointsman();
    command
        .args([
            "replay",
            "--json",
            "--keep-time",
            "--speed",
            "max",
            "--on-error",
            "skip",
        ])
        .args(["--endpoint", &server.otlp_http])
        .args([&files.traces, &files.logs])
        .kill_on_drop(true);
    let output = timeout(LONG, command.output()).await.expect("the replay ends").unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What a file's lines hold, counted by nothing of what is tested.
#[derive(Default)]
struct Sent {
    /// Spans or log records of the lines that can be sent.
    items: u64,
    /// Those of them in lines that repeat an earlier one byte for byte. TrainTicket has seven: the same request counts once.
    repeated: u64,
    /// Lines with a time before 1970, which OTLP has no form for. TrainTicket's logs have three.
    wrong_lines: u64,
    /// Log records in those.
    wrong_items: u64,
}

impl Sent {
    fn spans(traces: &Path) -> Self {
        Self::read(traces, "\"startTimeUnixNano\":")
    }

    fn records(logs: &Path) -> Self {
        Self::read(logs, "\"timeUnixNano\":")
    }

    fn read(path: &Path, word: &str) -> Self {
        let mut sent = Self::default();
        let mut seen = HashSet::new();
        let before_1970 = format!("{word}\"-");
        for line in lines(path) {
            let items = line.matches(word).count() as u64;
            if line.contains(&before_1970) {
                sent.wrong_lines += 1;
                sent.wrong_items += items;
                continue;
            }
            sent.items += items;
            let mut hasher = DefaultHasher::new();
            line.hash(&mut hasher);
            if !seen.insert(hasher.finish()) {
                sent.repeated += items;
            }
        }
        sent
    }

    /// What is left when each request counts once.
    fn once(&self) -> u64 {
        self.items - self.repeated
    }
}

fn lines(path: &Path) -> impl Iterator<Item = String> {
    let reader = BufReader::new(zstd::Decoder::new(File::open(path).unwrap()).unwrap());
    reader.lines().map(Result::unwrap)
}

/// Spans and log records in the tables, whichever stage they have reached, as of one moment.
async fn stored(db: &TestDb) -> (u64, u64) {
    let store = db.store().await;
    let sizes = sizes(&mut store.conn().await.unwrap()).await.unwrap();
    (sizes.spans, sizes.records)
}

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

/// Calls between two services.
type Edges = BTreeMap<(String, String), u64>;

/// What the file's own lines say of requests and edges, read by nothing of what is tested. The recordings hold some spans
/// twice, in different requests; they count once.
#[derive(Default)]
struct Expected {
    /// Server and consumer spans, and internal ones without a parent, by service.
    requests: BTreeMap<String, u64>,
    /// Server spans whose parent is a span of another service.
    calls: Edges,
}

type Id = (u128, u64);

impl Expected {
    fn read(traces: &Path) -> Self {
        const INTERNAL: u8 = 1;
        const SERVER: u8 = 2;
        const CONSUMER: u8 = 5;
        let mut services: HashMap<Id, Rc<str>> = HashMap::new();
        let mut servers: Vec<(Id, Rc<str>)> = Vec::new();
        let mut expected = Self::default();
        for line in lines(traces) {
            let request: Request = serde_json::from_str(&line).unwrap();
            for resource in request.resource_spans {
                let name = resource.resource.attributes.iter().find(|a| a.key == "service.name");
                let service: Rc<str> = name.unwrap().value["stringValue"].as_str().unwrap().into();
                for span in resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                    let trace = u128::from_str_radix(&span.trace_id, 16).unwrap();
                    let id = |text: &str| (trace, u64::from_str_radix(text, 16).unwrap_or(0));
                    if services.insert(id(&span.span_id), service.clone()).is_some() {
                        continue;
                    }
                    let root = span.parent_span_id.is_empty();
                    if matches!(span.kind, SERVER | CONSUMER) || span.kind == INTERNAL && root {
                        *expected.requests.entry(service.to_string()).or_default() += 1;
                    }
                    if span.kind == SERVER {
                        servers.push((id(&span.parent_span_id), service.clone()));
                    }
                }
            }
        }
        for (parent, target) in servers {
            if let Some(source) = services.get(&parent).filter(|source| **source != target) {
                let edge = (source.to_string(), target.to_string());
                *expected.calls.entry(edge).or_default() += 1;
            }
        }
        expected
    }

    fn check(&self, overview: &Overview, topology: &Topology, named: &[(&str, &str)]) {
        let services = overview.services.iter().filter(|service| service.red.requests > 0);
        let requests: BTreeMap<String, u64> = services
            .map(|service| (service.name.to_string(), service.red.requests))
            .collect();
        assert_eq!(requests, self.requests);
        let is_service = |endpoint: &Endpoint| endpoint.kind == NodeKind::Service;
        let edges = topology.edges.iter();
        let found: Edges = edges
            .filter(|edge| is_service(&edge.source) && is_service(&edge.target))
            .map(|edge| {
                (
                    (edge.source.name.to_string(), edge.target.name.to_string()),
                    edge.red.requests,
                )
            })
            .collect();
        assert_eq!(found, self.calls);
        for (source, target) in named {
            let edge = ((*source).to_owned(), (*target).to_owned());
            assert!(found.contains_key(&edge), "{edge:?} is not among {:?}", found.keys());
        }
    }
}
