//! `/api/openapi.json`: the routes of the API as an OpenAPI document, made of the list of routes and of what each handler says of itself.
//!
//! What holds for all of them is added here: who may, by the function that decides it; failures and their one body; credentials.

use std::sync::LazyLock;

use axum::response::IntoResponse;
use bytes::Bytes;
use http::Method;
use http::header::CONTENT_TYPE;
use pointsman_control::access::{Actor, Anybody, Person, Program, Target, may};
use pointsman_domain::people::{Action, Role, Scope, Services};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use super::failure::Body;
use super::{Api, Described, described};

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(document(&described()).to_string()));

/// This document
#[utoipa::path(get, path = "/api/openapi.json", tag = "api",
    responses((status = 200, description = "An OpenAPI 3.1 document.", body = Object)))]
pub async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.clone())
}

const ABOUT: &str = "What Pointsman's pages show, and what they change, as JSON.\n\n\
    Moments (`..._ns`) are nanoseconds since the Unix epoch, lengths of time (`..._ns`) nanoseconds, shares 0 to 1, rates per second. Objects in \
    answers may get more properties; those in requests may not have others.\n\n\
    Programs show a token: `Authorization: Bearer pmt_...`. Tokens read; what changes something takes the session of somebody who has \
    signed in, and comes from the control's own origin: a browser says so by `Sec-Fetch-Site` or `Origin`, another client has to send \
    `Origin` with the control's address.\n\n\
    Every failure has the same body.";

/// The whole document.
fn document(rows: &[Described]) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    schemas.insert(Body::name().into_owned(), of_type::<Body>());
    let mut inner = Vec::new();
    Body::schemas(&mut inner);
    let named = rows.iter().flat_map(|row| &row.schemas).chain(&inner);
    for (name, schema) in named {
        schemas.insert(name.clone(), json!(schema));
    }
    for row in rows {
        let item = paths.entry(row.route.path()).or_insert_with(|| json!({}));
        item[row.route.method().as_str().to_ascii_lowercase()] = operation(row);
    }
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Pointsman",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": ABOUT,
        },
        "tags": [
            { "name": "see", "description": "Services, traces, logs." },
            { "name": "promise", "description": "Objectives, alerts, contracts, reports." },
            { "name": "people", "description": "Who did what." },
            { "name": "api", "description": "About this API." },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "A token with the scope `read`." },
                "session": {
                    "type": "apiKey", "in": "cookie", "name": "pointsman",
                    "description": "The session of somebody who has signed in; over HTTPS the cookie is called `__Host-pointsman`. Changes \
                                    also need to come from the control's own origin.",
                },
            },
        },
    });
    tidy(&mut document);
    document
}

fn of_type<T: PartialSchema>() -> Value {
    json!(T::schema())
}

/// What a handler says of itself, and what its row says of it.
fn operation(row: &Described) -> Value {
    let method = row.route.method();
    let described = json!(row.paths);
    let mut operation = described[row.route.path()][method.as_str().to_ascii_lowercase()].clone();
    let has_body = operation.get("requestBody").is_some();
    let in_path = row.route.path().contains('{');
    operation["operationId"] = json!(identifier(row.route));
    let mut description = operation["description"].as_str().unwrap_or_default().to_owned();
    if let Some(action) = row.route.action() {
        if !description.is_empty() {
            description.push_str("\n\n");
        }
        description.push_str(&who_may(action, &method));
        operation["x-pointsman-action"] = json!(action.word());
    }
    operation["description"] = json!(description);
    operation["security"] = security(row.route.action());

    let answers = operation["responses"]
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut);
    for content in answers.filter_map(|answer| answer.get_mut("content")?.as_object_mut()) {
        // A schema is of JSON: YAML, CSV and lines have none.
        for (_, other) in content.iter_mut().filter(|(kind, _)| *kind != "application/json") {
            *other = json!({});
        }
    }

    let given = has_body || operation.get("parameters").is_some();
    let takes_action = row.route.action().is_some();
    for (status, possible, sentence) in [
        (
            400,
            given,
            "Something that was given can't be meant; `field` says what.",
        ),
        (401, true, "The credentials are missing, wrong, or have ended."),
        (
            403,
            takes_action,
            "The caller may not, or the request comes from another site.",
        ),
        (404, in_path || has_body, "There is no such thing."),
        (409, method != Method::GET, "It can't be done as things stand."),
        (413, has_body, "The body is too large."),
        (
            500,
            true,
            "Something is wrong with Pointsman; its log says what under the `id`.",
        ),
        (
            503,
            true,
            "The database can't be reached, or too much is read at once. Try again after `Retry-After` seconds.",
        ),
    ] {
        if possible {
            operation["responses"][status.to_string()] = failure(status, sentence);
        }
    }
    operation
}

fn failure(status: u16, sentence: &str) -> Value {
    let body = json!({ "$ref": format!("#/components/schemas/{}", Body::name()) });
    let mut failure = json!({ "description": sentence, "content": { "application/json": { "schema": body } } });
    if status == 503 {
        let seconds = json!({ "type": "integer", "minimum": 1 });
        failure["headers"] = json!({ "Retry-After": { "description": "In seconds.", "schema": seconds } });
    }
    failure
}

/// `SloNew` -> `sloNew`.
fn identifier(route: Api) -> String {
    let name = format!("{route:?}");
    name[..1].to_ascii_lowercase() + &name[1..]
}

