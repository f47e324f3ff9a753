//! A server with something of everything that the API shows, and an admin to ask it.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use pointsman_domain::people::{Role, Scope};
use pointsman_domain::time::format_moment;
use pointsman_testing::TestDb;
use serde_json::{Value, json};

use super::Document;
use crate::otlp::{now_ns, trace_id};
use crate::people::{People, REASON};
use crate::routes::Api;
use crate::running::{Answer, Running, Setup, send};

/// A server, and the session of an admin. Nobody reads without one.
pub(super) struct Furnished {
    running: Running,
    cookie: String,
    /// What sends telemetry.
    token: String,
    _db: TestDb,
}

/// A trace that is there.
pub(super) fn trace() -> String {
    trace_id(1)
}

/// A call of web to cart that fails, with attributes of every kind, an event and a link; and a log record in it.
fn telemetry(number: u64, end_ns: u64) -> (Value, Value) {
    let attributes = json!([
        { "key": "text", "value": { "stringValue": "t" } }, { "key": "whole", "value": { "intValue": "9007199254740993" } },
        { "key": "double", "value": { "doubleValue": 1.5 } }, { "key": "nan", "value": { "doubleValue": "NaN" } },
        { "key": "flag", "value": { "boolValue": true } }, { "key": "bytes", "value": { "bytesValue": "AAE=" } },
        { "key": "nothing", "value": {} },
        { "key": "list", "value": { "arrayValue": { "values": [{ "stringValue": "a" }, { "intValue": 1 }] } } },
        { "key": "map", "value": { "kvlistValue": { "values": [{ "key": "k", "value": { "boolValue": false } }] } } },
    ]);
    let resource = |name: &str| {
        json!({ "attributes": [
            { "key": "service.name", "value": { "stringValue": name } },
            { "key": "service.version", "value": { "stringValue": "1.0" } },
            { "key": "service.instance.id", "value": { "stringValue": "one" } },
        ]})
    };
    let span = |id: u64, parent: u64, kind: u8| {
        json!({
            "traceId": trace_id(number), "spanId": format!("{:016x}", number * 10 + id),
            "parentSpanId": if parent == 0 { String::new() } else { format!("{:016x}", number * 10 + parent) },
            "name": "GET /cart", "kind": kind, "attributes": attributes,
            "startTimeUnixNano": (end_ns - 5_000_000).to_string(), "endTimeUnixNano": end_ns.to_string(),
            "events": [{ "timeUnixNano": end_ns.to_string(), "name": "exception", "attributes": attributes }],
            "links": [{ "traceId": trace_id(number + 1), "spanId": format!("{:016x}", 5), "attributes": attributes }],
            "status": { "code": 2, "message": "it failed" },
        })
    };
    let spans = json!({ "resourceSpans": [
        { "resource": resource("web"), "scopeSpans": [{ "scope": { "name": "s", "version": "1" }, "spans": [span(1, 0, 2), span(2, 1, 3)] }] },
        { "resource": resource("cart"), "scopeSpans": [{ "spans": [span(3, 2, 2)] }] },
    ]});
    let logs = json!({ "resourceLogs": [{ "resource": resource("cart"), "scopeLogs": [{ "logRecords": [{
        "timeUnixNano": end_ns.to_string(), "severityNumber": 17, "severityText": "ERROR", "attributes": attributes,
        "body": { "kvlistValue": { "values": [{ "key": "k", "value": { "intValue": 1 } }] } },
        "traceId": trace_id(number), "spanId": format!("{:016x}", number * 10 + 3),
    }] }] }] });
    (spans, logs)
}

fn objective(name: &str, indicator: &Value) -> Value {
    let mut objective = json!({
        "name": name, "service": "cart", "target": 0.99, "indicator": indicator, "window": { "kind": "rolling", "days": 30 },
    });
    if objective["indicator"]["kind"] == "throughput" {
        objective["budgeting"] = json!({ "method": "timeslices", "seconds": 60 });
    }
    json!({ "objective": objective, "reason": REASON })
}

