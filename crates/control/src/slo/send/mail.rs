//! By mail.

use std::fmt::Write as _;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use pointsman_domain::Text;
use pointsman_domain::slo::{ChannelKind, Letter, MailSecurity};
use pointsman_store::slo::channels::Outgoing;

/// Sends a notice to all addresses of its channel. Errors: why not.
pub(super) async fn send(outgoing: &Outgoing, secret: &str, timeout: Duration) -> Result<(), String> {
    let ChannelKind::Email {
        host,
        port,
        security,
        user,
        from,
        to,
    } = &outgoing.to
    else {
        return Err("the channel is not mail".to_owned());
    };
    let message = message(outgoing, from, to)?;
    let builder = match security {
        MailSecurity::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(host),
        MailSecurity::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host),
        MailSecurity::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host.as_str())),
    };
    let mut builder = builder
        .map_err(|error| error.to_string())?
        .port(*port)
        .timeout(Some(timeout));
    if !user.is_empty() {
        builder = builder.credentials(Credentials::new(user.to_string(), secret.to_owned()));
    }
    // What the server says is told, but no more than a line of it.
    let sent = builder.build().send(message).await;
    sent.map(|_| ()).map_err(|error| {
        let said: String = error
            .to_string()
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect();
        format!("the mail server did not take it: {said}")
    })
}

fn message(outgoing: &Outgoing, from: &str, to: &[Text]) -> Result<Message, String> {
    let mailbox = |address: &str| {
        address
            .parse::<Mailbox>()
            .map_err(|error| format!("{address}: {error}"))
    };
    let letter = &outgoing.letter;
    // A repeat has the same number, which mailboxes know it by.
    let domain = from.rsplit('@').next().unwrap_or("localhost").trim_end_matches('>');
    let mut builder = Message::builder()
        .from(mailbox(from)?)
        .subject(letter.title())
        .message_id(Some(format!("<{}.{}@{domain}>", outgoing.key, outgoing.created_ns)))
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    for address in to {
        builder = builder.to(mailbox(address)?);
    }
    let mut text = format!("{}\n", letter.text());
    if let Some(url) = letter.url() {
        // Writing to a text can't fail.
        let _ = write!(text, "\nLook at it: {url}\n");
    }
    if let Some(runbook) = letter.runbook() {
        let _ = writeln!(text, "What to do: {runbook}");
    }
    let message = match letter {
        Letter::Alert(_) => builder.singlepart(SinglePart::plain(text)),
        Letter::Report(report) => {
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
