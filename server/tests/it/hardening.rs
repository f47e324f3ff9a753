//! What attackers try at the console's port, and that it does not work.

mod proxies;

use std::time::Instant;

use axum::body::Body;
use futures::StreamExt;
use http::{Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use pointsman_domain::people::{Role, Scope};
use pointsman_testing::TestDb;
use tokio::time::timeout;

use crate::otlp::{now_ns, span};
use crate::people::{PASSWORD, People, encoded, form};
use crate::routes::{Form, Way};
use crate::running::{Answer, PATIENCE, Running, Setup, send};

/// A server that nobody may read from without credentials, with an admin called ada.
async fn start(db: &TestDb, arguments: &[&str]) -> (Setup, Running, People) {
    let people = People::on(db).await;
    people.account("ada", Role::Admin).await;
    let setup = Setup::on(db.url()).with(&["--anonymous", "none"]).with(arguments);
    let server = setup.start().await;
    (setup, server, people)
}

async fn get(server: &Running, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(format!("{}{path}", server.console));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request.body(Body::empty()).unwrap()).await
}

/// Whether a cookie is one of a session.
async fn is_signed_in(server: &Running, cookie: &str) -> bool {
    let answer = get(server, "/api/v1/status", &[("cookie", cookie)]).await;
    match answer.status {
        StatusCode::OK => true,
        StatusCode::UNAUTHORIZED => false,
        other => panic!("{other}: {}", answer.text()),
    }
}

/// Every path of the console's port that takes a POST.
fn posts() -> Vec<String> {
    let ways = Way::ALL.iter().filter(|way| way.method() == Method::POST);
    let forms = Form::ALL.iter().map(|form| form.path().to_owned());
    let functions = leptos::server_fn::axum::server_fn_paths();
    let functions = functions.filter(|(_, method)| *method == Method::POST);
    let functions: Vec<String> = functions.map(|(path, _)| path.to_owned()).collect();
    // So that the functions of the app are linked.
    assert!(!leptos_axum::generate_route_list(pointsman_app::App).is_empty());
    assert!(!functions.is_empty());
    ways.map(|way| way.path().to_owned())
        .chain(forms)
        .chain(functions)
        .collect()
}

#[tokio::test]
async fn another_site_can_change_nothing() {
    let db = TestDb::new().await;
    let (_, server, _people) = start(&db, &[]).await;
    let cookie = server.session("ada").await;
    let body = "name=planted&title=Planted&reason=because&scope=read&days=30&disabled=true";
    for headers in [
        &[][..],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("origin", &format!("{}.evil.example", server.console))],
        &[("origin", &server.console), ("sec-fetch-site", "cross-site")],
        // That the proxy is trusted is not for the sender to say.
        &[("origin", "http://evil.example"), ("x-forwarded-host", "evil.example")],
    ] {
        for path in posts() {
            let mut headers = headers.to_vec();
            headers.push(("cookie", &cookie));
            let answer = send(form(&format!("{}{path}", server.console), body, &headers)).await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{path} {headers:?}: {}",
                answer.text()
            );
            assert!(answer.text().contains("another site"), "{}", answer.text());
        }
    }
    assert!(is_signed_in(&server, &cookie).await, "it was not signed out");
    let audit = get(&server, "/api/v1/audit", &[("cookie", &cookie)]).await.text();
    assert!(!audit.contains("planted"), "{audit}");

    // What a link or a form without JavaScript is answered leads back to no other site.
    for before in ["https://evil.example/", &format!("{}/teams", server.console)] {
        let headers = [
            ("cookie", cookie.as_str()),
            ("accept", "text/html"),
            ("referer", before),
        ];
        for path in ["/fn/team?name=shop", "/fn/team?nothing=", "/fn/teams"] {
            let answer = get(&server, path, &headers).await;
            assert!(
                !answer.header("location").contains("evil.example"),
                "{path}: {}",
                answer.header("location")
            );
        }
    }

    let own = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    let answer = send(form(
        &format!("{}/fn/team_create", server.console),
        "name=own&title=Own&reason=because",
        &own,
    ))
    .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    server.stop().await;
}

