//! Over HTTP: the signed webhook, and the message that chats take.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use pointsman_domain::telemetry::UnixNanos;
use pointsman_store::slo::channels::Outgoing;
use reqwest::RequestBuilder;
use serde_json::json;
use sha2::Sha256;

/// The notice as JSON, with the signature of the moment and the body: `v1=` and HMAC-SHA256 of `<seconds>.<body>` with the channel's
/// secret, in hexadecimal digits. The receiver refuses what is too old, so that nobody can send it again.
pub(super) async fn signed(
    http: &reqwest::Client,
    url: &str,
    secret: &str,
    outgoing: &Outgoing,
    now_ns: UnixNanos,
) -> Result<(), String> {
    let body = serde_json::to_string(&outgoing.letter).map_err(|error| error.to_string())?;
    let seconds = (now_ns / 1_000_000_000).to_string();
    let signature = sign(secret, &seconds, &body)?;
    let request = http
        .post(url)
        .header("content-type", "application/json")
        .header("idempotency-key", &outgoing.key)
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
pub(super) async fn chat(http: &reqwest::Client, url: &str, outgoing: &Outgoing) -> Result<(), String> {
    let letter = &outgoing.letter;
    let mut text = format!("*{}*\n{}", plain(letter.title()), plain(&letter.text()));
    if let Some(url) = letter.url() {
        let _ = write!(text, "\n<{url}|Look at it>");
    }
    if let Some(runbook) = letter.runbook() {
        let _ = write!(text, " - <{runbook}|What to do>");
    }
    let body = json!({ "text": text }).to_string();
    let request = http
        .post(url)
        .header("content-type", "application/json")
        .header("idempotency-key", &outgoing.key)
        .body(body);
    taken(request).await
}

/// Without the signs that a chat would take for links and mentions.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

async fn taken(request: RequestBuilder) -> Result<(), String> {
    let answer = request.send().await.map_err(|error| {
        let kind = match &error {
            error if error.is_timeout() => "did not answer in time",
            error if error.is_connect() => "can't be reached",
            _ => "did not answer",
        };
        format!("the receiver {kind}")
    })?;
    if answer.status().is_success() {
        Ok(())
    } else {
        Err(format!("the receiver answered {}", answer.status()))
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
