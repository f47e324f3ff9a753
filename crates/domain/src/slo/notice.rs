//! What is sent to channels: news of alerts, and reports.

use serde::{Deserialize, Serialize};

use super::Alert;
use crate::Text;
use crate::kit::words::words;
use crate::period::PeriodLabel;

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

/// News of an alert: the body of a webhook, and what messages and mails are made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Whether it fires or is resolved.
    pub event: NoticeEvent,
    /// What is sent as a subject or in bold.
    pub title: String,
    /// What was found, in a sentence.
    pub sentence: String,
    /// The objective's page at the time of the alert; `None` where the server does not know its own address.
    pub url: Option<String>,
    /// The objective's runbook, where it has one.
    pub runbook: Option<Text>,
    /// The alert as it was when this was written.
    pub alert: Alert,
}

/// A report that is sent when it is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportNotice {
    /// The month or quarter.
    pub report: PeriodLabel,
    /// Of which team's services; of all without one.
    pub team: Option<Text>,
    /// What is sent as a subject or in bold.
    pub title: String,
    /// How it went, a sentence a line.
    pub sentences: Vec<String>,
    /// Where it is; `None` where the server does not know its own address.
    pub url: Option<String>,
    /// The figures, an objective a line.
    pub csv: String,
}

/// What a channel sends: a report, or news of an alert. Which of them its form tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Notification {
    /// A report.
    Report(ReportNotice),
    /// News of an alert.
    Alert(Box<Notice>),
}

impl Notification {
    /// The subject, in one line.
    pub fn title(&self) -> &str {
        match self {
            Self::Report(report) => &report.title,
            Self::Alert(notice) => &notice.title,
        }
    }

    /// The sentences, one a line.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let lines = match self {
            Self::Report(report) => report.sentences.as_slice(),
            Self::Alert(notice) => std::slice::from_ref(&notice.sentence),
        };
        lines.iter().map(String::as_str)
    }

    /// The page to look at; `None` where the server does not know its own address.
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Report(report) => report.url.as_deref(),
            Self::Alert(notice) => notice.url.as_deref(),
        }
    }

    /// The runbook, of an alert whose objective has one.
    pub fn runbook(&self) -> Option<&str> {
        match self {
            Self::Report(_) => None,
            Self::Alert(notice) => notice.runbook.as_deref(),
        }
    }
}
