//! A token to read one service finds no name of another in any answer, though they share traces, edges and objectives.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use pointsman_domain::people::Scope;
use pointsman_domain::read::{ServiceDetail, TracePage};
use pointsman_domain::slo::ObjectiveDraft;
use pointsman_testing::TestDb;
use serde_json::{Value, json};

use super::{lines, people, servers};
use crate::otlp::now_ns;
use crate::people::REASON;
use crate::running::{Answer, Running, send};

/// What stands in names, operations, versions, nodes, attributes, events, log records and objectives of the services that the token is not for.
const FOREIGN: &str = "hush";

/// `hush-web` calls cart, which fails and calls `hush-payroll`, which does, too; all in one trace. Cart's own spans say nothing of them.
fn shared_trace(number: u64, end_ns: u64) -> Value {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let part = |service: &str, mark: &str, spans: Value| {
        json!({
            "resource": {"attributes": [
                text("service.name", service), text("service.version", mark), text("service.instance.id", mark), text("zone", mark),
            ]},
            "scopeSpans": [{"scope": {"name": mark}, "spans": spans}],
        })
    };
    let id = |n: u64| format!("{:016x}", number * 100 + n);
    let span = |n: u64, parent: u64, kind: u8, name: &str, mark: &str, failed: bool| {
        let parent = if parent == 0 { String::new() } else { id(parent) };
        json!({
            "traceId": format!("{number:032x}"), "spanId": id(n), "parentSpanId": parent, "name": name, "kind": kind,
            "startTimeUnixNano": (end_ns - 50_000_000 + n * 1_000_000).to_string(), "endTimeUnixNano": (end_ns - n * 1_000_000).to_string(),
            "attributes": [text("note", mark)],
            "events": [{"timeUnixNano": end_ns.to_string(), "name": mark}],
            "status": if failed { json!({"code": 2, "message": mark}) } else { json!({}) },
        })
    };
    json!({"resourceSpans": [
        part("hush-web", "hush-1", json!([
            span(1, 0, 2, "POST /hush-plans", "hush hidden", true),
            span(2, 1, 3, "hush-call", "hush hidden", true),
        ])),
        part("cart", "v1", json!([
            span(3, 2, 2, "GET /cart", "open", true),
            span(4, 3, 3, "pay", "open", false),
        ])),
        part("hush-payroll", "hush-2", json!([span(5, 4, 2, "POST /hush-salaries", "hush hidden", true)])),
    ]})
}

async fn ask(server: &Running, token: &str, method: Method, path: &str, body: &str) -> Answer {
    let kind = if body.starts_with('{') {
        "application/json"
    } else {
        "application/x-www-form-urlencoded"
    };
    let request = Request::builder()
        .method(method)
        .uri(format!("{}{path}", server.console))
        .header("content-type", kind)
        .header("accept", "application/json")
        .header("authorization", format!("Bearer {token}"));
    send(request.body(Body::from(body.to_owned())).unwrap()).await
}

async fn get(server: &Running, token: &str, path: &str) -> Answer {
    ask(server, token, Method::GET, path, "").await
}

