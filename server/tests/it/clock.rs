//! A server on a machine whose clock is days ahead, beside one whose clock is right.

use axum::body::Body;
use http::{Request, StatusCode};
use pointsman_domain::people::Role;
use pointsman_domain::read::PipelineStatus;
use pointsman_testing::TestDb;

use crate::otlp::{now_ns, span};
use crate::people::People;
use crate::running::{Running, Setup, send};

async fn is_signed_in(server: &Running, cookie: &str) -> bool {
    let request = Request::get(format!("{}/api/v1/overview", server.console)).header("cookie", cookie);
    send(request.body(Body::empty()).unwrap()).await.status == StatusCode::OK
}

#[tokio::test]
async fn a_server_whose_clock_is_days_ahead_says_so_takes_telemetry_and_keeps_its_hands_off() {
    let db = TestDb::new().await;
    People::on(&db).await.account("ada", Role::Admin).await;
    let right = Setup::on(db.url()).with(&["--anonymous", "none"]).start().await;
    let cookie = right.session("ada").await;
    let ahead = Setup::on(db.url()).with(&["--clock-offset", "864000"]);
    let wrong = ahead.start().await;

    let ready = wrong.console("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
    assert!(
        ready.text().contains("differs from the database's by 864000 s"),
        "{}",
        ready.text()
    );
    let status: PipelineStatus = wrong.get("/status").await.unwrap();
    assert!(
        status.clock_skew_ns.abs_diff(864_000_000_000_000) < 60_000_000_000,
        "{status:?}"
    );
    assert!(wrong.console("/").await.text().contains("ahead of the database"));
    wrong
        .until("the metric says how far it is off", async || {
            let text = wrong.console("/metrics").await.text();
            let skew = text
                .lines()
                .find_map(|line| line.strip_prefix("pointsman_clock_skew_seconds "))?;
            ((skew.parse::<f64>().unwrap() - 864_000.0).abs() < 60.0).then_some(())
        })
        .await;

    // What is sent now is neither too old nor lost, and is shown.
    let sent_body = span(1, now_ns()).to_string();
    let sent = wrong.post("traces", sent_body.clone()).await;
    assert_eq!(
        (sent.status, sent.text().contains("rejected")),
        (StatusCode::OK, false),
        "{}",
        sent.text()
    );
    wrong
        .until("the span is shown", async || {
            let services: Vec<pointsman_domain::read::ServiceSummary> = wrong.get("/services?range=1h").await?;
            services.iter().any(|service| service.name == "shop").then_some(())
        })
        .await;

    // The keeper begins a minute after the start.
    for name in ["keeper", "closing"] {
        let metric = format!("pointsman_left_to_others_total{{name=\"{name}\"}}");
        let left = async || wrong.metric(&metric).await.filter(|count| *count > 0);
        wrong.until(&format!("{name} is left to others"), left).await;
    }
    assert!(is_signed_in(&right, &cookie).await && is_signed_in(&wrong, &cookie).await);
    assert_eq!(wrong.post("traces", sent_body).await.status, StatusCode::OK);
    let repeated = wrong
        .metric("pointsman_ingest_spans_total{outcome=\"duplicate\"}")
        .await;
    assert_eq!(repeated, Some(1), "a repeat is still known");
    let told = ahead
        .log()
        .matches("this machine's clock differs from the database's")
        .count();
    assert_eq!(told, 1, "it is said once");
    wrong.stop().await;
    right.stop().await;
}
