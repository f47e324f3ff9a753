//! Who can reach what: every path of every port, asked by everybody, compared with one table. A path that the server has and the
//! table has not fails the test, and so does one that the table has and the server has not.

use std::collections::BTreeSet;
use std::fmt::Write;

use axum::body::Body;
use bytes::{BufMut, Bytes, BytesMut};
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use pointsman_control::access::{Actor, Anybody, Person, Program, Target, may};
use pointsman_domain::people::form::ServiceForm;
use pointsman_domain::people::{Role, Scope, Services};
use pointsman_ingest::otlp as receivers;
use pointsman_testing::TestDb;

use crate::otlp::{now_ns, span, trace_id};
use crate::people::{People, REASON};
use crate::routes::{Api, Form, Machine, Way};
use crate::running::{Running, Setup, send};

mod names;
mod table;

use table::{COLUMNS, TABLE};

/// One line of the table: what is asked, and what each column is answered.
struct Line {
    kind: &'static str,
    method: &'static str,
    /// As the server lists it, with `{name}` for what varies.
    route: &'static str,
    /// The query of a GET, the form of a POST.
    with: &'static str,
    expected: Vec<&'static str>,
}

impl Line {
    fn read(text: &'static str) -> Self {
        let (asked, expected) = text.split_once('|').unwrap_or_else(|| panic!("no `|` in {text}"));
        let mut words = asked.split_whitespace();
        let mut word = || words.next().unwrap_or_default();
        let line = Self {
            kind: word(),
            method: word(),
            route: word(),
            with: word(),
            expected: expected.split_whitespace().collect(),
        };
        assert_eq!(line.expected.len(), COLUMNS.len(), "columns of {text}");
        line
    }

    fn is(&self) -> String {
        format!("{} {} {}", self.kind, self.method, self.route)
    }

    fn path(&self) -> String {
        let path = self.route.replace("{name}", "cart");
        let path = path.replace("{id}", &trace_id(1)).replace("{label}", "2026-10");
        match self.method {
            "GET" if !self.with.is_empty() => format!("{path}?{}", self.with),
            _ => path,
        }
    }
}

/// Somebody who asks, on one of two servers.
struct Asker<'a> {
    server: &'a Running,
    /// `authorization` or `cookie`, with its value.
    shown: Option<(&'static str, String)>,
}