impl Furnished {
    /// With accounts, and nothing else.
    pub(super) async fn empty() -> Self {
        let db = TestDb::new().await;
        let running = Setup::on(db.url()).with(&["--anonymous", "none"]).start().await;
        let people = People::on(&db).await;
        people.account("admin", Role::Admin).await;
        people
            .operator()
            .people()
            .create_team("shop", "Shop", REASON)
            .await
            .unwrap();
        Self {
            cookie: running.session("admin").await,
            token: people.token(&[Scope::Ingest], "").await,
            running,
            _db: db,
        }
    }

    /// With something of everything. What makes it is checked against the document, too.
    pub(super) async fn new() -> Self {
        let server = Self::empty().await;
        for number in 0..30 {
            let (spans, logs) = telemetry(1 + 2 * number, now_ns());
            server.sends("traces", &spans).await;
            server.sends("logs", &logs).await;
        }
        server.make_promises().await;
        let until = async |what: &str, path: &str, there: &dyn Fn(&Value) -> bool| {
            let ask = async || {
                let answer = server.ask(Method::GET, path, None).await;
                (answer.status == StatusCode::OK && there(&answer.json())).then_some(())
            };
            server.running.until(what, ask).await;
        };
        until("traces", "/api/v1/traces?service=cart", &|page| {
            page["traces"].as_array().is_some_and(|list| list.len() > 5)
        })
        .await;
        until("logs", "/api/v1/logs", &|page| !page["lines"][0].is_null()).await;
        until("an edge", "/api/v1/topology", &|page| !page["edges"][0].is_null()).await;
        until("a status", "/api/v1/slos/up", &|slo| slo["status"].is_object()).await;
        until("a contract's period", "/api/v1/slas/acme", &|sla| {
            sla["running"].is_object()
        })
        .await;
        until("an alert", "/api/v1/alerts", &|page| !page["alerts"][0].is_null()).await;
        let document = Document::of(&server).await;
        let alerts = server.ask(Method::GET, "/api/v1/alerts", None).await.json();
        server
            .does(
                &document,
                Api::AlertAck,
                &format!("/api/v1/alerts/{}/ack", alerts["alerts"][0]["id"]),
                None,
            )
            .await;
        server
    }

