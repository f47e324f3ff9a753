//! Who comes to the wrong port or path is told the right one, in its own language, and never with a success.

use bytes::{BufMut, BytesMut};
use http::{Method, StatusCode};
use pointsman_ingest::otlp::{grpc, http as otlp_http, wrong_port};
use prost::Message;

use crate::support::{GZIP, JSON, PORTS, PROTOBUF, Servers, gzip, serve, span, start, traces};

/// A server whose two ports are this one.
fn only(servers: Servers, at: &str) -> Servers {
    Servers {
        http: at.to_owned(),
        grpc: at.to_owned(),
        ..servers
    }
}

fn frame(message: &[u8]) -> BytesMut {
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(message.len() as u32);
    frame.put_slice(message);
    frame
}

/// Asks as exporters over HTTP and browsers do; each has to be told `says`.
async fn http_senders(servers: &Servers, says: &str) {
    let spans = traces(vec![span(1)]).encode_to_vec();
    for path in ["/v1/traces", "/v1/logs", "/v1/metrics", "/v1/traces/"] {
        let reply = servers.post(path, &[PROTOBUF], spans.clone()).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reply.status_message(), (12, says.to_owned()), "{path}");

        let reply = servers.post(path, &[PROTOBUF, GZIP], gzip(&spans)).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");

        let reply = servers.post(path, &[JSON], r#"{"resourceLogs":[]}"#).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(reply.json()["message"], says, "{path}");

        let reply = servers.send(Method::GET, path, &[], "").await;
        assert_eq!(
            (reply.status, reply.text()),
            (StatusCode::NOT_FOUND, format!("{says}\n").as_str())
        );
    }
}

#[tokio::test]
async fn http_at_the_port_of_grpc() {
    let servers = start().await;
    let at = servers.grpc.clone();
    let servers = only(servers, &at);
    let says = "this port speaks OTLP over gRPC; OTLP over HTTP is at port 4318";
    http_senders(&servers, says).await;
    for path in ["/", "/slos", "/api/v1/overview"] {
        let reply = servers.send(Method::GET, path, &[], "").await;
        assert_eq!(
            (reply.status, reply.text()),
            (StatusCode::NOT_FOUND, format!("{says}\n").as_str()),
            "{path}"
        );
    }
    for path in grpc::METHODS {
        for (method, kind) in [
            (Method::POST, "application/json"),
            (Method::POST, "application/grpc-web+proto"),
            (Method::GET, "text/html"),
        ] {
            let reply = servers.send(method, path, &[("content-type", kind)], "{}").await;
            assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
            assert!(reply.text().contains("OTLP over HTTP is at port 4318"), "{kind}");
        }
        // gRPC's answers are in trailers, which HTTP/1.1 does not have: 200 would be all that is seen.
        let reply = servers
            .post(path, &[("content-type", "application/grpc")], frame(b""))
            .await;
        assert_eq!(reply.status, StatusCode::HTTP_VERSION_NOT_SUPPORTED);
        assert_eq!(reply.text(), "gRPC needs HTTP/2\n");
    }
    assert!(servers.sink.take().is_empty());
}

#[tokio::test]
async fn grpc_at_the_port_of_http() {
    let servers = start().await;
    let at = servers.http.clone();
    let servers = only(servers, &at);
    for path in grpc::METHODS
        .into_iter()
        .chain(["/v1/traces", "/grpc.health.v1.Health/Check"])
    {
        let reply = servers
            .call(path, false, frame(&traces(vec![span(1)]).encode_to_vec()))
            .await;
        assert_eq!(reply.code, 12, "{path}: {reply:?}");
        assert_eq!(
            reply.message, "this port speaks OTLP over HTTP; OTLP over gRPC is at port 4317",
            "{path}"
        );
    }
    // Over HTTP/1.1 no status in a trailer would be seen.
    let reply = servers
        .post("/v1/traces", &[("content-type", "application/grpc")], "")
        .await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert!(servers.sink.take().is_empty());
}

#[tokio::test]
async fn otlp_at_a_port_for_something_else() {
    let at = serve(wrong_port::router(PORTS)).await;
    let servers = only(start().await, &at);
    let says = "OTLP is not taken at this port; OTLP over HTTP is at port 4318, OTLP over gRPC at port 4317";
    http_senders(&servers, says).await;
    for path in grpc::METHODS {
        let reply = servers
            .call(path, false, frame(&traces(vec![span(1)]).encode_to_vec()))
            .await;
        assert_eq!((reply.code, reply.message.as_str()), (12, says), "{path}");
    }
}

#[tokio::test]
async fn other_paths_of_the_port_of_http_are_told_which_there_are() {
    let servers = start().await;
    for path in ["/", "/v1/trace", "/v1", "/slos", "/api/v1/overview", "/opentelemetry"] {
        let reply = servers.post(path, &[JSON], "{}").await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        let says = format!(
            "there is nothing at {path}; OTLP over HTTP is sent with POST to /v1/traces, /v1/logs and /v1/metrics"
        );
        assert_eq!(reply.json()["message"], says);
        let reply = servers.send(Method::GET, path, &[], "").await;
        assert_eq!(
            (reply.status, reply.text()),
            (StatusCode::NOT_FOUND, format!("{says}\n").as_str())
        );
    }
    for path in ["//v1/traces", "/v1/traces/v1/traces", "/otlp/v1/logs", "/v1/traces//"] {
        let reply = servers.post(path, &[PROTOBUF], "").await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        let (_, message) = reply.status_message();
        assert!(
            message.starts_with(&format!("there is nothing at {path}; ")),
            "{message}"
        );
        assert!(
            message.ends_with("give it without a path, and without a slash at its end"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_slash_at_the_end_is_taken() {
    let servers = start().await;
    let reply = servers
        .post("/v1/traces/", &[PROTOBUF], traces(vec![span(1)]).encode_to_vec())
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(servers.sink.spans().spans.len(), 1);
    for path in otlp_http::PATHS {
        let reply = servers.post(&format!("{path}/"), &[JSON], "{}").await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        let reply = servers.send(Method::GET, &format!("{path}/"), &[], "").await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn gzip_has_two_names() {
    let servers = start().await;
    for name in ["gzip", "x-gzip", "X-GZip"] {
        let reply = servers
            .post("/v1/traces", &[JSON, ("content-encoding", name)], gzip("{}"))
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{name}");
    }
}
