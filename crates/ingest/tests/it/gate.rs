//! Who may send, over both transports, and what a token for one service gets stored.

use http::StatusCode;
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use pointsman_domain::people::Services;
use pointsman_ingest::gate::{Denied, Gate, Permit, Shown};
use pointsman_ingest::otlp;
use prost::Message;
use tonic::Code;

use crate::support::{JSON, PROTOBUF, Servers, logs, service, small_limits, span, start_behind, traces};

/// Knows `all`, `cart` (for cart only) and `read`; can't look up `later`.
#[derive(Clone)]
struct Doorman;

impl Gate for Doorman {
    async fn admit(&self, shown: Shown<'_>) -> Result<Permit, Denied> {
        let unauthenticated = |why: &str| Err(Denied::Unauthenticated(why.to_owned()));
        match shown {
            Shown::Token("all") => Ok(Permit::open()),
            Shown::Token("cart") => Ok(Permit {
                token: "cart-ci".into(),
                services: Services::of(["cart".into()]),
            }),
            Shown::Token("read") => Err(Denied::Forbidden("only reads".to_owned())),
            Shown::Token("later") => Err(Denied::Unavailable),
            Shown::Token(_) | Shown::Unreadable => unauthenticated("wrong"),
            Shown::Nothing => unauthenticated("show a token"),
        }
    }
}

async fn start() -> Servers {
    start_behind(Doorman, small_limits()).await
}

#[tokio::test]
async fn each_path_and_method_asks_first() {
    let servers = start().await;
    for (authorization, status, code, sentence) in [
        (
            "Basic x",
            StatusCode::UNAUTHORIZED,
            Code::Unauthenticated,
            "show a token",
        ),
        ("Bearer", StatusCode::UNAUTHORIZED, Code::Unauthenticated, "wrong"),
        (
            "Bearer nobody",
            StatusCode::UNAUTHORIZED,
            Code::Unauthenticated,
            "wrong",
        ),
        (
            "Bearer read",
            StatusCode::FORBIDDEN,
            Code::PermissionDenied,
            "only reads",
        ),
        (
            "Bearer later",
            StatusCode::SERVICE_UNAVAILABLE,
            Code::Unavailable,
            "send it again",
        ),
        ("Bearer all", StatusCode::OK, Code::Ok, ""),
    ] {
        for path in otlp::http::PATHS {
            let header = ("authorization", authorization);
            let reply = servers.post(path, &[PROTOBUF, header], "").await;
            assert_eq!(reply.status, status, "{authorization} {path}");
            let challenge = reply
                .headers
                .get("www-authenticate")
                .map(|value| value.to_str().unwrap());
            assert_eq!(challenge, (status == StatusCode::UNAUTHORIZED).then_some("Bearer"));
            assert_eq!(reply.headers.contains_key("retry-after"), code == Code::Unavailable);
            if code != Code::Ok {
                let (told, message) = reply.status_message();
                assert_eq!(told, code as i32);
                assert!(message.contains(sentence), "{message}");
            }
        }
        for path in otlp::grpc::METHODS {
            let reply = servers.export_with(path, authorization, &[]).await;
            assert_eq!(reply.code, code as i32, "{authorization} {path}");
            assert!(reply.message.contains(sentence), "{}", reply.message);
        }
    }
    assert!(servers.sink.take().is_empty());
    let denied =
        "pointsman_ingest_requests_total{signal=\"logs\",transport=\"grpc\",encoding=\"protobuf\",outcome=\"denied\"}";
    assert_eq!(servers.metric(denied), 4);
}

#[tokio::test]
async fn a_token_for_one_service_gets_that_one_stored() {
    let servers = start().await;
    let mut request = traces(vec![span(1)]);
    let mut foreign = traces(vec![span(2), span(3)]).resource_spans;
    foreign[0].resource = Some(service("payments"));
    request.resource_spans.extend(foreign);
    let body = request.encode_to_vec();
    let sentence = "2 spans rejected: 2 of services that the token is not for (first: the token cart-ci is for cart only; \
                    payments was not taken)";

    let headers = [PROTOBUF, ("authorization", "Bearer cart")];
    let reply = servers.post("/v1/traces", &headers, body.clone()).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(String::from_utf8_lossy(&reply.body).contains(sentence));
    assert_eq!(servers.sink.spans().spans.len(), 1);
    // The same bytes from one who may send all of it are not a repeat.
    let reply = servers.export_with(otlp::grpc::METHODS[0], "Bearer all", &body).await;
    assert_eq!((reply.code, reply.body.len()), (Code::Ok as i32, 0));
    assert_eq!(servers.sink.spans().spans.len(), 3);

    let mut records = logs(vec![LogRecord::default()]);
    records.resource_logs[0].resource = Some(service("payments"));
    let reply = servers
        .export_with(otlp::grpc::METHODS[1], "Bearer cart", &records.encode_to_vec())
        .await;
    assert!(String::from_utf8_lossy(&reply.body).contains("1 log record rejected"));
    assert!(servers.sink.take().is_empty());
    let reply = servers.post("/v1/traces", &[JSON], body).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}