    async fn make_promises(&self) {
        let document = Document::of(self).await;
        let does = async |route: Api, url: &str, body: Value| self.does(&document, route, url, Some(&body)).await;
        for (name, indicator) in [
            ("up", json!({ "kind": "availability" })),
            ("fast", json!({ "kind": "latency", "threshold_ns": 100_000_000 })),
            (
                "busy",
                json!({ "kind": "throughput", "limit": "at_least", "per_second": 1.5 }),
            ),
            (
                "all",
                json!({ "kind": "composite", "members": [{ "objective": "up", "weight": 1.0 }, { "objective": "fast", "weight": 2.0 }] }),
            ),
            ("gone", json!({ "kind": "availability" })),
        ] {
            does(Api::SloNew, "/api/v1/slos", objective(name, &indicator)).await;
        }
        does(
            Api::SloEdit,
            "/api/v1/slos/up",
            objective("up", &json!({ "kind": "availability" })),
        )
        .await;
        does(Api::SloRemove, "/api/v1/slos/gone", json!({ "reason": REASON })).await;
        let draft = objective("draft", &json!({ "kind": "availability" }));
        does(
            Api::Backtest,
            "/api/v1/backtests",
            json!({ "objective": draft["objective"], "range": "1h" }),
        )
        .await;
        let yaml = self.ask(Method::GET, "/api/v1/openslo?service=cart", None).await.text();
        does(
            Api::OpenSloIn,
            "/api/v1/openslo",
            json!({ "yaml": yaml, "reason": REASON }),
        )
        .await;

        let contract = |name: &str| {
            json!({ "reason": REASON, "contract": {
                "name": name, "customer": "ACME", "unit": "month", "zone": "UTC", "starts": "2026-01-01",
                "amount": { "minor": 100_000, "currency": "EUR" }, "terms": [{ "objective": "up", "target": 0.9 }],
                "tiers": [{ "below": 0.9, "credit_percent": 10.0, "review": true }],
            }})
        };
        does(Api::SlaNew, "/api/v1/slas", contract("acme")).await;
        does(Api::SlaNew, "/api/v1/slas", contract("gone")).await;
        does(Api::SlaEdit, "/api/v1/slas/acme", contract("acme")).await;

        let webhook = json!({ "reason": REASON, "channel": {
            "name": "hook", "to": { "kind": "webhook", "url": "http://127.0.0.1:9/" }, "secret": "0123456789abcdef", "least": "ticket",
        }});
        let made = does(Api::ChannelNew, "/api/v1/channels", webhook.clone()).await;
        does(Api::ChannelEdit, &format!("/api/v1/channels/{}", made["id"]), webhook).await;
        let mail = json!({ "reason": REASON, "channel": { "name": "mail", "teams": ["shop"], "to": {
            "kind": "email", "host": "127.0.0.1", "port": 9, "security": "none", "from": "a@example.org", "to": ["b@example.org"],
        }}});
        let mail = does(Api::ChannelNew, "/api/v1/channels", mail).await;
        let schedule = json!({ "reason": REASON, "schedule": { "channel": mail["id"], "unit": "month" } });
        does(Api::ScheduleNew, "/api/v1/report-schedules", schedule).await;

        let silence = json!({ "service": "cart", "minutes": 5, "reason": REASON });
        let made = does(Api::SilenceNew, "/api/v1/silences", silence.clone()).await;
        does(
            Api::SilenceEnd,
            &format!("/api/v1/silences/{}", made["id"]),
            json!({ "reason": REASON }),
        )
        .await;
        does(Api::SilenceNew, "/api/v1/silences", silence).await;
        let ago = |hours: u64| format_moment(now_ns() - hours * 3600 * 1_000_000_000);
        let exclusion = json!({ "service": "web", "from": ago(2), "to": ago(1), "reason": REASON });
        let made = does(Api::ExclusionNew, "/api/v1/exclusions", exclusion.clone()).await;
        does(
            Api::ExclusionEnd,
            &format!("/api/v1/exclusions/{}", made["id"]),
            json!({ "reason": REASON }),
        )
        .await;
        does(Api::ExclusionNew, "/api/v1/exclusions", exclusion).await;
        does(
            Api::PolicySet,
            "/api/v1/policies/cart",
            json!({ "policy": "warn", "reason": REASON }),
        )
        .await;
    }

    /// Something that has to be done, and answered as the document says.
    async fn does(&self, document: &Document, route: Api, url: &str, body: Option<&Value>) -> Value {
        let answer = self.ask(route.method(), url, body).await;
        assert!(answer.status.is_success(), "{url}: {}", answer.text());
        document.check(route, url, &answer);
        if answer.body.is_empty() {
            Value::Null
        } else {
            answer.json()
        }
    }

    /// Asks as the admin's browser does.
    pub(super) async fn ask(&self, method: Method, url: &str, body: Option<&Value>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{url}", self.address()));
        request = request.header("cookie", &self.cookie).header("origin", self.address());
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        send(request.body(Body::from(body)).unwrap()).await
    }

    async fn sends(&self, signal: &str, body: &Value) {
        let request = Request::post(format!("{}/v1/{signal}", self.running.otlp_http))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", self.token));
        let answer = send(request.body(Body::from(body.to_string())).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }

    /// `http://` and where it listens.
    pub(super) fn address(&self) -> &str {
        &self.running.console
    }

    /// The value of the cookie of the admin's session.
    pub(super) fn session(&self) -> &str {
        self.cookie.trim_start_matches("pointsman=")
    }

    pub(super) async fn stop(self) {
        self.running.stop().await;
    }
}
