//! Bodies that are too large, swell, are cut short, come too slowly or too many at once; over HTTP.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use opentelemetry_proto::tonic::trace::v1::Span;
use pointsman_ingest::otlp::Limits;
use prost::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{GZIP, JSON, Mode, PROTOBUF, gzip, small_limits, span, start, start_with, traces};

#[tokio::test]
async fn an_oversized_body_is_refused_with_the_cap_that_it_broke() {
    let servers = start().await;
    let reply = servers.post("/v1/traces", &[PROTOBUF], vec![0; (64 << 10) + 1]).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    let (code, message) = reply.status_message();
    assert_eq!(code, 8);
    assert_eq!(
        message,
        "the body is larger than 65536 bytes, the most that is taken; send smaller batches"
    );
    let line =
        r#"pointsman_ingest_requests_total{signal="traces",transport="http",encoding="protobuf",outcome="too_large"}"#;
    assert_eq!(servers.metric(line), 1);
}

#[tokio::test]
async fn an_oversized_body_of_unknown_length_is_refused_once_it_is_over_the_cap() {
    let servers = start().await;
    let mut stream = tokio::net::TcpStream::connect(&servers.http["http://".len()..])
        .await
        .unwrap();
    let head =
        "POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..70 {
        stream.write_all(b"400\r\n").await.unwrap();
        stream.write_all(&[b' '; 1024]).await.unwrap();
        stream.write_all(b"\r\n").await.unwrap();
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    let mut reply = vec![0; 4096];
    let read = stream.read(&mut reply).await.unwrap();
    let reply = String::from_utf8_lossy(&reply[..read]).into_owned();
    assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
    assert!(reply.contains("larger than 65536 bytes"), "{reply}");
}

#[tokio::test]
async fn a_zip_bomb_is_refused_without_being_inflated() {
    let servers = start_with(Limits {
        bytes_in_flight: 1 << 20,
        ..small_limits()
    })
    .await;
    // 40 MiB of zeros in 40 KiB; inflating it whole would also break the bound of 1 MiB in flight.
    let bomb = gzip(vec![0; 40 << 20]);
    assert!(bomb.len() < 64 << 10);
    let reply = servers.post("/v1/traces", &[PROTOBUF, GZIP], bomb).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        reply.status_message().1,
        "the body is larger than 262144 bytes once decompressed, the most that is taken; send smaller batches"
    );
}

#[tokio::test]
async fn a_body_of_exactly_the_caps_is_taken() {
    let servers = start().await;
    let mut json = String::from("{}");
    json.push_str(&" ".repeat((256 << 10) - 2));
    assert_eq!(
        servers.post("/v1/traces", &[JSON, GZIP], gzip(&json)).await.status,
        StatusCode::OK
    );
    json.push(' ');
    assert_eq!(
        servers.post("/v1/traces", &[JSON, GZIP], gzip(&json)).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    json.truncate(64 << 10);
    assert_eq!(servers.post("/v1/traces", &[JSON], json).await.status, StatusCode::OK);
}

#[tokio::test]
async fn gzip_that_is_cut_short_or_none_at_all_is_a_bad_request() {
    let servers = start().await;
    let whole = gzip(traces(vec![span(1)]).encode_to_vec());
    for body in [whole[..whole.len() - 5].to_vec(), b"not gzip".to_vec(), Vec::new()] {
        let reply = servers.post("/v1/traces", &[PROTOBUF, GZIP], body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
        let (code, message) = reply.status_message();
        assert_eq!(code, 3);
        assert!(message.starts_with("the body is not whole and valid gzip"), "{message}");
    }
    assert!(servers.sink.take().is_empty());
}

#[tokio::test]
async fn gzip_of_several_members_is_one_body() {
    let servers = start().await;
    let bytes = traces(vec![span(1)]).encode_to_vec();
    let mut body = gzip(&bytes[..10]);
    body.extend(gzip(&bytes[10..]));
    assert_eq!(
        servers.post("/v1/traces", &[PROTOBUF, GZIP], body).await.status,
        StatusCode::OK
    );
    assert_eq!(servers.sink.spans().spans.len(), 1);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_given_up() {
    let servers = start_with(Limits {
        body_timeout: Duration::from_millis(50),
        ..small_limits()
    })
    .await;
    let mut stream = tokio::net::TcpStream::connect(&servers.http["http://".len()..])
        .await
        .unwrap();
    let head = "POST /v1/logs HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut reply = vec![0; 4096];
    let read = stream.read(&mut reply).await.unwrap();
    let reply = String::from_utf8_lossy(&reply[..read]).to_lowercase();
    // One of those that senders of OTLP repeat.
    assert!(reply.starts_with("http/1.1 503 "), "{reply}");
    assert!(reply.contains("retry-after: 2\r\n"), "{reply}");
    assert!(
        reply.contains("did not arrive within 0 s; nothing was stored, send it again"),
        "{reply}"
    );
    let line = r#"pointsman_ingest_requests_total{signal="logs",transport="http",encoding="json",outcome="refused"}"#;
    assert_eq!(servers.metric(line), 1);
}

#[tokio::test]
async fn what_all_requests_hold_together_is_bounded_and_given_back() {
    let servers = start_with(Limits {
        bytes_in_flight: 100 << 10,
        ..small_limits()
    })
    .await;
    servers.sink.set(Mode::Hangs);
    let mut padded = traces(vec![span(1)]);
    padded.resource_spans[0].schema_url = "x".repeat(30 << 10);
    let bytes = Bytes::from(padded.encode_to_vec());
    {
        let held = servers.post("/v1/traces", &[PROTOBUF], bytes.clone());
        tokio::pin!(held);
        // Polled side by side: the second is refused as soon as the first, which waits for the sink, holds its bytes.
        let refused = async {
            loop {
                let other = servers.post("/v1/traces", &[JSON], " ".repeat(30 << 10)).await;
                if other.status == StatusCode::TOO_MANY_REQUESTS {
                    return other;
                }
            }
        };
        tokio::select! {
            reply = &mut held => panic!("the sink hangs, and yet: {}", reply.status),
            reply = refused => assert_eq!(reply.headers["retry-after"], "2"),
        }
    }
    // The sender went away, and its share came back.
    servers.sink.set(Mode::Works);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        let reply = servers.post("/v1/traces", &[PROTOBUF], bytes.clone()).await;
        if reply.status == StatusCode::OK {
            break;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "its bytes were never given back"
        );
    }
}

#[tokio::test]
async fn a_small_body_that_would_become_a_large_message_is_refused_before_it_does() {
    let servers = start_with(Limits {
        bytes_in_flight: 1 << 20,
        ..small_limits()
    })
    .await;
    let empty = traces(vec![Span::default(); 20_000]).encode_to_vec();
    assert!(empty.len() < 64 << 10);
    let reply = servers.post("/v1/traces", &[PROTOBUF], empty.clone()).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    let json = format!("{{\"resourceSpans\":[{}{{}}]}}", "{},".repeat(20_000));
    let reply = servers.post("/v1/traces", &[JSON], json).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    // Few of them are only wrong.
    let few = traces(vec![Span::default(); 100]).encode_to_vec();
    assert_eq!(
        servers.post("/v1/traces", &[PROTOBUF], few).await.status,
        StatusCode::OK
    );
}
