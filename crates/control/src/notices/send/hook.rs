//! Over HTTP: the signed webhook, and the message that chats take.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use pointsman_domain::slo::Notification;
use pointsman_domain::telemetry::UnixNanos;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::json;
use sha2::Sha256;

use super::chat;
use super::failure::SendFailure;

/// The notice as JSON, with the signature of the moment and the body: `v1=` and HMAC-SHA256 of `<seconds>.<body>` with the channel's
/// secret, in hexadecimal digits. The receiver refuses what is too old, so that nobody can send it again.
pub(super) async fn signed(
    http: &reqwest::Client,
    url: &str,
    secret: &str,
    key: &str,
    letter: &Notification,
    now_ns: UnixNanos,
) -> Result<(), SendFailure> {
    let never = |error: String| SendFailure::Never(format!("it can't be written: {error}"));
    let body = serde_json::to_string(letter).map_err(|error| never(error.to_string()))?;
    let seconds = (now_ns / 1_000_000_000).to_string();
    let signature = sign(secret, &seconds, &body).map_err(never)?;
    let request = http
        .post(url)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .header("pointsman-timestamp", seconds)
        .header("pointsman-signature", signature)
        .body(body);
    taken(request).await
}

/// The signature of a body sent at a moment.
pub(super) fn sign(secret: &str, seconds: &str, body: &str) -> Result<String, String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|error| error.to_string())?;
    mac.update(seconds.as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    let mut signature = "v1=".to_owned();
    for byte in mac.finalize().into_bytes() {
        // Writing to a text can't fail.
        let _ = write!(signature, "{byte:02x}");
    }
    Ok(signature)
}

/// As Slack and those who do like it take it. The URL is the secret, so no failure may tell it.
pub(super) async fn chat(
    http: &reqwest::Client,
    url: &str,
    key: &str,
    letter: &Notification,
) -> Result<(), SendFailure> {
    let body = json!({ "text": chat::text(letter) }).to_string();
    let request = http
        .post(url)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(body);
    taken(request).await
}

async fn taken(request: RequestBuilder) -> Result<(), SendFailure> {
    let answer = request.send().await.map_err(|error| {
        let kind = match &error {
            error if error.is_builder() => "has no address that can be asked",
            error if error.is_connect() => "can't be reached",
            _ => "did not answer",
        };
        SendFailure::Channel(format!("the receiver {kind}"))
    })?;
    let status = answer.status();
    let why = format!("the receiver answered {status}");
    match status {
        status if status.is_success() => Ok(()),
        // What these say is about the body.
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
            Err(SendFailure::Notice(why))
        }
        _ => Err(SendFailure::Channel(why)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `printf '1767225600.{"a":1}' | openssl dgst -sha256 -hmac 'a secret of sixteen'` has it.
    #[test]
    fn a_signature_is_hmac_sha256() {
        let found = sign("a secret of sixteen", "1767225600", r#"{"a":1}"#);
        assert_eq!(
            found.as_deref(),
            Ok("v1=f264df8c1de47c65c6413bee407221529534656808f21d7757a90fc36f3c5ed7")
        );
        assert_ne!(found, sign("a secret of sixteen", "1767225601", r#"{"a":1}"#));
    }
}
