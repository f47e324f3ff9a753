//! What `/api/openapi.json` says is so: every answer to a GET is as its schema has it, and has nothing that is not in it.

use std::collections::BTreeSet;

use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::routes::Api;
use crate::running::{Answer, send};

mod furnished;
mod schemathesis;

use furnished::Furnished;

/// The document, and what it says of answers.
struct Document(Value);

impl Document {
    async fn of(server: &Furnished) -> Self {
        let answer = server.ask(Method::GET, "/api/openapi.json", None).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::OK, "application/json")
        );
        Self(answer.json())
    }

    /// Checks an answer of JSON against the schema for its status. Objects may have nothing that the schema does not name.
    fn check(&self, route: Api, url: &str, answer: &Answer) {
        let method = route.method().as_str().to_ascii_lowercase();
        let described = &self.0["paths"][route.path()][&method]["responses"][answer.status.as_str()];
        assert!(
            described.is_object(),
            "{method} {url} is answered with {}: {}",
            answer.status,
            answer.text()
        );
        let kind = answer.header("content-type").split(';').next().unwrap_or_default();
        if described.get("content").is_none() {
            assert!(answer.body.is_empty(), "{method} {url} has a body");
            return;
        }
        let content = &described["content"][kind];
        assert!(content.is_object(), "{method} {url} is answered with {kind}");
        if kind != "application/json" {
            return;
        }
        let schema = &content["schema"];
        let mut components = self.0["components"]["schemas"].clone();
        close(&mut components, &self.0["components"]["schemas"]);
        let schema = json!({ "allOf": [schema], "components": { "schemas": components } });
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let body = answer.json();
        let mistakes: Vec<String> = validator
            .iter_errors(&body)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(mistakes.is_empty(), "{method} {url}: {mistakes:#?}");
    }
}

/// Closes all objects: what stands in an `allOf` by reference is copied there and stays open, and the whole is closed.
fn close(schema: &mut Value, all: &Value) {
    match schema {
        Value::Object(object) => {
            if let Some(Value::Array(parts)) = object.get_mut("allOf") {
                for part in parts {
                    if let Some(to) = part["$ref"].as_str() {
                        *part = all[to.trim_start_matches("#/components/schemas/")].clone();
                    }
                    if let Some(Value::Object(properties)) = part.get_mut("properties") {
                        properties.values_mut().for_each(|value| close(value, all));
                    }
                }
                object.insert("unevaluatedProperties".to_owned(), json!(false));
                return;
            }
            object.values_mut().for_each(|value| close(value, all));
            let is_object = object.get("properties").is_some_and(are_schemas);
            if is_object && !object.contains_key("additionalProperties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| close(item, all)),
        _ => {}
    }
}

/// Whether an object is a map of schemas, and not a schema of a property that is called so.
fn are_schemas(properties: &Value) -> bool {
    let known = ["type", "$ref", "oneOf", "allOf", "description"];
    let is_schema = |value: &Value| known.iter().any(|key| value.get(key).is_some()) || value == &json!({});
    properties
        .as_object()
        .is_some_and(|object| object.values().all(is_schema))
}

/// Where each GET is asked; a route that is not here fails the test.
fn asked(route: Api, period: &str) -> Vec<String> {
    let path = route.path();
    let with = |queries: &[&str]| queries.iter().map(|query| format!("{path}{query}")).collect();
    match route {
        Api::Service => vec![
            "/api/v1/services/cart".to_owned(),
            "/api/v1/services/nothing".to_owned(),
        ],
        Api::Trace => vec![
            format!("/api/v1/traces/{}", furnished::trace()),
            format!("/api/v1/traces/{:032x}", 7),
            "/api/v1/traces/x".to_owned(),
        ],
        Api::Slo => ["up", "fast", "busy", "all", "nothing"]
            .map(|name| format!("/api/v1/slos/{name}"))
            .into(),
        Api::Sla => ["acme", "nothing"].map(|name| format!("/api/v1/slas/{name}")).into(),
        Api::SlaPeriods => ["acme", "nothing"]
            .map(|name| format!("/api/v1/slas/{name}/periods"))
            .into(),
        Api::Report => ["", "?format=csv", "?team=nothing"]
            .map(|query| format!("/api/v1/reports/{period}{query}"))
            .into(),
        Api::Audit => with(&["", "?format=jsonl", "?limit=1", "?action=nothing"]),
        Api::Traces => with(&["", "?limit=1", "?service=cart&status=error", "?limit=x"]),
        Api::Logs => with(&["", "?limit=1", "?severity=error", "?severity=x"]),
        Api::Alerts => with(&["", "?state=firing", "?before=x"]),
        Api::OpenSloOut => with(&["", "?service=cart", "?service=nothing"]),
        Api::Overview | Api::Topology | Api::Services => with(&["", "?range=x"]),
        _ => {
            assert!(!path.contains('{'), "where is {path} asked?");
            vec![path.to_owned()]
        }
    }
}

#[tokio::test]
async fn answers_are_as_the_document_says() {
    let server = Box::pin(Furnished::new()).await;
    let document = Document::of(&server).await;
    let index = server.ask(Method::GET, "/api/v1/reports", None).await.json();
    let period = index["reports"][0]["label"].as_str().expect("a report").to_owned();
    for route in Api::ALL.iter().filter(|route| route.method() == Method::GET) {
        let mut statuses = BTreeSet::new();
        for url in asked(*route, &period) {
            let answer = server.ask(Method::GET, &url, None).await;
            document.check(*route, &url, &answer);
            statuses.insert(answer.status);
        }
        assert!(statuses.contains(&StatusCode::OK), "{route:?}: {statuses:?}");
    }
    // What changes something was checked as it was made; what is refused is, here.
    for (route, url) in [
        (Api::SloNew, "/api/v1/slos"),
        (Api::SloEdit, "/api/v1/slos/up"),
        (Api::SilenceEnd, "/api/v1/silences/x"),
        (Api::OpenSloIn, "/api/v1/openslo"),
    ] {
        for body in [json!({}), json!({ "reason": 1 }), json!([])] {
            let answer = server.ask(route.method(), url, Some(&body)).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{url}");
            document.check(route, url, &answer);
        }
        let large = json!({ "reason": "x".repeat(70_000) });
        let answer = server.ask(route.method(), url, Some(&large)).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{url}");
        document.check(route, url, &answer);
    }
    server.stop().await;
}

#[tokio::test]
async fn another_method_is_refused_in_the_same_words() {
    let server = Furnished::empty().await;
    let request = Request::patch(format!("{}/api/v1/slos", server.address()));
    let answer = send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    assert!(answer.json()["error"]["message"].is_string());
    server.stop().await;
}