#[tokio::test]
async fn a_session_that_was_planted_is_not_the_one_after_the_sign_in() {
    let db = TestDb::new().await;
    let (_, server, people) = start(&db, &[]).await;
    people.account("mallory", Role::Viewer).await;
    let mallory = server.session("mallory").await;
    let body = format!("name=ada&password={}", encoded(PASSWORD));
    let url = format!("{}/sign-in", server.console);
    for planted in ["pointsman=0123456789012345678901234567890123456789012", &mallory] {
        let headers = [("cookie", planted), ("sec-fetch-site", "same-origin")];
        let answer = send(form(&url, &body, &headers)).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"));
        let cookie = answer.cookie().expect("a new session");
        assert_ne!(cookie, planted);
        assert!(is_signed_in(&server, &cookie).await);
        assert!(
            !is_signed_in(&server, planted).await,
            "the planted one is good for nothing"
        );
        let set = answer.header("set-cookie");
        assert!(
            set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Secure"),
            "{set}"
        );
    }
    // On HTTPS one that a neighbour could have planted is not even looked at; signing out ends a session for good.
    let cookie = server.session("ada").await;
    let out = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    let answer = send(form(&format!("{}/sign-out", server.console), "", &out)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert!(!is_signed_in(&server, &cookie).await);
    let page = get(
        &server,
        "/traces?range=1h",
        &[("cookie", &cookie), ("accept", "text/html")],
    )
    .await;
    let way = "/sign-in?next=%2Ftraces%3Frange%3D1h";
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, way));
    assert!(
        page.header("set-cookie").contains("Max-Age=0"),
        "the browser forgets it"
    );
    server.stop().await;
}

