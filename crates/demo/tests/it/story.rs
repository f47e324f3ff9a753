//! The story: the shop opens, sells, suffers the fault when told, and closes; and leaves no orphan when it is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind, status::StatusCode};
use pointsman_localpg::{LocalPg, LocalPgOptions};
use tokio::process::{Child, Command};

use crate::receiver::{self, Received, Sender, text};

const PATIENCE: Duration = Duration::from_secs(60);

/// All that a sale goes through.
const SALE: [&str; 8] = [
    "storefront",
    "checkout",
    "cart",
    "pricing",
    "payments",
    "shipping",
    "notifier",
    "catalog",
];

pub async fn the_shop_lives_and_dies() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = LocalPgOptions::new(folder.path().join("postgres"));
    options.fsync = false;
    let postgres = LocalPg::start(options).await.unwrap();
    let (otlp, received) = receiver::start().await;
    let shop = Shop {
        database: postgres.url(),
        otlp: format!("http://{otlp}"),
        folder: folder.path().join("demo"),
        received,
    };

    // The database outlives a failure otherwise.
    let told = tokio::spawn(tell(shop)).await;
    postgres.stop().await.unwrap();
    if let Err(failure) = told {
        std::panic::resume_unwind(failure.into_panic());
    }
}

async fn tell(shop: Shop) {
    let mut demo = shop.open();
    shop.every_service_sends().await;
    shop.a_sale_is_one_trace().await;
    shop.spans_say_what_they_are();
    shop.logs_belong_to_traces().await;
    shop.the_fault_comes_when_told().await;
    signal(&demo, Signal::SIGINT);
    let status = tokio::time::timeout(PATIENCE, demo.wait()).await.unwrap().unwrap();
    assert!(status.success(), "an orderly end: {status}");
    shop.nobody_is_left().await;

    shop.received.lock().unwrap().spans.clear();
    let mut demo = shop.open();
    shop.every_service_sends().await;
    signal(&demo, Signal::SIGKILL);
    demo.wait().await.unwrap();
    shop.nobody_is_left().await;
}

struct Shop {
    database: String,
    otlp: String,
    folder: std::path::PathBuf,
    received: Arc<Mutex<Received>>,
}