impl Asker<'_> {
    async fn ask(&self, line: &Line) -> String {
        match line.kind {
            "grpc" => format!("{}", self.call(line.route).await),
            "otlp" => self.post(line.route).await.as_u16().to_string(),
            kind => {
                let accept = if kind == "page" {
                    "text/html"
                } else {
                    "application/json"
                };
                let method = line.method.parse().unwrap();
                self.request(method, &line.path(), line.with, accept)
                    .await
                    .as_u16()
                    .to_string()
            }
        }
    }

    async fn request(&self, method: Method, path: &str, form: &str, accept: &str) -> StatusCode {
        let url = format!("{}{path}", self.server.console);
        let body = if method == Method::GET { "" } else { form };
        let mut request = Request::builder().method(method).uri(url);
        request = request.header("accept", accept).header("sec-fetch-site", "same-origin");
        let kind = if form.starts_with('{') {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        request = request.header("content-type", kind);
        if let Some((name, value)) = &self.shown {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        if path.starts_with("/live") {
            // It has no end; what counts is how it begins.
            let client: Client<_, Body> = Client::builder(TokioExecutor::new()).build_http();
            return client.request(request).await.unwrap().status();
        }
        send(request).await.status
    }

    async fn post(&self, path: &str) -> StatusCode {
        let mut request = Request::post(format!("{}{path}", self.server.otlp_http));
        request = request.header("content-type", "application/json");
        if let Some((name, value)) = &self.shown {
            request = request.header(*name, value);
        }
        send(request.body(Body::from("{}")).unwrap()).await.status
    }

    /// The gRPC status of a call with an empty message.
    async fn call(&self, path: &str) -> i32 {
        let mut request = Request::post(format!("{}{path}", self.server.otlp_grpc))
            .header("content-type", "application/grpc")
            .header("te", "trailers");
        if let Some((name, value)) = &self.shown {
            request = request.header(*name, value);
        }
        let mut frame = BytesMut::new();
        frame.put_bytes(0, 5);
        let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
        let response = client
            .request(request.body(Full::new(frame.freeze())).unwrap())
            .await
            .unwrap();
        let (head, body) = response.into_parts();
        let trailers = body.collect().await.unwrap().trailers().cloned().unwrap_or_default();
        let status = trailers.get("grpc-status").or(head.headers.get("grpc-status"));
        status.expect("a status").to_str().unwrap().parse().unwrap()
    }
}

/// A server that nobody may read from without credentials, and one that everybody may; both take telemetry with a token only.
async fn servers(db: &TestDb) -> (Running, Running) {
    let everywhere = ["--otlp-grpc-addr", "0.0.0.0:0", "--otlp-http-addr", "0.0.0.0:0"];
    let setup = |anonymous| Setup::on(db.url()).with(&everywhere).with(&["--anonymous", anonymous]);
    let (closed, open) = (setup("none"), setup("viewer"));
    tokio::join!(closed.start(), open.start())
}

/// Accounts of each role, the team `shop` of the engineer, and its service `cart`.
async fn people(db: &TestDb) -> People {
    let people = People::on(db).await;
    for role in Role::ALL {
        people.account(role.word(), *role).await;
    }
    let operator = people.operator();
    operator.people().create_team("shop", "Shop", REASON).await.unwrap();
    operator.people().add_member("shop", "engineer", REASON).await.unwrap();
    let form = ServiceForm::default();
    operator.people().edit_service("cart", &form, REASON).await.unwrap();
    operator.people().edit_service("payments", &form, REASON).await.unwrap();
    operator
        .people()
        .assign_service("cart", Some("shop"), REASON)
        .await
        .unwrap();
    people
}

/// A span of cart and one of payments, so that there is something to read.
async fn something_arrives(server: &Running, token: &str) {
    for (number, name) in [(1, "cart"), (2, "payments")] {
        let body = span(number, now_ns()).to_string().replace("shop", name);
        let request = Request::post(format!("{}/v1/traces", server.otlp_http))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"));
        let answer = send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let path = format!("/api/v1/services/{name}");
        let arrived = async || (server.console(&path).await.status == StatusCode::OK).then_some(());
        server.until("the service is there", arrived).await;
    }
}

async fn askers<'a>(people: &People, closed: &'a Running, open: &'a Running) -> Vec<Asker<'a>> {
    let bearer = |token: String| Some(("authorization", format!("Bearer {token}")));
    let cookie = |cookie: String| Some(("cookie", cookie));
    let mut shown = vec![
        None,
        bearer("pmt_wrong".to_owned()),
        bearer(people.expired_token().await),
        cookie("pointsman=wrong".to_owned()),
        cookie(format!("pointsman={}", people.expired_session("admin").await)),
    ];
    for role in Role::ALL {
        shown.push(cookie(closed.session(role.word()).await));
    }
    shown.push(bearer(people.token(&[Scope::Read], "").await));
    shown.push(bearer(people.token(&[Scope::Read], "cart").await));
    shown.push(bearer(people.token(&[Scope::Ingest], "").await));
    let mut askers: Vec<Asker> = shown.into_iter().map(|shown| Asker { server: closed, shown }).collect();
    askers.push(Asker {
        server: open,
        shown: None,
    });
    assert_eq!(askers.len(), COLUMNS.len());
    askers
}

/// All that the server has, as the table calls it.
fn all() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut add = |kind: &str, method: &str, path: &str| {
        assert!(all.insert(format!("{kind} {method} {path}")), "{path} is there twice");
    };
    for route in Api::ALL {
        add("api", route.method().as_str(), route.path());
    }
    for route in Way::ALL {
        add("way", route.method().as_str(), route.path());
    }
    for route in Form::ALL {
        add("page", route.method().as_str(), route.path());
    }
    for route in Machine::ALL {
        add("machine", route.method().as_str(), route.path());
    }
    for page in leptos_axum::generate_route_list(pointsman_app::App) {
        add("page", "GET", page.path());
    }
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        add("fn", method.as_str(), path);
    }
    for path in receivers::http::PATHS {
        add("otlp", "POST", path);
    }
    for path in receivers::grpc::METHODS {
        add("grpc", "POST", path);
    }
    all
}

fn lines() -> Vec<Line> {
    let lines = TABLE.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(Line::read)
        .collect()
}

