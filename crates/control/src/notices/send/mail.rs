//! By mail.

use std::fmt::Write as _;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Message, transport::smtp};
use pointsman_domain::Text;
use pointsman_domain::display::line;
use pointsman_domain::slo::{ChannelKind, MailSecurity, Notification};
use pointsman_domain::telemetry::UnixNanos;
use tokio::time::timeout;

use super::failure::SendFailure;
use super::words::address;
use crate::Problem;
use crate::promise::slo::wrong;

/// How long one address of a server's name may take to connect.
const CONNECT: Duration = Duration::from_secs(10);
/// How long the end of a conversation may take in which the mail was taken already.
const GOODBYE: Duration = Duration::from_secs(2);

/// Sends a notice to all addresses of its channel. How long that may take is the caller's to say. Errors: why not.
pub(super) async fn send(
    to: &ChannelKind,
    secret: &str,
    key: &str,
    letter: &Notification,
    created_ns: UnixNanos,
) -> Result<(), SendFailure> {
    let ChannelKind::Email { from, to: all, .. } = to else {
        return Err(SendFailure::Channel("the channel is not mail".to_owned()));
    };
    let message = message(key, letter, created_ns, from, all).map_err(SendFailure::Notice)?;
    talk(to, secret, &message).await.map_err(|error| {
        // What the server says is told, but no more than a line of it.
        let said: String = line(&error.to_string()).chars().take(200).collect();
        SendFailure::Channel(format!("the mail server did not take it: {said}"))
    })
}

async fn talk(to: &ChannelKind, secret: &str, message: &Message) -> Result<(), smtp::Error> {
    let ChannelKind::Email {
        host,
        port,
        security,
        user,
        ..
    } = to
    else {
        return Ok(());
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let tls = || TlsParameters::new(host.to_owned());
    // The name of this machine.
    let own = ClientId::default();
    let from_the_beginning = match security {
        MailSecurity::Tls => Some(tls()?),
        MailSecurity::StartTls | MailSecurity::None => None,
    };
    let mut server =
        AsyncSmtpConnection::connect_tokio1((host, *port), Some(CONNECT), &own, from_the_beginning, None).await?;
    if *security == MailSecurity::StartTls {
        server.starttls(tls()?, &own).await?;
    }
    if !user.is_empty() {
        let credentials = Credentials::new(user.to_string(), secret.to_owned());
        server.auth(DEFAULT_MECHANISMS, &credentials).await?;
    }
    server.send(message.envelope(), &message.formatted()).await?;
    // It is taken, however the conversation ends.
    let _ = timeout(GOODBYE, server.quit()).await;
    Ok(())
}

/// Errors: the field of a channel that mail can't be sent from or to.
pub(crate) fn check(to: &ChannelKind) -> Result<(), Problem> {
    let ChannelKind::Email { from, to, .. } = to else {
        return Ok(());
    };
    let one = |field: &str, address: &Text| match mailbox(address) {
        Ok(_) => Ok(()),
        Err(error) => wrong(
            field,
            format!("takes addresses of mail, such as oncall@example.org: {error}"),
        ),
    };
    one("from", from)?;
    to.iter().try_for_each(|address| one("to", address))
}

fn mailbox(address: &str) -> Result<Mailbox, String> {
    address.parse().map_err(|error| format!("{address}: {error}"))
}

fn message(
    key: &str,
    letter: &Notification,
    created_ns: UnixNanos,
    from: &str,
    to: &[Text],
) -> Result<Message, String> {
    // A repeat has the same number, which mailboxes know it by.
    let domain = from.rsplit('@').next().unwrap_or("localhost").trim_end_matches('>');
    let mut builder = Message::builder()
        .from(mailbox(from)?)
        .subject(line(letter.title()).into_owned())
        .message_id(Some(format!("<{key}.{created_ns}@{domain}>")))
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    for address in to {
        builder = builder.to(mailbox(address)?);
    }
    let mut text = String::new();
    for one in letter.lines() {
        // Writing to a text can't fail.
        let _ = writeln!(text, "{}", line(one));
    }
    if let Some(url) = letter.url().and_then(address) {
        let _ = write!(text, "\nLook at it: {url}\n");
    }
    if let Some(runbook) = letter.runbook().and_then(address) {
        let _ = writeln!(text, "What to do: {runbook}");
    }
    let message = match letter {
        Notification::Alert(_) => builder.singlepart(SinglePart::plain(text)),
        Notification::Report(report) => {
            let kind = ContentType::parse("text/csv; charset=utf-8").map_err(|error| error.to_string())?;
            let name = match &report.team {
                Some(team) => format!("{}-{team}.csv", report.report),
                None => format!("{}.csv", report.report),
            };
            let figures = Attachment::new(name).body(report.csv.clone(), kind);
            builder.multipart(
                MultiPart::mixed()
                    .singlepart(SinglePart::plain(text))
                    .singlepart(figures),
            )
        }
    };
    message.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn what_others_wrote_makes_no_header() {
        let json = serde_json::json!({
            "event": "firing", "title": "Page: a\r\nBcc: evil@example.org", "sentence": "one\r\n.\r\ntwo",
            "url": null, "runbook": "https://wiki.example/a|b>c",
            "alert": { "id": 1, "objective": "up", "service": "cart", "rule": "page", "severity": "page", "sentence": "", "opened_ns": 1 },
        });
        let letter: Notification = serde_json::from_value(json).unwrap();
        let to: [Text; 1] = ["oncall@example.org".into()];
        let message = message("alert-1-firing", &letter, 7, "p@example.org", &to).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        // The line breaks are there to be seen, encoded: `a␍␊Bcc:`.
        let subject = "Subject: Page: =?utf-8?b?YeKQjeKQikJjYzo=?= evil@example.org\r\n";
        assert!(text.contains(subject), "{text}");
        assert!(!text.contains("\r\nBcc:") && !text.contains("\r\n.\r\n"), "{text}");
        assert!(text.contains("What to do: https://wiki.example/a%7Cb%3Ec"), "{text}");
        assert_eq!(message.envelope().to().len(), 1);
    }

    #[test]
    fn addresses_that_mail_does_not_go_to_are_told_by_their_field() {
        let of = |from: &str, to: &str| {
            let json = serde_json::json!({
                "kind": "email", "host": "mail.example.org", "port": 587, "security": "start_tls", "from": from, "to": [to],
            });
            let kind: ChannelKind = serde_json::from_value(json).unwrap();
            match check(&kind) {
                Err(Problem::Field(error)) => Some(error.field),
                other => {
                    assert_eq!(other, Ok(()));
                    None
                }
            }
        };
        assert_eq!(of("p@example.org", "On call <o@example.org>"), None);
        assert_eq!(of("p@ex ample", "o@example.org").as_deref(), Some("from"));
        assert_eq!(of("p@example.org", "o@@example").as_deref(), Some("to"));
    }
}