impl Shop {
    fn open(&self) -> Child {
        program(&self.folder)
            .args(["demo", "--no-serve", "--rate", "30", "--fault", "off"])
            .args(["--otlp-endpoint", &self.otlp, "--database-url", &self.database])
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    async fn every_service_sends(&self) {
        let wanted: BTreeSet<&str> = SALE.into();
        eventually("every service sends spans", || {
            let received = self.received.lock().unwrap();
            let seen: BTreeSet<&str> = received.spans.iter().map(|(from, _)| from.service.as_str()).collect();
            let payments = received.spans.iter().filter(|(from, _)| from.service == "payments");
            let nodes: BTreeSet<(&str, &str)> = payments
                .map(|(from, _)| (from.version.as_str(), from.instance.as_str()))
                .collect();
            let versions: Vec<&str> = nodes.iter().map(|(version, _)| *version).collect();
            let all = seen == wanted && versions == ["1.4.0", "1.4.0", "2.0.0", "2.0.0"];
            if all {
                Ok(())
            } else {
                Err(format!("{seen:?} {nodes:?}"))
            }
        })
        .await;
        let received = self.received.lock().unwrap();
        for (from, _) in &received.spans {
            assert_eq!(from.environment, "demo");
            assert!(!from.instance.is_empty() && !from.version.is_empty(), "{from:?}");
        }
    }

    /// A checkout is followed through HTTP, gRPC and the queue.
    async fn a_sale_is_one_trace(&self) {
        eventually("a sale is one trace", || {
            let received = self.received.lock().unwrap();
            let mut traces = BTreeMap::<&[u8], Vec<&(Sender, Span)>>::new();
            for item in &received.spans {
                traces.entry(&item.1.trace_id).or_default().push(item);
            }
            let complete = traces.values().find(|spans| {
                let services: BTreeSet<&str> = spans.iter().map(|(from, _)| from.service.as_str()).collect();
                SALE.iter()
                    .filter(|name| **name != "catalog")
                    .all(|name| services.contains(name))
                    && connected(spans)
            });
            complete
                .map(|_| ())
                .ok_or_else(|| format!("{} traces, none complete", traces.len()))
        })
        .await;
    }

    fn spans_say_what_they_are(&self) {
        let received = self.received.lock().unwrap();
        let of = |service: &str, kind: SpanKind, name: &str| {
            let mut spans = received
                .spans
                .iter()
                .filter(|(from, span)| from.service == service && span.kind == kind as i32 && span.name == name);
            spans
                .next()
                .unwrap_or_else(|| panic!("no {name} of {service}"))
                .1
                .clone()
        };
        let server = of("storefront", SpanKind::Server, "GET /products/{id}");
        assert!(server.parent_span_id.is_empty(), "the storefront's spans are roots");
        assert_eq!(text(&server.attributes, "http.request.method"), "GET");
        assert_eq!(text(&server.attributes, "http.route"), "/products/{id}");
        assert_eq!(receiver::int(&server.attributes, "http.response.status_code"), 200);
        let charge = of("payments", SpanKind::Server, "shop.Payments/Charge");
        assert_eq!(text(&charge.attributes, "rpc.system.name"), "grpc");
        assert_eq!(text(&charge.attributes, "rpc.response.status_code"), "OK");
        assert_eq!(text(&charge.attributes, "payment.provider"), "card-network");
        assert!(text(&charge.attributes, "order.id").starts_with("ord-"));
        let query = of("catalog", SpanKind::Client, "SELECT product");
        assert_eq!(text(&query.attributes, "db.system.name"), "postgresql");
        assert_eq!(text(&query.attributes, "db.namespace"), "shop");
        let outside = of("payments", SpanKind::Client, "POST /authorizations");
        assert_eq!(text(&outside.attributes, "service.peer.name"), "card-network");
        for (service, kind, name) in [
            ("checkout", SpanKind::Producer, "send order-events"),
            ("notifier", SpanKind::Consumer, "process order-events"),
        ] {
            let span = of(service, kind, name);
            assert_eq!(text(&span.attributes, "messaging.destination.name"), "order-events");
            assert_eq!(text(&span.attributes, "messaging.system"), "postgresql");
        }
    }

    async fn logs_belong_to_traces(&self) {
        eventually("logs have trace context", || {
            let received = self.received.lock().unwrap();
            let traces: BTreeSet<&[u8]> = received
                .spans
                .iter()
                .map(|(_, span)| span.trace_id.as_slice())
                .collect();
            let order = received.logs.iter().find(|(from, record)| {
                from.service == "checkout"
                    && text(&record.attributes, "order.id").starts_with("ord-")
                    && traces.contains(record.trace_id.as_slice())
            });
            order
                .map(|_| ())
                .ok_or_else(|| format!("{} log records", received.logs.len()))
        })
        .await;
    }

    async fn the_fault_comes_when_told(&self) {
        assert!(self.say_fault("status").await.contains("payments-4 is off"));
        assert!(self.say_fault("on").await.contains("payments-4 is on"));
        eventually("the faulty node fails, and its callers", || {
            let received = self.received.lock().unwrap();
            let failed = |service: &str| {
                let is_error = |span: &Span| span.status.as_ref().is_some_and(|s| s.code == StatusCode::Error as i32);
                let all = received.spans.iter();
                all.filter(|(from, span)| from.service == service && is_error(span))
                    .collect::<Vec<_>>()
            };
            let payments = failed("payments");
            assert!(
                payments.iter().all(|(from, _)| from.instance == "payments-4"),
                "only one node fails"
            );
            let told = payments.iter().any(|(_, span)| {
                span.events.iter().any(|event| {
                    event.name == "exception" && text(&event.attributes, "exception.type") == "ConnectionPoolExhausted"
                })
            });
            let felt = !failed("checkout").is_empty() && !failed("storefront").is_empty();
            if told && felt {
                Ok(())
            } else {
                Err(format!("{} errors of payments", payments.len()))
            }
        })
        .await;
        assert!(self.say_fault("off").await.contains("payments-4 is off"));
    }

    async fn say_fault(&self, word: &str) -> String {
        let mut command = program(&self.folder);
        let output = command
            .args(["demo", "fault", word])
            .stdout(Stdio::piped())
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    async fn nobody_is_left(&self) {
        let pids: BTreeSet<i64> = {
            let received = self.received.lock().unwrap();
            received.spans.iter().map(|(from, _)| from.pid).collect()
        };
        assert!(pids.len() >= 11, "each instance is a process: {pids:?}");
        eventually("every process has ended", || {
            let left: Vec<_> = pids
                .iter()
                .filter(|pid| Path::new(&format!("/proc/{pid}")).exists())
                .collect();
            if left.is_empty() {
                Ok(())
            } else {
                Err(format!("{left:?} live"))
            }
        })
        .await;
    }
}

/// Whether every span but one has its parent among the others.
fn connected(spans: &[&(Sender, Span)]) -> bool {
    let ids: BTreeSet<&[u8]> = spans.iter().map(|(_, span)| span.span_id.as_slice()).collect();
    let roots = spans
        .iter()
        .filter(|(_, span)| !ids.contains(span.parent_span_id.as_slice()));
    roots.count() == 1
}

fn program(data_dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env("POINTSMAN_DATA_DIR", data_dir);
    command
}

fn signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().unwrap() as i32), signal).unwrap();
}

/// Asks again until it holds, or says what it last said.
async fn eventually(what: &str, holds: impl Fn() -> Result<(), String>) {
    let began = Instant::now();
    loop {
        match holds() {
            Ok(()) => return,
            Err(now) => assert!(began.elapsed() < PATIENCE, "not so: {what}: {now}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
