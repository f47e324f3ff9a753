//! What is sent to channels: news of alerts, and reports.

use serde::{Deserialize, Serialize};

use super::Alert;
use crate::Text;
use crate::people::words;
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

    /// What it says, line by line.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let lines = match self {
            Self::Report(report) => report.sentences.as_slice(),
            Self::Alert(notice) => std::slice::from_ref(&notice.sentence),
        };
        lines.iter().map(String::as_str)
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
