//! Where alerts are sent.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::AlertSeverity;
use crate::Text;
use crate::kit::field::{FieldError, field, wrong};
use crate::kit::{name, text};
use crate::telemetry::UnixNanos;

/// Where a channel sends, and how. Secrets are not in it: they go in by [`ChannelForm`] and never come out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChannelKind {
    /// A POST of JSON, signed with the secret.
    Webhook {
        /// The address that is posted to, without user or password.
        url: Text,
    },
    /// A POST of `{"text"}` as Slack, Mattermost and others take it. The secret is its URL.
    Slack,
    /// Mail. The secret is the password.
    Email {
        /// The mail server's name or address.
        host: Text,
        /// Its TCP port: usually 465 or 587.
        port: u16,
        /// How the connection is secured.
        security: MailSecurity,
        /// What to sign in as; empty for not at all.
        #[serde(default)]
        user: Text,
        /// The sender's address.
        from: Text,
        /// 1 to 20 addresses of receivers.
        to: Vec<Text>,
    },
}

/// How a connection to a mail server is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// By TLS from its beginning, usually on port 465.
    Tls,
    /// By STARTTLS, which the server has to offer, usually on port 587.
    StartTls,
    /// Not at all: for a server on this machine, or one that takes mail without a password.
    None,
}

impl ChannelKind {
    /// Whether a secret that was given for a channel of that kind goes to the same place by this one, as well secured: only then is it kept
    /// when the channel is changed.
    pub fn keeps_secret_of(&self, old: &Self) -> bool {
        match (self, old) {
            (Self::Webhook { url }, Self::Webhook { url: old }) => url == old,
            // The secret is the place.
            (Self::Slack, Self::Slack) => true,
            (
                Self::Email {
                    host,
                    port,
                    security,
                    user,
                    ..
                },
                Self::Email {
                    host: old_host,
                    port: old_port,
                    security: old_security,
                    user: old_user,
                    ..
                },
            ) => (host, port, security, user) == (old_host, old_port, old_security, old_user),
            _ => false,
        }
    }

    /// Whether a password would go over a network unencrypted.
    pub fn tells_password(&self) -> bool {
        let Self::Email {
            host, security, user, ..
        } = self
        else {
            return false;
        };
        *security == MailSecurity::None && !user.is_empty() && !is_loopback(host)
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// A place that alerts and reports are sent to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channel {
    /// By which it is changed and removed.
    pub id: i64,
    /// Its name, as [`crate::kit::name::slug`] takes it.
    pub name: Text,
    /// Where it sends, and how.
    pub to: ChannelKind,
    /// Only alerts at least so severe.
    pub least: AlertSeverity,
    /// Only alerts of services of these teams; empty is all.
    pub teams: Vec<Text>,
    /// Whether a secret is kept for it.
    pub has_secret: bool,
    /// By which key the secret is encrypted in the database; `None` where it lies there as it is.
    pub encrypted_by: Option<Text>,
    /// When it was made.
    pub created_ns: UnixNanos,
    /// When something last reached the receiver; `None` where nothing did.
    pub last_sent_ns: Option<UnixNanos>,
    /// Why the last attempt failed, or the last one of a notice that waits; `None` where none did.
    pub last_failure: Option<Text>,
    /// Since when nothing gets through; `None` where the last attempt reached the receiver.
    pub failing_since_ns: Option<UnixNanos>,
    /// When the next attempt is, where nothing gets through.
    pub next_attempt_ns: Option<UnixNanos>,
    /// How many notices are in the outbox.
    pub waiting: u32,
    /// When the oldest of them was put there.
    pub oldest_waiting_ns: Option<UnixNanos>,
    /// How many notices were given up in the last 7 days.
    pub given_up: u32,
}

impl Channel {
    /// Whether the secret can't be read by who has these keys.
    pub fn is_locked(&self, keys: &[Text]) -> bool {
        self.encrypted_by.as_ref().is_some_and(|key| !keys.contains(key))
    }
}

/// A channel as it is filled in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChannelForm {
    /// Its name, as [`crate::kit::name::slug`] takes it.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"))]
    pub name: Text,
    /// Where it sends, and how.
    pub to: ChannelKind,
    /// Only alerts at least so severe.
    #[serde(default = "least")]
    pub least: AlertSeverity,
    /// Only alerts of services of these teams; empty is all.
    #[serde(default)]
    pub teams: Vec<Text>,
    /// The secret; where it is not given, the one that is kept stays.
    #[serde(default)]
    pub secret: Option<String>,
}

