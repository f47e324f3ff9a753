//! Senders that behave as OTLP senders do: the same bytes again and again until they are acknowledged, and now and then once more, as where
//! an answer was lost. They remember what was acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::machines::AppState;
use crate::otlp::now_ns;
use crate::running::PATIENCE;

/// The service at which each trace begins; every tenth request of it fails.
pub(super) const CALLER: &str = "crash-caller";
/// The service that it calls.
pub(super) const CALLED: &str = "crash-called";

const SENDERS: usize = 4;

/// What was acknowledged.
#[derive(Default)]
pub(super) struct Sent {
    /// The ids of the spans of each trace: a request of the caller, its call, and the request of the called.
    pub(super) traces: BTreeMap<String, BTreeSet<String>>,
    /// Requests of the caller that failed.
    pub(super) failed: u64,
    /// Log records.
    pub(super) records: u64,
    /// Tries that were refused or cut off.
    pub(super) refused: u64,
    /// Requests that were sent again on purpose.
    pub(super) repeated: u64,
}

impl Sent {
    pub(super) fn spans(&self) -> u64 {
        3 * self.traces.len() as u64
    }

    fn add(&mut self, other: Self) {
        self.traces.extend(other.traces);
        self.failed += other.failed;
        self.records += other.records;
        self.refused += other.refused;
        self.repeated += other.repeated;
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "acknowledged: {} traces, {} log records; {} tries were refused or cut off, {} requests sent again on purpose",
            self.traces.len(),
            self.records,
            self.refused,
            self.repeated
        )
    }
}

pub(super) struct Load {
    senders: JoinSet<Sent>,
    stop: CancellationToken,
}

impl Load {
    pub(super) fn start(state: &AppState, random: &mut StdRng) -> Self {
        let stop = CancellationToken::new();
        let senders = (0..SENDERS).map(|number| {
            let sender = Sender {
                number,
                state: state.clone(),
                client: Client::builder(TokioExecutor::new()).build_http(),
                random: StdRng::from_rng(random),
                sent: Sent::default(),
            };
            sender.run(stop.clone())
        });
        Self {
            senders: senders.collect(),
            stop,
        }
    }

    /// Ends when all that was begun is acknowledged.
    pub(super) async fn end(self) -> Sent {
        self.stop.cancel();
        let mut all = Sent::default();
        for sent in self.senders.join_all().await {
            all.add(sent);
        }
        all
    }
}

struct Sender {
    number: usize,
    state: AppState,
    client: Client<HttpConnector, Body>,
    random: StdRng,
    sent: Sent,
}

impl Sender {
    async fn run(mut self, stop: CancellationToken) -> Sent {
        while !stop.is_cancelled() {
            let (mut callers, mut called) = (Vec::new(), Vec::new());
            for _ in 0..self.random.random_range(1..20) {
                self.trace(&mut callers, &mut called);
            }
            let mut requests = [(CALLER, callers), (CALLED, called)];
            if self.random.random_bool(0.5) {
                requests.reverse();
            }
            for (service, spans) in requests {
                let body =
                    json!({"resourceSpans": [{"resource": self.resource(service), "scopeSpans": [{"spans": spans}]}]});
                self.deliver("traces", &body).await;
            }
            let records = self.random.random_range(1..10);
            let lines: Vec<Value> = (0..records).map(|_| self.record()).collect();
            let body =
                json!({"resourceLogs": [{"resource": self.resource(CALLER), "scopeLogs": [{"logRecords": lines}]}]});
            self.deliver("logs", &body).await;
            self.sent.records += records;
            sleep(Duration::from_millis(self.random.random_range(0..60))).await;
        }
        self.sent
    }

    fn resource(&self, service: &str) -> Value {
        json!({"attributes": [
            {"key": "service.name", "value": {"stringValue": service}},
            {"key": "service.instance.id", "value": {"stringValue": format!("node-{}", self.number)}},
        ]})
    }

    /// A request of the caller with its call, and the request of the called.
    fn trace(&mut self, callers: &mut Vec<Value>, called: &mut Vec<Value>) {
        let trace = format!("{:032x}", self.random.random_range(1..=u128::MAX));
        let [root, call, answer] = [(); 3].map(|()| format!("{:016x}", self.random.random_range(1..=u64::MAX)));
        let fails = self.random.random_bool(0.1);
        let now = now_ns();
        let span = |id: &str, parent: &str, kind: u8, took_ns: u64, fails: bool| {
            json!({
                "traceId": trace, "spanId": id, "parentSpanId": parent, "name": "GET /", "kind": kind,
                "startTimeUnixNano": (now - took_ns).to_string(), "endTimeUnixNano": now.to_string(),
                "status": {"code": if fails { 2 } else { 0 }},
            })
        };
        callers.extend([
            span(&root, "", 2, 9_000_000, fails),
            span(&call, &root, 3, 6_000_000, false),
        ]);
        called.push(span(&answer, &call, 2, 5_000_000, false));
        self.sent.failed += u64::from(fails);
        self.sent
            .traces
            .insert(trace.clone(), BTreeSet::from([root, call, answer]));
    }

    fn record(&mut self) -> Value {
        json!({"timeUnixNano": now_ns().to_string(), "severityNumber": 9, "body": {"stringValue": format!("line {:x}", self.random.random::<u64>())}})
    }

    /// Sends these bytes until they are acknowledged; sometimes once more.
    async fn deliver(&mut self, signal: &str, body: &Value) {
        let bytes = body.to_string();
        let deadline = Instant::now() + PATIENCE;
        let repeat = self.random.random_bool(0.15);
        let mut acknowledged = 0;
        while acknowledged < 1 + usize::from(repeat) {
            assert!(Instant::now() < deadline, "a request is not acknowledged");
            if self.try_once(signal, bytes.clone()).await {
                acknowledged += 1;
            } else {
                self.sent.refused += 1;
                sleep(Duration::from_millis(self.random.random_range(20..300))).await;
            }
        }
        self.sent.repeated += u64::from(repeat);
    }

    /// Whether it was acknowledged. What is neither that nor a request to come again is a fault.
    async fn try_once(&mut self, signal: &str, bytes: String) -> bool {
        let door = {
            let state = self.state.read().expect("no panic holds it");
            state[self.random.random_range(0..state.len())].clone()
        };
        let request = Request::post(format!("{door}/v1/{signal}")).header("content-type", "application/json");
        let request = request.body(Body::from(bytes)).expect("a request");
        let Ok(Ok(answer)) = timeout(Duration::from_secs(15), self.client.request(request)).await else {
            return false;
        };
        let status = answer.status();
        let Ok(text) = axum::body::to_bytes(Body::new(answer.into_body()), 1 << 20).await else {
            return false;
        };
        let text = String::from_utf8_lossy(&text);
        let again = [
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::BAD_GATEWAY,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT,
        ];
        assert!(status == StatusCode::OK || again.contains(&status), "{status}: {text}");
        assert!(!text.contains("rejected"), "{text}");
        status == StatusCode::OK
    }
}