/// The secret of the set-up link in a log.
fn link(log: &str) -> String {
    let (_, rest) = log.rsplit_once("/setup?link=").expect("a link in the log");
    rest.split(|c: char| c.is_whitespace() || c == '"')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_set_up_link_works_once() {
    let db = TestDb::new().await;
    let setup = Setup::on(db.url()).with(&["--anonymous", "none"]);
    let (server, other) = (setup.start().await, setup.start().await);
    let link = link(&setup.log());
    let set_up = async |link: &str, name: &str, password: &str| {
        let body = format!(
            "link={}&name={name}&display_name=Ada&password={}",
            encoded(link),
            encoded(password)
        );
        send(form(&format!("{}/setup", server.console), &body, &[])).await
    };
    let wrong = set_up("wrong", "ada", PASSWORD).await;
    assert_eq!(
        (wrong.status, wrong.header("location")),
        (StatusCode::SEE_OTHER, "/setup?problem=link")
    );
    let short = set_up(&link, "ada", "short").await;
    assert_eq!(short.header("location"), format!("/setup?link={link}&problem=password"));
    assert!(short.cookie().is_none());
    let good = set_up(&link, "ada", PASSWORD).await;
    assert_eq!(
        (good.status, good.header("location")),
        (StatusCode::SEE_OTHER, "/"),
        "{}",
        setup.log()
    );
    assert!(is_signed_in(&server, &good.cookie().unwrap()).await);
    for name in ["ada", "eve"] {
        let replayed = set_up(&link, name, PASSWORD).await;
        assert_eq!(replayed.header("location"), "/setup?problem=link");
        assert!(replayed.cookie().is_none());
    }
    assert_eq!(server.sign_in("eve", PASSWORD).await.cookie(), None);
    other.stop().await;
    server.stop().await;
    // With an admin there is no new link.
    let links = setup.log().matches("/setup?link=").count();
    setup.start().await.stop().await;
    assert_eq!(setup.log().matches("/setup?link=").count(), links);
}

#[tokio::test]
async fn bodies_that_are_too_large_or_no_forms_are_refused() {
    let db = TestDb::new().await;
    let (_, server, _people) = start(&db, &[]).await;
    let cookie = server.session("ada").await;
    let large = format!("name={}", "a".repeat(65 << 10));
    let own = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    for path in posts() {
        let url = format!("{}{path}", server.console);
        let answer = send(form(&url, &large, &own)).await;
        assert!(
            !answer.status.is_server_error(),
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
        // Signing out takes no form, so it reads none.
        if path != Way::SignOut.path() {
            let refused = [StatusCode::PAYLOAD_TOO_LARGE, StatusCode::BAD_REQUEST];
            assert!(
                refused.contains(&answer.status),
                "{path}: {} {}",
                answer.status,
                answer.text()
            );
        }
    }
    let cookie = server.session("ada").await;
    for path in posts().iter().filter(|path| *path != Way::SignOut.path()) {
        for (kind, body) in [
            (
                "application/x-www-form-urlencoded",
                &b"\xff\xfe=%zz&&&=&name[][[=1&name=1&name=2"[..],
            ),
            ("application/x-www-form-urlencoded", b""),
            ("application/json", b"{\"name\": "),
            ("multipart/form-data", b"--x"),
            ("", b"\0\0\0"),
        ] {
            let mut request = Request::post(format!("{}{path}", server.console))
                .header("cookie", &cookie)
                .header("sec-fetch-site", "same-origin");
            if !kind.is_empty() {
                request = request.header("content-type", kind);
            }
            let answer = send(request.body(Body::from(body)).unwrap()).await;
            // A form for people leads back to itself.
            let told = answer.status.is_client_error() || answer.status.is_redirection();
            let harmless = path.ends_with("/sessions_end_others") && answer.status.is_success();
            assert!(told || harmless, "{path} {kind}: {} {}", answer.status, answer.text());
            assert!(answer.cookie().is_none());
        }
    }
    assert_eq!(server.console("/healthz").await.status, StatusCode::OK);
    server.stop().await;
}

#[tokio::test]
async fn a_sign_in_leads_nowhere_but_here() {
    let db = TestDb::new().await;
    let (_, server, _people) = start(&db, &[]).await;
    for (next, location) in [
        ("/traces?q=a%20b", "/traces?q=a%20b"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\/evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\nlocation: https://evil.example", "/"),
        (" https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http:evil.example", "/"),
        ("/ümlaut", "/"),
    ] {
        let body = format!("name=ada&password={}&next={}", encoded(PASSWORD), encoded(next));
        let answer = send(form(&format!("{}/sign-in", server.console), &body, &[])).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, location),
            "{next:?}"
        );
    }
    // A path that looks like a host does not become one on the way to the sign-in.
    let page = get(&server, "//evil.example/", &[("accept", "text/html")]).await;
    assert_eq!(page.header("location"), "/sign-in?next=%2F%2Fevil.example%2F");
    server.stop().await;
}

#[tokio::test]
async fn nobody_learns_which_accounts_there_are() {
    let db = TestDb::new().await;
    let (_, server, people) = start(&db, &[]).await;
    people.account("disabled", Role::Viewer).await;
    people
        .operator()
        .people()
        .set_disabled("disabled", true, "for a test")
        .await
        .unwrap();
    let mut answers = Vec::new();
    let mut work = Vec::new();
    for (name, password) in [
        ("ada", "not the password"),
        ("nobody", "not the password"),
        ("disabled", PASSWORD),
    ] {
        let mut least = PATIENCE;
        for _ in 0..5 {
            let started = Instant::now();
            let answer = server.sign_in(name, password).await;
            least = least.min(started.elapsed());
            let mut headers = answer.headers.clone();
            headers.remove("date");
            answers.push((answer.status, headers, answer.body));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{name} is answered otherwise: {answers:?}");
        work.push(least);
    }
    // The least of several is what the work takes on a busy machine: one hash of a password each.
    let (least, most) = (work.iter().min().unwrap(), work.iter().max().unwrap());
    assert!(*most < 4 * *least, "{work:?}");
    // Nor by how soon there are too many attempts.
    let mut told = Vec::new();
    for name in ["ada", "nobody"] {
        let mut until = 0;
        while !server
            .sign_in(name, "not the password")
            .await
            .header("location")
            .contains("too-many")
        {
            until += 1;
            assert!(until < 20, "{name} can be tried on and on");
        }
        told.push(until);
    }
    assert_eq!(told[0], told[1]);
    // And then the right password is no better.
    assert!(
        server
            .sign_in("ada", PASSWORD)
            .await
            .header("location")
            .contains("too-many")
    );
    server.stop().await;
}

#[tokio::test]
async fn no_secret_is_logged() {
    let db = TestDb::new().await;
    let arguments = [
        "--log",
        "trace",
        "--otlp-http-addr",
        "0.0.0.0:0",
        "--public-url",
        "http://localhost:1",
        "--oidc-issuer",
        "http://localhost:1",
        "--oidc-client-id",
        "points",
        "--oidc-client-secret",
        "provider-hunter2",
    ];
    let (setup, server, people) = start(&db, &arguments).await;
    let token = people.token(&[Scope::Read, Scope::Ingest], "").await;
    let wrong = "a password that is wrong";
    server.sign_in("ada", wrong).await;
    // Somebody types the password into the wrong field.
    server.sign_in("my secret password", "ada").await;
    let cookie = server.session("ada").await;
    let session = cookie.split_once('=').unwrap().1;
    assert_eq!(get(&server, "/", &[("cookie", &cookie)]).await.status, StatusCode::OK);
    let bearer = format!("Bearer {token}");
    assert_eq!(
        get(&server, "/api/v1/audit", &[("authorization", &bearer)])
            .await
            .status,
        StatusCode::OK
    );
    let foreign = [("authorization", "Bearer pmt_somebody-elses")];
    assert_eq!(
        get(&server, "/api/v1/audit", &foreign).await.status,
        StatusCode::UNAUTHORIZED
    );
    let request = Request::post(format!("{}/v1/traces", server.otlp_http));
    let request = request
        .header("authorization", &bearer)
        .header("content-type", "application/json");
    let body = Body::from(span(1, now_ns()).to_string());
    assert_eq!(send(request.body(body).unwrap()).await.status, StatusCode::OK);
    let own = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    let made = send(form(
        &format!("{}/profile/tokens", server.console),
        "name=x&scope=read&days=1",
        &own,
    ))
    .await
    .text();
    let made = made.split("pmt_").nth(1).expect("a token on the page");
    let made: String = made
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect();
    let begun = get(&server, "/sign-in/oidc", &[]).await;
    assert_eq!(begun.header("location"), "/sign-in?problem=provider");
    get(
        &server,
        "/sign-in/oidc/callback?state=planted-state&code=planted-code",
        &[],
    )
    .await;
    server.stop().await;
    let log = setup.log();
    assert!(log.lines().count() > 10, "{log}");
    for secret in [
        PASSWORD,
        wrong,
        "my secret password",
        session,
        &token,
        &made,
        "somebody-elses",
        "provider-hunter2",
        "planted-code",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn an_open_page_is_told_nothing_after_its_session() {
    let db = TestDb::new().await;
    let (_, server, _people) = start(&db, &[]).await;
    let cookie = server.session("ada").await;
    let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
    let request = Request::get(format!("{}/live", server.console)).header("cookie", &cookie);
    let response = client.request(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut stream = Body::new(response.into_body()).into_data_stream();
    let out = [("cookie", cookie.as_str()), ("sec-fetch-site", "same-origin")];
    send(form(&format!("{}/sign-out", server.console), "", &out)).await;
    let end = async { while stream.next().await.is_some_and(|chunk| chunk.is_ok()) {} };
    timeout(PATIENCE, end).await.expect("the stream ends");
    server.stop().await;
}

#[tokio::test]
async fn every_answer_keeps_the_browser_safe() {
    let db = TestDb::new().await;
    let (_, server, _people) = start(&db, &[]).await;
    let cookie = server.session("ada").await;
    for path in [
        "/",
        "/sign-in",
        "/healthz",
        "/api/v1/status",
        "/api/v1/nothing",
        "/no/such/page",
        "/pkg/none.js",
        "/metrics",
    ] {
        for headers in [&[][..], &[("cookie", cookie.as_str())]] {
            let answer = get(&server, path, headers).await;
            for (name, part) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
                ("permissions-policy", "camera=()"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
                ("content-security-policy", "default-src 'none'"),
                ("content-security-policy", "frame-ancestors 'none'"),
                ("cache-control", "no-store"),
            ] {
                assert!(
                    answer.header(name).contains(part),
                    "{path} {name}: {}",
                    answer.header(name)
                );
            }
            let vary: Vec<_> = answer
                .headers
                .get_all("vary")
                .iter()
                .map(|value| value.to_str().unwrap())
                .collect();
            assert!(vary.join(",").contains("cookie"), "{path}: {vary:?}");
            let policy = answer.header("content-security-policy");
            assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
            assert_eq!(answer.header("strict-transport-security"), "", "not on plain HTTP");
        }
    }
    server.stop().await;
}