#[tokio::test]
async fn nothing_is_reachable_that_the_table_does_not_allow() {
    let lines = lines();
    let written: BTreeSet<String> = lines.iter().map(Line::is).collect();
    let all = all();
    let missing: Vec<_> = all.difference(&written).collect();
    assert!(missing.is_empty(), "not in the table: {missing:#?}");
    let gone: Vec<_> = written.difference(&all).collect();
    assert!(gone.is_empty(), "in the table, but not in the server: {gone:#?}");

    let db = TestDb::new().await;
    let people = people(&db).await;
    let (closed, open) = servers(&db).await;
    let askers = askers(&people, &closed, &open).await;
    let token = people.token(&[Scope::Ingest], "").await;
    something_arrives(&open, &token).await;
    let (mut told, mut wrong) = (String::new(), 0);
    for line in &lines {
        let mut answers = Vec::new();
        for asker in &askers {
            answers.push(asker.ask(line).await);
        }
        let differs = answers != line.expected;
        wrong += usize::from(differs);
        let mark = if differs { '!' } else { ' ' };
        let _ = writeln!(told, "{mark} {} {} | {}", line.is(), line.with, answers.join(" "));
    }
    assert_eq!(
        wrong,
        0,
        "lines with `!` are not as the table says:\n{}\n{told}",
        COLUMNS.join(", ")
    );
    closed.stop().await;
    open.stop().await;
}

/// Those of the columns whose actor is known here, by their place.
fn actors() -> Vec<(usize, Actor)> {
    let person = |role: Role| {
        Actor::Person(Person {
            id: 1,
            name: role.word().into(),
            role,
            teams: if role == Role::Engineer {
                vec!["shop".into()]
            } else {
                Vec::new()
            },
        })
    };
    let anybody = |role| Actor::Anonymous(Anybody { role, ingest: false });
    let token = Actor::Program(Program {
        id: 1,
        name: "reader".into(),
        owner: None,
        scopes: vec![Scope::Read],
        services: Services::All,
    });
    let mut actors = vec![(0, anybody(None)), (9, token), (12, anybody(Some(Role::Viewer)))];
    actors.extend(Role::ALL.iter().enumerate().map(|(at, role)| (5 + at, person(*role))));
    actors
}

/// The action in a row of the list of routes is the one that its handler asks for: who may not do it gets nothing, who may is not refused.
#[test]
fn routes_take_what_they_say() {
    for line in lines().iter().filter(|line| line.kind == "api") {
        let route = Api::ALL
            .iter()
            .find(|route| route.method().as_str() == line.method && route.path() == line.route);
        let Some(action) = route.and_then(|route| route.action()) else {
            continue;
        };
        for (column, actor) in actors() {
            let own = Target::Service {
                name: "cart",
                owner: Some("shop"),
            };
            let everything = may(&actor, action, Target::Everything).is_ok();
            let something = everything || may(&actor, action, own).is_ok();
            let status = line.expected[column];
            let told = format!("{} {} as {}: {status}", line.is(), line.with, COLUMNS[column]);
            assert!(something || !status.starts_with('2'), "{told}");
            assert!(!everything || !["401", "403"].contains(&status), "{told}");
        }
    }
}

#[tokio::test]
async fn no_path_takes_another_method() {
    let written: BTreeSet<(String, String)> = lines()
        .iter()
        .filter(|line| !["grpc", "otlp"].contains(&line.kind))
        .map(|line| (line.method.to_owned(), line.route.to_owned()))
        .collect();
    let db = TestDb::new().await;
    People::on(&db).await.account("admin", Role::Admin).await;
    let server = Setup::on(db.url()).with(&["--anonymous", "none"]).start().await;
    let cookie = server.session("admin").await;
    let admin = Asker {
        server: &server,
        shown: Some(("cookie", cookie)),
    };
    let paths: BTreeSet<&String> = written.iter().map(|(_, path)| path).collect();
    for path in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            if written.contains(&(method.to_owned(), path.clone())) {
                continue;
            }
            let concrete = path
                .replace("{name}", "cart")
                .replace("{id}", "1")
                .replace("{label}", "2026-10");
            let status = admin
                .request(method.parse().unwrap(), &concrete, "", "application/json")
                .await;
            let nothing = [
                StatusCode::METHOD_NOT_ALLOWED,
                StatusCode::NOT_FOUND,
                StatusCode::BAD_REQUEST,
            ];
            assert!(nothing.contains(&status), "{method} {path} is answered with {status}");
        }
    }
    server.stop().await;
}