fn least() -> AlertSeverity {
    AlertSeverity::Ticket
}

impl std::fmt::Debug for ChannelForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelForm")
            .field("name", &self.name)
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}

fn address(name: &str, address: &str) -> Result<(), FieldError> {
    let line = field(name, text::line(address, 254))?;
    match line.split_once('@') {
        Some((user, host)) if !user.is_empty() && !host.is_empty() => Ok(()),
        _ => wrong(name, "takes addresses of mail, such as oncall@example.org"),
    }
}

/// What is said where a secret would be led elsewhere.
const AGAIN: &str =
    "is needed again: the kept one goes only to the address, and by the security and the user, that it was given for";

impl ChannelForm {
    /// The form with its texts tidied; `old` is the kind of channel that a secret is kept for, where one is. Without a secret of its own the
    /// form keeps that one, if it [goes to the same place](ChannelKind::keeps_secret_of). Errors: the first field that can't be.
    pub fn checked(mut self, old: Option<&ChannelKind>) -> Result<Self, FieldError> {
        self.name = name::slug("name", &self.name)?;
        self.secret = self.secret.filter(|secret| !secret.is_empty());
        match &mut self.to {
            ChannelKind::Webhook { url } => {
                *url = field("url", text::link(url))?;
                if url.is_empty() {
                    return wrong("url", "is needed");
                }
                if has_user(url) {
                    return wrong(
                        "url",
                        "takes no user or password: it is shown to admins and noted in the audit",
                    );
                }
            }
            ChannelKind::Slack => {}
            ChannelKind::Email {
                host,
                port,
                user,
                from,
                to,
                ..
            } => {
                *host = field("host", text::line(host, 253))?;
                *user = field("user", text::line(user, 254))?;
                if host.is_empty() || host.contains(char::is_whitespace) {
                    return wrong("host", "is the name or the address of a mail server");
                }
                if *port == 0 {
                    return wrong("port", "is 1 to 65535, such as 587");
                }
                address("from", from)?;
                if to.is_empty() || to.len() > 20 {
                    return wrong("to", "takes 1 to 20 addresses");
                }
                for one in to.iter() {
                    address("to", one)?;
                }
            }
        }
        if self.to.tells_password() {
            return wrong(
                "security",
                "is tls or start_tls for who signs in: without it the password could be read on the way. Only a server on this machine \
                 (localhost) gets one without",
            );
        }
        self.check_secret(old)?;
        Ok(self)
    }

    fn check_secret(&self, old: Option<&ChannelKind>) -> Result<(), FieldError> {
        let needed = match &self.to {
            ChannelKind::Webhook { .. } => "takes 16 characters or more: receivers check the signature with it",
            ChannelKind::Slack => "is the webhook's URL",
            ChannelKind::Email { user, .. } if user.is_empty() => return Ok(()),
            ChannelKind::Email { .. } => "is the password of the user",
        };
        match (&self.secret, old) {
            (None, Some(old)) if self.to.keeps_secret_of(old) => Ok(()),
            (None, Some(_)) => wrong("secret", AGAIN),
            (None, None) => wrong("secret", needed),
            (Some(secret), _) => match &self.to {
                ChannelKind::Webhook { .. } if secret.len() < 16 => wrong("secret", needed),
                ChannelKind::Slack => field("secret", text::link(secret)).map(drop),
                _ => Ok(()),
            },
        }
    }
}

/// Whether an address has a user in it, `https://user:password@host`.
fn has_user(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    host.contains('@')
}

#[cfg(test)]
mod tests;
