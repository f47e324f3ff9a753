//! A channel as it is filled in on a page: every field a text. Fields that its kind has no use for are not read.

use serde::{Deserialize, Serialize};

use super::{AlertSeverity, Channel, ChannelForm, ChannelKind, MailSecurity};
use crate::Text;
use crate::kit::field::{FieldError, wrong};
use crate::kit::list;
use crate::kit::text::separated;

/// A channel as it is filled in on a page. A secret goes in, and never comes out.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelFields {
    /// The number of the channel that is changed; empty for a new one.
    pub id: String,
    /// Its name, as [`crate::kit::name::slug`] takes it.
    pub name: String,
    /// `webhook`, `slack` or `email`.
    pub kind: String,
    /// Of a webhook: the address that is posted to.
    pub url: String,
    /// Of mail: the server's name or address.
    pub host: String,
    /// Of mail: its TCP port, 1 to 65535.
    pub port: String,
    /// Of mail: `tls`, `start_tls` or `none`.
    pub security: String,
    /// Of mail: the user to sign in as; empty for none.
    pub user: String,
    /// Of mail: the sender's address.
    pub from: String,
    /// Of mail: the addresses of receivers, with commas or blanks between.
    pub to: String,
    /// The least severity: `page` or `ticket`.
    pub least: String,
    /// Only for services of these teams, with commas or blanks between; empty for all.
    pub teams: String,
    /// The secret; empty for the one that is kept.
    pub secret: String,
}

impl std::fmt::Debug for ChannelFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelFields")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

fn several(text: &str) -> Vec<Text> {
    separated(text).map(Text::from).collect()
}

impl ChannelFields {
    /// The channel's number. Errors: none is given.
    pub fn number(&self) -> Result<i64, FieldError> {
        self.id.parse().or_else(|_| wrong("id", "is the number of a channel"))
    }

    /// The channel; what is in the fields is checked by [`ChannelForm::checked`]. Errors: the first field that can't be read.
    pub fn parse(&self) -> Result<ChannelForm, FieldError> {
        let to = match self.kind.as_str() {
            "webhook" => ChannelKind::Webhook {
                url: self.url.as_str().into(),
            },
            "slack" => ChannelKind::Slack,
            "email" => ChannelKind::Email {
                host: self.host.as_str().into(),
                port: self
                    .port
                    .trim()
                    .parse()
                    .or_else(|_| wrong("port", "is 1 to 65535, such as 587"))?,
                security: match self.security.as_str() {
                    "tls" => MailSecurity::Tls,
                    "start_tls" => MailSecurity::StartTls,
                    "none" => MailSecurity::None,
                    _ => return wrong("security", "is tls, start_tls or none"),
                },
                user: self.user.as_str().into(),
                from: self.from.trim().into(),
                to: several(&self.to),
            },
            _ => return wrong("kind", "is webhook, slack or email"),
        };
        Ok(ChannelForm {
            name: self.name.trim().into(),
            to,
            least: match self.least.as_str() {
                "page" => AlertSeverity::Page,
                "ticket" => AlertSeverity::Ticket,
                _ => return wrong("least", "is page or ticket"),
            },
            teams: several(&self.teams),
            secret: Some(self.secret.clone()).filter(|secret| !secret.is_empty()),
        })
    }

    /// The fields of a channel, without its secret.
    pub fn of(channel: &Channel) -> Self {
        let mut fields = Self {
            id: channel.id.to_string(),
            name: channel.name.to_string(),
            least: match channel.least {
                AlertSeverity::Page => "page",
                AlertSeverity::Ticket => "ticket",
            }
            .to_owned(),
            teams: list::commas(&channel.teams),
            ..Self::default()
        };
        let kind = match &channel.to {
            ChannelKind::Webhook { url } => {
                fields.url = url.to_string();
                "webhook"
            }
            ChannelKind::Slack => "slack",
            ChannelKind::Email {
                host,
                port,
                security,
                user,
                from,
                to,
            } => {
                fields.host = host.to_string();
                fields.port = port.to_string();
                let word = match security {
                    MailSecurity::Tls => "tls",
                    MailSecurity::StartTls => "start_tls",
                    MailSecurity::None => "none",
                };
                word.clone_into(&mut fields.security);
                fields.user = user.to_string();
                fields.from = from.to_string();
                fields.to = list::commas(to);
                "email"
            }
        };
        kind.clone_into(&mut fields.kind);
        fields
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what it expects")]

    use super::*;

    #[test]
    fn what_is_filled_in_for_a_channel_makes_it_again() {
        let mail = ChannelKind::Email {
            host: "mail.example".into(),
            port: 587,
            security: MailSecurity::StartTls,
            user: "robot".into(),
            from: "robot@example.org".into(),
            to: vec!["a@example.org".into(), "b@example.org".into()],
        };
        let hook = ChannelKind::Webhook {
            url: "https://hook.example/".into(),
        };
        for to in [mail, hook, ChannelKind::Slack] {
            let channel = Channel {
                id: 7,
                name: "on-call".into(),
                to,
                least: AlertSeverity::Page,
                teams: vec!["shop".into()],
                has_secret: true,
                encrypted_by: None,
                created_ns: 0,
                last_sent_ns: None,
                last_failure: None,
                failing_since_ns: None,
                next_attempt_ns: None,
                waiting: 0,
                oldest_waiting_ns: None,
                given_up: 0,
            };
            let fields = ChannelFields::of(&channel);
            let form = fields.parse().unwrap();
            assert_eq!(
                (fields.number().unwrap(), &form.name, &form.to),
                (7, &channel.name, &channel.to)
            );
            assert_eq!(
                (form.least, &form.teams, form.secret),
                (channel.least, &channel.teams, None)
            );
        }
        let nothing = ChannelFields::default();
        assert_eq!(nothing.parse().unwrap_err().field, "kind");
    }
}
