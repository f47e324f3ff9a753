//! Starting, ending, crashing, and a database that goes and comes back: what was acknowledged stays.

use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use pointsman_domain::people::Scope;
use pointsman_domain::read::TraceDetail;
use pointsman_localpg::{LocalPg, LocalPgOptions};
use pointsman_testing::TestDb;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::otlp::{now_ns, span, trace_id};
use crate::people::People;
use crate::running::{PATIENCE, Running, Setup, send};

/// Waits until the trace is stored.
pub(crate) async fn has(server: &Running, number: u64) {
    let path = format!("/traces/{}", trace_id(number));
    let trace: TraceDetail = server
        .until(&format!("trace {number} is stored"), async || server.get(&path).await)
        .await;
    assert_eq!(trace.spans.len(), 1);
}

#[tokio::test]
async fn a_crash_and_an_end_lose_nothing_that_was_acknowledged() {
    let setup = Setup::private();
    let server = setup.start().await;
    assert_eq!(
        server.post("traces", span(1, now_ns()).to_string()).await.status,
        StatusCode::OK
    );
    server.kill().await;

    let mut server = setup.start().await;
    has(&server, 1).await;
    // A sender in the middle of a request when the server is asked to end.
    let body = span(2, now_ns()).to_string();
    let (first, rest) = body.split_at(body.len() / 2);
    let address = server.otlp_http.strip_prefix("http://").unwrap();
    let mut sender = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/traces HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    sender.write_all(head.as_bytes()).await.unwrap();
    sender.write_all(first.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(300)).await; // so that the server has begun to read: nothing tells when it has
    server.terminate();
    server
        .until("the port is closed", async || TcpStream::connect(address).await.err())
        .await;
    sender.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, sender.read_to_string(&mut answer))
        .await
        .unwrap()
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(server.ended().await.success());
    assert!(
        LocalPg::url_at(&setup.data(), LocalPg::DATABASE).is_none(),
        "its PostgreSQL has ended too"
    );

    let server = setup.start().await;
    has(&server, 1).await;
    has(&server, 2).await;
    server.stop().await;
}

#[tokio::test]
async fn a_database_that_goes_is_refused_for_and_comes_back_without_a_restart() {
    let folder = Setup::private();
    let options = LocalPgOptions {
        fsync: false,
        ..LocalPgOptions::new(folder.data())
    };
    let database = LocalPg::start(options.clone()).await.unwrap();
    let server = Setup::on(&database.url()).start().await;
    assert_eq!(
        server.post("traces", span(1, now_ns()).to_string()).await.status,
        StatusCode::OK
    );
    has(&server, 1).await;

    database.stop().await.unwrap();
    let refused = server.post("traces", span(2, now_ns()).to_string()).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    assert!(!refused.header("retry-after").is_empty());
    let ready = server.console("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.json()["checks"][1]["ok"], false, "{}", ready.text());
    assert_eq!(
        server.console("/healthz").await.status,
        StatusCode::OK,
        "the process lives"
    );
    let api = server.console("/api/v1/overview").await;
    assert_eq!(api.status, StatusCode::SERVICE_UNAVAILABLE, "{}", api.text());
    assert!(!api.header("x-request-id").is_empty());
    let page = server.console("/").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text().contains("The database can"), "a page says what is wrong");

    let database = LocalPg::start(options).await.unwrap();
    let body = span(3, now_ns()).to_string();
    server
        .until("it accepts again", async || {
            let answer = server.post("traces", body.clone()).await;
            (answer.status == StatusCode::OK).then_some(())
        })
        .await;
    has(&server, 1).await;
    has(&server, 3).await;
    let ready = server.console("/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.text());
    server.stop().await;
    database.stop().await.unwrap();
}

#[tokio::test]
async fn tokens_that_were_good_are_believed_while_the_database_is_away() {
    let folder = Setup::private();
    let options = LocalPgOptions {
        fsync: false,
        ..LocalPgOptions::new(folder.data())
    };
    let database = LocalPg::start(options.clone()).await.unwrap();
    let everywhere = ["--otlp-http-addr", "0.0.0.0:0"];
    let server = Setup::on(&database.url()).with(&everywhere).start().await;
    let people = People::at(&database.url()).await;
    let (known, unknown) = (
        people.token(&[Scope::Ingest], "").await,
        people.token(&[Scope::Ingest], "").await,
    );
    let post = async |token: &str, body: String| {
        let request = Request::post(format!("{}/v1/traces", server.otlp_http))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"));
        send(request.body(Body::from(body)).unwrap()).await.status
    };
    assert_eq!(post(&known, span(1, now_ns()).to_string()).await, StatusCode::OK);

    database.stop().await.unwrap();
    // Past the gate: what is wrong with the body is told.
    assert_eq!(post(&known, "{".to_owned()).await, StatusCode::BAD_REQUEST);
    // A sender keeps what it can't send now; it is not told that its token is wrong.
    for token in [&known, &unknown] {
        let answer = post(token, span(2, now_ns()).to_string()).await;
        assert_eq!(answer, StatusCode::SERVICE_UNAVAILABLE);
    }
    assert_eq!(
        post(&unknown, "{".to_owned()).await,
        StatusCode::SERVICE_UNAVAILABLE,
        "nobody knows whether it is good"
    );

    let database = LocalPg::start(options).await.unwrap();
    let again = async || (post(&unknown, span(3, now_ns()).to_string()).await == StatusCode::OK).then_some(());
    server.until("both are known again", again).await;
    assert_eq!(post("pmt_wrong", "{}".to_owned()).await, StatusCode::UNAUTHORIZED);
    server.stop().await;
    database.stop().await.unwrap();
}

#[tokio::test]
async fn replicas_start_at_once_on_an_empty_database_and_share_it() {
    let db = TestDb::empty().await;
    let setups = [Setup::on(db.url()), Setup::on(db.url()), Setup::on(db.url())];
    let (one, two, three) = tokio::join!(setups[0].start(), setups[1].start(), setups[2].start());
    for (number, server) in [(1, &one), (2, &two), (3, &three)] {
        let answer = server.post("traces", span(number, now_ns()).to_string()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    for server in [&one, &two, &three] {
        for number in 1..=3 {
            has(server, number).await;
        }
    }
    for server in [one, two, three] {
        server.stop().await;
    }
}

#[tokio::test]
async fn the_password_of_the_database_is_never_logged() {
    let db = TestDb::new().await;
    let (scheme, rest) = db.url().split_once("://").unwrap();
    let (user, rest) = rest.split_once('@').unwrap();
    let user = user.split(':').next().unwrap();
    let url = format!("{scheme}://{user}:hunter2@{rest}");
    let setup = Setup::on(&url).with(&["--log", "trace", "--log-format", "json"]);
    let server = setup.start().await;
    assert_eq!(
        server.post("traces", span(1, now_ns()).to_string()).await.status,
        StatusCode::OK
    );
    has(&server, 1).await;
    server.stop().await;
    let log = setup.log();
    assert!(log.lines().count() > 5, "{log}");
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
    assert!(!log.contains("hunter2"), "the password is in the log");
}
