//! Sends one request until the endpoint takes or refuses it, or too much time has passed.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use pointsman_domain::backoff::Backoff;
use tokio::time::sleep;

use super::args::Endpoint;
use super::record::Record;

mod grpc;
mod http;

/// How long to wait before a request is sent again, where the endpoint does not say; no longer, whatever it says.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(10));
/// How long one try may take.
const TRY_TIMEOUT: Duration = Duration::from_secs(30);

/// What the endpoint said to a request in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It took it, without so many items, for this reason.
    Accepted {
        /// How many items it left out.
        rejected: u64,
        reason: String,
    },
    /// It does not want it, also not later.
    Refused(String),
    /// It did not answer, or only with "later", for as long as was to be tried.
    GaveUp(String),
}

/// An answer and what it took.
#[derive(Debug)]
pub struct Sent {
    /// The answer.
    pub answer: Answer,
    /// Bytes of the request.
    pub bytes: u64,
    /// How many times it was sent again.
    pub retries: u64,
}

/// What one try came to.
enum Tried {
    Done(Answer),
    Later { reason: String, after: Option<Duration> },
}

/// A client of the endpoint. Clones share its connections.
#[derive(Clone)]
pub struct Sender {
    wire: Wire,
    retry_for: Duration,
}

#[derive(Clone)]
enum Wire {
    Http(http::Client),
    Grpc(grpc::Client),
}

impl Sender {
    /// Makes the client; connects with the first request.
    pub fn new(endpoint: &Endpoint, retry_for: Duration) -> Result<Self> {
        let wire = match endpoint {
            Endpoint::Http(base) => Wire::Http(http::Client::new(base).context("can't make an HTTP client")?),
            Endpoint::Grpc(origin) => Wire::Grpc(grpc::Client::new(origin).context("can't make a gRPC client")?),
        };
        Ok(Self { wire, retry_for })
    }

    /// Sends it, and again while the endpoint asks for that or can't be reached.
    pub async fn send(&self, record: &Record) -> Sent {
        let started = Instant::now();
        let message = record.encode();
        let mut retries = 0;
        let answer = loop {
            let tried = match &self.wire {
                Wire::Http(client) => client.send(record, message.clone()).await,
                Wire::Grpc(client) => client.send(record, message.clone()).await,
            };
            let (reason, after) = match tried {
                Tried::Done(answer) => break answer,
                Tried::Later { reason, after } => (reason, after),
            };
            let pause = after.unwrap_or_else(|| BACKOFF.pause(retries + 1)).min(BACKOFF.longest);
            if started.elapsed() + pause > self.retry_for {
                break Answer::GaveUp(reason);
            }
            sleep(pause).await;
            retries += 1;
        };
        Sent {
            answer,
            bytes: message.len() as u64,
            retries: u64::from(retries),
        }
    }
}
