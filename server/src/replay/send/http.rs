//! OTLP over HTTP, as protobuf.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_TYPE, RETRY_AFTER};

use super::{Answer, TRY_TIMEOUT, Tried};
use crate::replay::record::Record;

/// Posts to `/v1/traces` and `/v1/logs` under a base.
#[derive(Clone)]
pub struct Client {
    base: String,
    http: reqwest::Client,
}

impl Client {
    pub fn new(base: &str) -> anyhow::Result<Self> {
        // The one provider of TLS that is built in. An error only says that it is set already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            base: base.to_owned(),
            http: reqwest::Client::builder().timeout(TRY_TIMEOUT).build()?,
        })
    }

    pub async fn send(&self, record: &Record, message: Bytes) -> Tried {
        let path = match record {
            Record::Traces(_) => "traces",
            Record::Logs(_) => "logs",
        };
        let url = format!("{}/v1/{path}", self.base);
        let request = self.http.post(url).header(CONTENT_TYPE, "application/x-protobuf");
        let response = match request.body(message).send().await {
            Ok(response) => response,
            Err(error) => return later(format!("{:#}", anyhow::Error::new(error)), None),
        };
        let status = response.status();
        let after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok());
        let after = after.and_then(|value| value.parse().ok()).map(Duration::from_secs);
        let body = match response.bytes().await {
            Ok(body) => body,
            Err(error) => return later(format!("{:#}", anyhow::Error::new(error)), None),
        };
        if status.is_success() {
            let (rejected, reason) = record.rejected(&body);
            return Tried::Done(Answer::Accepted { rejected, reason });
        }
        let reason = format!("{status}: {}", said(&body));
        // Those that OTLP calls retryable.
        let retryable = [
            StatusCode::TOO_MANY_REQUESTS,
            StatusCode::BAD_GATEWAY,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT,
        ];
        if retryable.contains(&status) {
            return later(reason, after);
        }
        Tried::Done(Answer::Refused(reason))
    }
}

fn later(reason: String, after: Option<Duration>) -> Tried {
    Tried::Later { reason, after }
}

/// The sentence in a `google.rpc.Status`; else what text the body begins with.
fn said(body: &Bytes) -> String {
    #[derive(prost::Message)]
    struct Status {
        #[prost(string, tag = "2")]
        message: String,
    }
    match <Status as prost::Message>::decode(body.clone()) {
        Ok(status) if !status.message.is_empty() => status.message,
        _ => String::from_utf8_lossy(&body[..body.len().min(200)]).trim().to_owned(),
    }
}
