//! Both receivers before a sink that keeps nothing: what they cost by themselves, and what a sender really sends.
//!
//!     cargo run --release -p pointsman-ingest --example swallow
//!
//! It listens on 127.0.0.1:4317 (gRPC) and 127.0.0.1:4318 (HTTP), or on the two addresses given, and prints its counters
//! each time Enter is pressed.

use std::time::{SystemTime, UNIX_EPOCH};

use pointsman_ingest::gate::Open;
use pointsman_ingest::metrics::Metrics;
use pointsman_ingest::otlp::wrong_port::Ports;
use pointsman_ingest::otlp::{self, Limits, Receiver};
use pointsman_ingest::sink::{Receipt, Sink, SinkError, Submission};
use prometheus_client::registry::Registry;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;

#[derive(Clone)]
struct Swallow;

impl Sink for Swallow {
    async fn append(&self, _: Submission) -> Result<Receipt, SinkError> {
        Ok(Receipt::Accepted)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given = std::env::args().skip(1);
    let mut address = |default: &str| given.next().unwrap_or_else(|| default.to_owned());
    let grpc = TcpListener::bind(address("127.0.0.1:4317")).await?;
    let http = TcpListener::bind(address("127.0.0.1:4318")).await?;
    let mut registry = Registry::default();
    let clock = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |age| age.as_nanos() as u64)
    };
    let receiver = Receiver::new(Swallow, Limits::default(), clock, Metrics::register(&mut registry));
    let ports = Ports {
        grpc: grpc.local_addr()?.port(),
        http: http.local_addr()?.port(),
    };
    tokio::spawn(axum::serve(grpc, otlp::grpc::router(receiver.clone(), Open, ports)).into_future());
    tokio::spawn(axum::serve(http, otlp::http::router(receiver, Open, ports)).into_future());
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while lines.next_line().await?.is_some() {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry)?;
        println!("{text}");
    }
    Ok(())
}