/// Objectives of cart: its own, one by who calls it, and one that is made of another's; and one of another.
async fn objectives(operator: &pointsman_control::UseCases) {
    let window = json!({"kind": "rolling", "days": 30});
    let counted = |name: &str, service: &str| json!({"name": name, "service": service, "target": 0.99, "indicator": {"kind": "availability"}, "window": window});
    let mut by_caller = counted("called", "cart");
    by_caller["caller"] = json!("hush-web");
    let composite = json!({
        "name": "journey", "service": "cart", "target": 0.9, "window": window,
        "indicator": {"kind": "composite", "members": [{"objective": "own", "weight": 1.0}, {"objective": "hush-up", "weight": 1.0}]},
    });
    for objective in [
        counted("own", "cart"),
        counted("hush-up", "hush-payroll"),
        by_caller,
        composite,
    ] {
        let objective: ObjectiveDraft = serde_json::from_value(objective).unwrap();
        operator.promise().create_slo(objective, REASON).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_for_one_service_reads_no_name_of_another() {
    let db = TestDb::new().await;
    let people = people(&db).await;
    let (closed, open) = servers(&db).await;
    objectives(&people.operator()).await;
    let sender = people.token(&[Scope::Ingest], "").await;
    let reader = people.token(&[Scope::Read], "cart").await;
    let everything = people.token(&[Scope::Read], "").await;
    let request = |signal: &str, body: &Value| {
        Request::post(format!("{}/v1/{signal}", open.otlp_http))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {sender}"))
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    let now_ns = now_ns();
    assert_eq!(
        send(request("traces", &shared_trace(1, now_ns))).await.status,
        StatusCode::OK
    );
    let logs: Vec<Value> = [("cart", "an open line"), ("hush-payroll", "a hush line")]
        .map(|(service, body)| {
            json!({
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]},
                "scopeLogs": [{"logRecords": [{
                    "timeUnixNano": now_ns.to_string(), "severityNumber": 17, "body": {"stringValue": body},
                    "traceId": format!("{:032x}", 1), "spanId": format!("{:016x}", 103),
                }]}],
            })
        })
        .into();
    assert_eq!(
        send(request("logs", &json!({"resourceLogs": logs}))).await.status,
        StatusCode::OK
    );
    open.until("who may read everything finds their names", async || {
        let traces = get(&open, &everything, "/api/v1/traces?service=cart").await.text();
        let service = get(&open, &everything, "/api/v1/services/cart").await.text();
        let logs = get(&open, &everything, "/api/v1/logs").await.text();
        let known = traces.contains("hush-web") && service.contains("hush-web") && service.contains("hush-payroll");
        (known && logs.contains("a hush line")).then_some(())
    })
    .await;

    // Every path of the table, and searches by what others' spans say.
    let mut asked = vec![
        (Method::GET, "/api/v1/traces?service=cart&q=open".to_owned(), ""),
        (Method::GET, "/api/v1/traces?service=cart&q=hidden".to_owned(), ""),
        (
            Method::GET,
            "/api/v1/traces?service=cart&q=note%3D%22hush+hidden%22".to_owned(),
            "",
        ),
        (
            Method::GET,
            "/api/v1/traces?service=cart&calls=hush-payroll".to_owned(),
            "",
        ),
        (Method::GET, "/api/v1/traces?service=cart&status=error".to_owned(), ""),
        (Method::GET, format!("/api/v1/logs?service=cart&trace={:032x}", 1), ""),
        (Method::GET, "/api/v1/slos/own".to_owned(), ""),
        (Method::GET, "/api/v1/slos/called".to_owned(), ""),
        (Method::GET, "/api/v1/slos/journey".to_owned(), ""),
        (Method::GET, "/api/v1/slos/hush-up".to_owned(), ""),
        (Method::GET, "/fn/slo?name=journey".to_owned(), ""),
        (Method::GET, "/api/v1/services/hush-payroll".to_owned(), ""),
    ];
    for line in lines() {
        // Streams have no end, and what is sent is asked elsewhere.
        if ["grpc", "otlp"].contains(&line.kind) || line.route == "/live" {
            continue;
        }
        let body = if line.method == "GET" { "" } else { line.with };
        asked.push((line.method.parse().unwrap(), line.path(), body));
    }
    for (method, path, body) in asked {
        let answer = ask(&closed, &reader, method.clone(), &path, body).await;
        let told = format!("{:?} {}", answer.headers, answer.text());
        // What was asked for may be said again.
        assert!(
            !told.replace(&path, "").contains(FOREIGN),
            "{method} {path} is answered with {}: {told}",
            answer.status
        );
    }

    let page: TracePage =
        serde_json::from_value(get(&closed, &reader, "/api/v1/traces?service=cart").await.json()).unwrap();
    let trace = &page.traces[0];
    let services: Vec<_> = trace
        .services
        .iter()
        .map(|(name, spans)| (name.as_str(), *spans))
        .collect();
    assert_eq!(services, [("(another service)", 3), ("cart", 2)]);
    assert_eq!(
        (trace.root_service.as_str(), trace.root_operation.as_str()),
        ("(another service)", "")
    );
    assert_eq!((trace.spans, trace.errors), (5, 1), "of the failures only its own");
    for (search, found) in [
        ("q=open", 1),
        ("q=hidden", 0),
        ("q=hush", 0),
        ("status=error&q=open", 1),
    ] {
        let path = format!("/api/v1/traces?service=cart&{search}");
        let page: TracePage = serde_json::from_value(get(&closed, &reader, &path).await.json()).unwrap();
        assert_eq!((page.traces.len(), page.truncated), (found, false), "{search}");
    }
    let detail: ServiceDetail =
        serde_json::from_value(get(&closed, &reader, "/api/v1/services/cart").await.json()).unwrap();
    let told = |edges: &[pointsman_domain::read::TopologyEdge]| -> Vec<(String, String, u64)> {
        let edge = |edge: &pointsman_domain::read::TopologyEdge| {
            (
                edge.source.name.to_string(),
                edge.target.name.to_string(),
                edge.red.requests,
            )
        };
        edges.iter().map(edge).collect()
    };
    let (cart, another) = ("cart".to_owned(), "(another service)".to_owned());
    assert_eq!(told(&detail.upstream), [(another.clone(), cart.clone(), 0)]);
    assert_eq!(told(&detail.downstream), [(cart, another, 1)]);
    for (name, status) in [
        ("own", StatusCode::OK),
        ("called", StatusCode::FORBIDDEN),
        ("journey", StatusCode::FORBIDDEN),
        ("hush-up", StatusCode::FORBIDDEN),
        ("nothing", StatusCode::FORBIDDEN),
    ] {
        let path = format!("/api/v1/slos/{name}");
        assert_eq!(get(&closed, &reader, &path).await.status, status, "{name}");
    }
    let all = get(&closed, &reader, "/api/v1/slos").await.json();
    assert_eq!(all.as_array().map(Vec::len), Some(1), "{all}");
    closed.stop().await;
    open.stop().await;
}
