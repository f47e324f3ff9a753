//! The console's port: probes, metrics, pages, the live stream, and how errors are told.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt;
use http::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use pointsman_domain::read::ServiceSummary;
use pointsman_testing::TestDb;
use tokio::time::timeout;

use crate::otlp::{now_ns, span};
use crate::running::{PATIENCE, Setup};

#[tokio::test]
async fn probes_metrics_errors_and_headers() {
    let db = TestDb::new().await;
    let server = Setup::on(db.url()).start().await;

    let health = server.console("/healthz").await;
    assert_eq!((health.status, health.text().as_str()), (StatusCode::OK, "ok\n"));
    let ready = server.console("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
    let names: Vec<_> = ready.json()["checks"].as_array().unwrap().clone();
    let names: Vec<&str> = names.iter().map(|check| check["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["running", "database", "loops", "clock"]);

    for outcome in ["accepted", "rejected", "duplicate", "refused"] {
        for name in ["pointsman_ingest_spans_total", "pointsman_ingest_log_records_total"] {
            let name = format!("{name}{{outcome=\"{outcome}\"}}");
            assert_eq!(server.metric(&name).await, Some(0), "{name}");
        }
    }

    for (path, status, field, word) in [
        (
            "/api/v1/overview?range=soon",
            StatusCode::BAD_REQUEST,
            Some("range"),
            "`soon`",
        ),
        (
            "/api/v1/traces?min=fast",
            StatusCode::BAD_REQUEST,
            Some("min"),
            "`fast`",
        ),
        (
            "/api/v1/logs?severity=loud",
            StatusCode::BAD_REQUEST,
            Some("severity"),
            "`loud`",
        ),
        ("/api/v1/traces/xyz", StatusCode::BAD_REQUEST, Some("id"), "`xyz`"),
        (
            "/api/v1/traces/5b8efff798038103d269b633813fc60c",
            StatusCode::NOT_FOUND,
            None,
            "Nothing",
        ),
        ("/api/v1/services/nobody", StatusCode::NOT_FOUND, None, "`nobody`"),
        ("/api/v1/nothing", StatusCode::NOT_FOUND, None, "/api/v1"),
    ] {
        let answer = server.console(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        let error = &answer.json()["error"];
        assert_eq!(error["field"].as_str(), field, "{path}");
        assert!(error["message"].as_str().unwrap().contains(word), "{path}: {error}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }

    let page = server.console("/").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(
        page.text().contains(&format!("nonce=\"{nonce}\"")),
        "the scripts carry the nonce"
    );
    assert!(policy.contains("frame-ancestors 'none'"));
    assert_eq!(page.header("referrer-policy"), "same-origin");
    let missing = server.console("/no/such/page").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.header("content-type").starts_with("text/html"));
    server.stop().await;
}

#[tokio::test]
async fn an_open_page_is_told_of_a_span_and_does_not_keep_the_server() {
    let db = TestDb::new().await;
    let mut server = Setup::on(db.url()).start().await;
    let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
    let request = Request::get(format!("{}/live", server.console)).header("accept-encoding", "gzip");
    let response = client.request(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(!response.headers().contains_key("content-encoding"));
    let mut stream = Body::new(response.into_body()).into_data_stream();
    let mut told = String::new();

    assert_eq!(
        server.post("traces", span(1, now_ns()).to_string()).await.status,
        StatusCode::OK
    );
    let event = async {
        while !told.contains("\"topic\":\"telemetry\"") {
            let chunk = stream.next().await.expect("the stream goes on").unwrap();
            told.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    };
    timeout(PATIENCE, event).await.expect("an event");
    let shop = server
        .until("the service is on the overview", async || {
            let services: Vec<ServiceSummary> = server.get("/services?range=1h").await?;
            services.into_iter().find(|service| service.name == "shop")
        })
        .await;
    assert_eq!(shop.red.requests, 1);

    server.terminate();
    let end = async { while stream.next().await.is_some_and(|chunk| chunk.is_ok()) {} };
    timeout(Duration::from_secs(10), end)
        .await
        .expect("the stream ends before the drain does");
    assert!(server.ended().await.success());
}
