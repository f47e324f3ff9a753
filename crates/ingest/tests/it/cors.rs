//! Pages in browsers: those of the origins that the settings name may send and read every answer; others are told nothing.

use http::{Method, StatusCode};
use pointsman_domain::people::Services;
use pointsman_ingest::gate::{Denied, Gate, Permit, Shown};
use pointsman_ingest::otlp::Limits;
use pointsman_ingest::otlp::cors::{self, Origins};
use pointsman_ingest::sink::SinkError;
use prost::Message;

use crate::support::{
    JSON, Mode, PROTOBUF, Reply, SHOP, Servers, serve, small_limits, span, start, start_behind, start_with, traces,
};

const OTHER: &str = "https://other.example";

async fn preflight(servers: &Servers, path: &str, origin: &str) -> Reply {
    let asked = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "authorization,content-encoding,content-type,x-tenant",
        ),
    ];
    servers.send(Method::OPTIONS, path, &asked, "").await
}

fn header<'a>(reply: &'a Reply, name: &str) -> &'a str {
    reply.headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_page_of_a_named_origin_may_send() {
    let servers = start().await;
    for path in ["/v1/traces", "/v1/logs", "/v1/metrics", "/v1/traces/"] {
        let reply = preflight(&servers, path, SHOP).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(header(&reply, "access-control-allow-origin"), SHOP);
        assert_eq!(header(&reply, "access-control-allow-methods"), "POST");
        let allowed = header(&reply, "access-control-allow-headers");
        assert!(
            allowed.contains("authorization") && allowed.contains("content-type"),
            "{allowed}"
        );
        assert_eq!(
            header(&reply, "access-control-allow-credentials"),
            "true",
            "for sendBeacon"
        );
        assert_eq!(header(&reply, "access-control-max-age"), "7200");

        let reply = preflight(&servers, path, OTHER).await;
        assert_eq!(header(&reply, "access-control-allow-origin"), "", "{path}");
    }
}

fn is_readable(reply: &Reply, status: StatusCode) {
    assert_eq!(reply.status, status, "{:?}", reply.body);
    assert_eq!(header(reply, "access-control-allow-origin"), SHOP, "{status}");
    assert_eq!(header(reply, "access-control-allow-credentials"), "true", "{status}");
    assert!(
        header(reply, "access-control-expose-headers").contains("retry-after"),
        "{status}"
    );
    assert!(header(reply, "vary").contains("origin"), "{status}");
}

/// Lets nobody in without a token.
#[derive(Clone)]
struct Closed;

impl Gate for Closed {
    async fn admit(&self, shown: Shown<'_>) -> Result<Permit, Denied> {
        match shown {
            Shown::Token(_) => Ok(Permit {
                token: "page".into(),
                services: Services::All,
            }),
            _ => Err(Denied::Unauthenticated("show a token".to_owned())),
        }
    }
}

#[tokio::test]
async fn every_answer_can_be_read_errors_among_them() {
    let servers = start().await;
    let from = ("origin", SHOP);
    let spans = traces(vec![span(1)]).encode_to_vec();
    let post = async |path: &str, kind, body: Vec<u8>| servers.post(path, &[from, kind], body).await;
    is_readable(&post("/v1/traces", PROTOBUF, spans.clone()).await, StatusCode::OK);
    is_readable(&post("/v1/traces", JSON, b"{".to_vec()).await, StatusCode::BAD_REQUEST);
    is_readable(&post("/v1/nothing", JSON, b"{}".to_vec()).await, StatusCode::NOT_FOUND);
    let text = ("content-type", "text/plain");
    is_readable(
        &post("/v1/traces", text, Vec::new()).await,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
    );
    let large = vec![b' '; (64 << 10) + 1];
    is_readable(&post("/v1/traces", JSON, large).await, StatusCode::PAYLOAD_TOO_LARGE);
    let reply = servers.send(Method::GET, "/v1/traces", &[from], "").await;
    is_readable(&reply, StatusCode::METHOD_NOT_ALLOWED);
    for (error, status) in [
        (SinkError::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
        (SinkError::Overloaded, StatusCode::TOO_MANY_REQUESTS),
    ] {
        servers.sink.set(Mode::Fails(error));
        let reply = post("/v1/traces", PROTOBUF, traces(vec![span(2)]).encode_to_vec()).await;
        is_readable(&reply, status);
        assert_eq!(header(&reply, "retry-after"), "2");
    }

    let small = start_with(Limits {
        bytes_in_flight: 10,
        ..small_limits()
    })
    .await;
    let reply = small.post("/v1/traces", &[from, JSON], " ".repeat(100)).await;
    is_readable(&reply, StatusCode::TOO_MANY_REQUESTS);

    let closed = start_behind(Closed, small_limits()).await;
    let reply = closed.post("/v1/traces", &[from, PROTOBUF], spans.clone()).await;
    is_readable(&reply, StatusCode::UNAUTHORIZED);
    let token = ("authorization", "Bearer pmt_x");
    let reply = closed.post("/v1/traces", &[from, PROTOBUF, token], spans).await;
    is_readable(&reply, StatusCode::OK);
    // A preflight has no token, and needs none.
    assert_eq!(preflight(&closed, "/v1/traces", SHOP).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_page_of_another_origin_can_read_nothing() {
    let servers = start().await;
    let reply = servers.post("/v1/traces", &[("origin", OTHER), JSON], "{}").await;
    assert_eq!(header(&reply, "access-control-allow-origin"), "");
}

#[tokio::test]
async fn all_origins_have_to_be_asked_for() {
    let servers = start().await;
    let all = axum::Router::new()
        .fallback(async || "here")
        .layer(cors::layer(Origins::All));
    let servers = Servers {
        http: serve(all).await,
        ..servers
    };
    let reply = preflight(&servers, "/v1/traces", OTHER).await;
    assert_eq!(header(&reply, "access-control-allow-origin"), OTHER);
    assert_eq!(header(&reply, "access-control-allow-credentials"), "true");
}
