//! Where alerts are sent, and what is sent.

use serde::{Deserialize, Serialize};

use super::{Alert, Severity};
use crate::Text;
use crate::people::form::{field, wrong};
use crate::people::name;
use crate::people::words;
use crate::period::PeriodLabel;
use crate::query::FieldError;
use crate::telemetry::UnixNanos;

/// Where to. Secrets are not in it: they go in by [`ChannelForm`] and never come out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChannelKind {
    /// A POST of JSON, signed with the secret.
    Webhook {
        /// Where to.
        url: Text,
    },
    /// A POST of `{"text"}` as Slack, Mattermost and others take it. The secret is its URL.
    Slack,
    /// Mail. The secret is the password.
    Email {
        /// The server's name.
        host: Text,
        /// Its port.
        port: u16,
        /// Whether the connection is secured from its beginning (465), by STARTTLS (587), or not at all.
        security: MailSecurity,
        /// What to sign in as; empty for not at all.
        #[serde(default)]
        user: Text,
        /// Whose mail it is.
        from: Text,
        /// Who gets it.
        to: Vec<Text>,
    },
}

/// How a connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// From its beginning.
    Tls,
    /// By STARTTLS, which has to be there.
    StartTls,
    /// Not at all: for a server on this machine.
    None,
}

/// A place that alerts are sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its number.
    pub id: i64,
    /// What people call it.
    pub name: Text,
    /// Where to.
    pub to: ChannelKind,
    /// Only alerts at least so severe.
    pub least: Severity,
    /// Only alerts of services of these teams; empty is all.
    pub teams: Vec<Text>,
    /// Whether a secret is kept for it.
    pub has_secret: bool,
    /// When it was made.
    pub created_ns: UnixNanos,
    /// When something was last sent.
    pub last_sent_ns: Option<UnixNanos>,
    /// Why the last attempt failed, where it did.
    pub last_failure: Option<Text>,
    /// What waits to be sent.
    pub waiting: u32,
}

/// A channel as it is filled in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelForm {
    /// What people call it.
    pub name: Text,
    /// Where to.
    pub to: ChannelKind,
    /// Only alerts at least so severe.
    #[serde(default = "least")]
    pub least: Severity,
    /// Only alerts of services of these teams.
    #[serde(default)]
    pub teams: Vec<Text>,
    /// The secret; where it is not given, the one that is kept stays.
    #[serde(default)]
    pub secret: Option<String>,
}

fn least() -> Severity {
    Severity::Ticket
}

impl std::fmt::Debug for ChannelForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelForm")
            .field("name", &self.name)
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}

fn address(name: &str, text: &str) -> Result<(), FieldError> {
    let line = field(name, name::line(text, 254))?;
    match line.split_once('@') {
        Some((user, host)) if !user.is_empty() && !host.is_empty() => Ok(()),
        _ => wrong(name, "takes addresses of mail, such as oncall@example.org"),
    }
}

impl ChannelForm {
    /// The form with its texts tidied; `kept` says whether a secret is kept already. Errors: the first field that can't be.
    pub fn checked(mut self, kept: bool) -> Result<Self, FieldError> {
        self.name = super::objective::slug("name", &self.name)?;
        let secret = self.secret.as_deref().unwrap_or_default();
        match &mut self.to {
            ChannelKind::Webhook { url } => {
                *url = field("url", name::link(url))?;
                if url.is_empty() {
                    return wrong("url", "is needed");
                }
                if self.secret.is_some() && secret.len() < 16 || self.secret.is_none() && !kept {
                    return wrong(
                        "secret",
                        "takes 16 characters or more: receivers check the signature with it",
                    );
                }
            }
            ChannelKind::Slack => {
                if self.secret.is_some() || !kept {
                    let url = field("secret", name::link(secret))?;
                    if url.is_empty() {
                        return wrong("secret", "is the webhook's URL");
                    }
                }
            }
            ChannelKind::Email {
                host, user, from, to, ..
            } => {
                *host = field("host", name::line(host, 253))?;
                *user = field("user", name::line(user, 254))?;
                if host.is_empty() {
                    return wrong("host", "is needed");
                }
                address("from", from)?;
                if to.is_empty() || to.len() > 20 {
                    return wrong("to", "takes 1 to 20 addresses");
                }
                for one in to.iter() {
                    address("to", one)?;
                }
                if !user.is_empty() && self.secret.is_none() && !kept {
                    return wrong("secret", "is the password of the user");
                }
            }
        }
        Ok(self)
    }
}

/// What happened to an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeEvent {
    /// It began.
    Firing,
    /// It ended.
    Resolved,
}

words!(NoticeEvent, "event", { Firing => "firing", Resolved => "resolved" });

/// What is sent: the body of a webhook, and what messages and mails are made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// What happened.
    pub event: NoticeEvent,
    /// In one line.
    pub title: String,
    /// What it means.
    pub sentence: String,
    /// Where to look, at the time of the alert; `None` where the server does not know its own address.
    pub url: Option<String>,
    /// What to do, where the objective says so.
    pub runbook: Option<Text>,
    /// The alert.
    pub alert: Alert,
}

/// A report that is sent when it is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportNotice {
    /// Of which month or quarter.
    pub report: PeriodLabel,
    /// Of which team's services; of all without one.
    pub team: Option<Text>,
    /// In one line.
    pub title: String,
    /// How it went, a sentence a line.
    pub sentences: Vec<String>,
    /// Where it is; `None` where the server does not know its own address.
    pub url: Option<String>,
    /// The figures, an objective a line.
    pub csv: String,
}

/// Anything that is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Letter {
    /// A report.
    Report(ReportNotice),
    /// News of an alert.
    Alert(Box<Notice>),
}

impl Letter {
    /// In one line.
    pub fn title(&self) -> &str {
        match self {
            Self::Report(report) => &report.title,
            Self::Alert(notice) => &notice.title,
        }
    }

    /// What it says.
    pub fn text(&self) -> String {
        match self {
            Self::Report(report) => report.sentences.join("\n"),
            Self::Alert(notice) => notice.sentence.clone(),
        }
    }

    /// Where to look.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Report(report) => report.url.as_deref(),
            Self::Alert(notice) => notice.url.as_deref(),
        }
    }

    /// What to do, where somebody said so.
    pub fn runbook(&self) -> Option<&str> {
        match self {
            Self::Report(_) => None,
            Self::Alert(notice) => notice.runbook.as_deref(),
        }
    }
}
