//! Who asks, and under which name: what only a trusted proxy can say.

use axum::body::Body;
use http::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use pointsman_domain::people::Scope;
use pointsman_domain::people::audit::AuditPage;
use pointsman_testing::TestDb;

use super::{get, start};
use crate::people::{PASSWORD, encoded, form};
use crate::running::{Running, Setup, send};

/// From where the audit says that the last sign-in of somebody came.
async fn address(server: &Running, token: &str) -> String {
    let bearer = format!("Bearer {token}");
    let answer = get(server, "/api/v1/audit?action=sign_in", &[("authorization", &bearer)]).await;
    let page: AuditPage =
        serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.text()));
    page.entries[0].address.to_string()
}

#[tokio::test]
async fn only_a_trusted_proxy_can_say_who_asks() {
    let db = TestDb::new().await;
    let (_, untrusting, people) = start(&db, &["--trusted-proxy", "192.0.2.0/24"]).await;
    let (_, trusting) = {
        let setup = Setup::on(db.url()).with(&["--anonymous", "none", "--trusted-proxy", "127.0.0.1,10.0.0.0/8"]);
        let server = setup.start().await;
        (setup, server)
    };
    let token = people.token(&[Scope::Read], "").await;
    let body = format!("name=ada&password={}", encoded(PASSWORD));
    for (forwarded, seen) in [
        (&["198.51.100.7"][..], "198.51.100.7"),
        (&["203.0.113.66, 198.51.100.7"], "198.51.100.7"),
        (&["203.0.113.66", "198.51.100.7, 10.1.1.1"], "198.51.100.7"),
        (&["127.0.0.1, 198.51.100.7"], "198.51.100.7"),
        (&["198.51.100.7, <script>"], "127.0.0.1"),
    ] {
        let mut headers = vec![
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "points.example"),
            ("forwarded", "for=203.0.113.67;proto=https"),
            ("x-real-ip", "203.0.113.68"),
        ];
        headers.extend(forwarded.iter().map(|value| ("x-forwarded-for", *value)));

        let answer = send(form(&format!("{}/sign-in", untrusting.console), &body, &headers)).await;
        assert!(
            answer.cookie().expect("signed in").starts_with("pointsman="),
            "it is plain HTTP"
        );
        assert_eq!(answer.header("strict-transport-security"), "");
        assert_eq!(address(&untrusting, &token).await, "127.0.0.1", "{forwarded:?}");

        let with_origin = [&headers[..], &[("origin", "https://points.example")]].concat();
        let answer = send(form(&format!("{}/sign-in", trusting.console), &body, &with_origin)).await;
        assert!(
            answer.cookie().expect("signed in").starts_with("__Host-pointsman="),
            "it is HTTPS"
        );
        assert!(answer.header("set-cookie").contains("; Secure"));
        assert!(
            answer
                .header("strict-transport-security")
                .starts_with("max-age=31536000")
        );
        assert_eq!(address(&trusting, &token).await, seen, "{forwarded:?}");
    }
    // Behind the proxy the browser's origin is the outside host, and the inside one is foreign.
    let headers = [
        ("x-forwarded-host", "points.example"),
        ("origin", trusting.console.as_str()),
    ];
    let answer = send(form(&format!("{}/sign-in", trusting.console), &body, &headers)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    // Two hosts are one too many.
    let two = Request::get(format!("{}/healthz", trusting.console))
        .header("host", "a")
        .header("host", "b");
    assert_eq!(
        send(two.body(Body::empty()).unwrap()).await.status,
        StatusCode::BAD_REQUEST
    );
    untrusting.stop().await;
    trusting.stop().await;
}

#[tokio::test]
async fn what_anybody_may_read_is_not_read_under_a_name_that_is_made_to_lead_here() {
    let db = TestDb::new().await;
    let setup = Setup::on(db.url()).with(&["--public-url", "https://points.example"]);
    let server = setup.start().await;
    for (host, status) in [
        ("localhost:3000", StatusCode::OK),
        ("[::1]", StatusCode::OK),
        ("points.example", StatusCode::OK),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("localhost.evil.example", StatusCode::MISDIRECTED_REQUEST),
    ] {
        for path in ["/", "/api/v1/status", "/live"] {
            let mut request = Request::get(format!("{}{path}", server.console)).header("host", host);
            request = request.header("accept", "text/html");
            let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
            let answer = client.request(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), status, "{host} {path}");
        }
    }
    server.stop().await;
}