fn person(role: Role) -> Actor {
    Actor::Person(Person {
        id: 0,
        name: "somebody".into(),
        role,
        teams: vec!["team".into()],
    })
}

fn reading_token() -> Actor {
    Actor::Program(Program {
        id: 0,
        name: "token".into(),
        owner: None,
        scopes: vec![Scope::Read],
        services: Services::All,
    })
}

/// A service that the team of [`person`] owns.
const OWN: Target = Target::Service {
    name: "service",
    owner: Some("team"),
};

/// In a sentence, as [`may`] has it.
fn who_may(action: Action, method: &Method) -> String {
    let mut who = Vec::new();
    for role in Role::ALL {
        if may(&person(*role), action, Target::Everything).is_ok() {
            who.push(format!("{role}s"));
        } else if may(&person(*role), action, OWN).is_ok() {
            who.push(format!("{role}s, for what their teams own"));
        }
    }
    if may(&reading_token(), action, Target::Everything).is_ok() {
        who.push("tokens to read".to_owned());
    }
    if action == Action::Read {
        who.push("anybody, where the server lets anybody read".to_owned());
    }
    let changes = *method != Method::GET && *method != Method::HEAD;
    let origin = if changes {
        " A session's request has to come from the control's own origin."
    } else {
        ""
    };
    format!("Takes `{action}`: {}.{origin}", who.join("; "))
}

/// Which credentials do.
fn security(action: Option<Action>) -> Value {
    let Some(action) = action else { return json!([]) };
    let mut ways = vec![json!({ "session": [] })];
    if may(&reading_token(), action, Target::Everything).is_ok() {
        ways.insert(0, json!({ "token": [] }));
    }
    let anybody = Actor::Anonymous(Anybody {
        role: Some(Role::Viewer),
        ingest: false,
    });
    if may(&anybody, action, Target::Everything).is_ok() {
        ways.push(json!({}));
    }
    json!(ways)
}

/// Takes the links of Rust's own documentation out of descriptions, and closes the variants of what is taken in by a tag: serde refuses
/// what does not belong to them, but for those that are nothing but their tag.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for key in ["description", "summary"] {
                if let Some(Value::String(text)) = object.get_mut(key) {
                    *text = text.replace("[`", "`").replace("`]", "`");
                }
            }
            if let Some(Value::Array(variants)) = object.get_mut("oneOf") {
                let tagged =
                    |variant: &&mut Value| variant["properties"].as_object().is_some_and(|object| object.len() > 1);
                for variant in variants.iter_mut().filter(tagged) {
                    variant["additionalProperties"] = json!(false);
                }
            }
            object.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every row once, under the method and the path that its handler says as well.
    #[test]
    fn routes_and_document_are_one_list() {
        let rows = described();
        assert_eq!(rows.len(), Api::ALL.len());
        for row in &rows {
            let described = json!(row.paths);
            let (path, method) = (row.route.path(), row.route.method().as_str().to_ascii_lowercase());
            let paths: Vec<&String> = described.as_object().unwrap().keys().collect();
            assert_eq!(paths, [path], "{:?}", row.route);
            let methods: Vec<&String> = described[path].as_object().unwrap().keys().collect();
            assert_eq!(methods, [&method], "{:?}", row.route);
        }
        let document = document(&rows);
        let listed: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().keys();
                methods.map(|method| (path.clone(), method.to_ascii_uppercase()))
            })
            .collect();
        let routes = Api::ALL.iter();
        let routes: BTreeSet<(String, String)> = routes
            .map(|route| (route.path().to_owned(), route.method().to_string()))
            .collect();
        assert_eq!(listed, routes);
    }

    #[test]
    fn a_name_is_of_one_schema_and_every_reference_leads_to_one() {
        let rows = described();
        let mut known: BTreeMap<&str, Value> = BTreeMap::new();
        for (name, schema) in rows.iter().flat_map(|row| &row.schemas) {
            let schema = json!(schema);
            let first = known.entry(name).or_insert_with(|| schema.clone());
            assert_eq!(*first, schema, "{name} is two things");
        }
        let document = document(&rows);
        let mut references = Vec::new();
        find_references(&document, &mut references);
        for reference in references {
            assert!(document.pointer(&reference[1..]).is_some(), "{reference} leads nowhere");
        }
    }

    fn find_references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(to)) = object.get("$ref") {
                    found.push(to.clone());
                }
                object.values().for_each(|value| find_references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| find_references(value, found)),
            _ => {}
        }
    }

    #[test]
    fn every_operation_says_who_may_and_how_it_fails() {
        let document = document(&described());
        for route in Api::ALL {
            let operation = &document["paths"][route.path()][route.method().as_str().to_ascii_lowercase()];
            assert!(operation["summary"].is_string(), "{route:?}");
            assert_eq!(
                operation["x-pointsman-action"].as_str(),
                route.action().map(Action::word),
                "{route:?}"
            );
            assert!(operation["responses"]["500"].is_object(), "{route:?}");
        }
        let new = document["paths"]["/api/v1/slos"]["post"]["description"]
            .as_str()
            .unwrap();
        assert_eq!(
            new,
            "Takes `slo.edit`: engineers, for what their teams own; admins. A session's request has to come from the control's own origin."
        );
    }
}
