//! What pages and programs get to see of objectives and alerts.

use serde::{Deserialize, Serialize};

use super::{Count, Objective, Severity, Status};
use crate::Text;
use crate::people::words;
use crate::telemetry::UnixNanos;

/// An objective and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SloSummary {
    /// What is promised.
    pub objective: Objective,
    /// How often it was changed, from 1.
    pub revision: u32,
    /// Which team owns the service.
    pub team: Option<Text>,
    /// From when on events are counted; `None` while the recorded past is not counted yet.
    pub counted_from_ns: Option<UnixNanos>,
    /// How it stands; `None` before it was evaluated for the first time.
    pub status: Option<Status>,
    /// Alerts that have not ended.
    pub firing: Vec<Alert>,
    /// Why it could not be counted or evaluated, where the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<Failing>,
}

/// What could not be done for one objective or contract, while it was done for the others. It is tried again with growing pauses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failing {
    /// Since when.
    pub since_ns: UnixNanos,
    /// When it is tried again.
    pub next_ns: UnixNanos,
    /// Why, in a clause: `the stored figures can't be read`.
    pub reason: Text,
}

/// A piece of an objective's window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SloPoint {
    /// When it begins.
    pub at_ns: UnixNanos,
    /// What was counted: events, or slices.
    pub count: Count,
    /// Events that were left out.
    pub excluded: u64,
    /// The share of the window's budget that was spent up to its end.
    pub spent: f64,
}

/// One objective, with all that a page shows of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SloDetail {
    /// It, and how it stands.
    #[serde(flatten)]
    pub summary: SloSummary,
    /// Its window piece by piece, from its start exactly: hours up to 7 days, days of UTC beyond (the first one may be a part). Together they are
    /// what the headline has. Empty for composite objectives.
    pub points: Vec<SloPoint>,
    /// Before this moment its past was counted by the hour: of an exclusion that ends there only whole hours are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_until_ns: Option<UnixNanos>,
    /// What is left out of its window.
    pub exclusions: Vec<Exclusion>,
    /// Its newest alerts, ended or not.
    pub alerts: Vec<Alert>,
    /// Silences that hold for it now.
    pub silences: Vec<Silence>,
    /// Versions of its service that were first seen in its window, in the order of time.
    pub deploys: Vec<Deploy>,
    /// Whether the caller may change it.
    pub may_edit: bool,
}

/// A version of a service is seen for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deploy {
    /// Of which service.
    pub service: Text,
    /// Which.
    pub version: Text,
    /// When its first span ended, to 10 s.
    pub at_ns: UnixNanos,
}

/// Somebody is called, or was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alert {
    /// Its number.
    pub id: i64,
    /// Of which objective.
    pub objective: Text,
    /// Of which service.
    pub service: Text,
    /// Why: `page` and `ticket` by the rows of the table of that severity, `absent` for missing events. One of each at a time.
    pub rule: Text,
    /// How soon to look.
    pub severity: Severity,
    /// In a sentence what was found when it began.
    pub sentence: Text,
    /// When it began.
    pub opened_ns: UnixNanos,
    /// When it ended.
    pub resolved_ns: Option<UnixNanos>,
    /// When somebody said that they look at it.
    pub acked_ns: Option<UnixNanos>,
    /// Who.
    pub acked_by: Option<Text>,
    /// By which silence nobody was called.
    pub silence: Option<i64>,
}

/// Which alerts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct AlertQuery {
    /// `firing` for those that have not ended; all otherwise.
    #[cfg_attr(feature = "openapi", param(pattern = "^(firing|all)?$"))]
    pub state: String,
    /// Only of this objective.
    pub objective: String,
    /// Only of this service.
    pub service: String,
    /// Only with smaller numbers.
    pub before: Option<i64>,
}

/// Alerts, newest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alerts {
    /// At most 100.
    pub alerts: Vec<Alert>,
    /// What to ask for to see older ones.
    pub next_before: Option<i64>,
    /// Silences that have not ended.
    pub silences: Vec<Silence>,
}

/// Alerts of a service or an objective call nobody for some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Silence {
    /// Its number.
    pub id: i64,
    /// Of which service.
    pub service: Text,
    /// Of this objective of it only.
    pub objective: Option<Text>,
    /// Why.
    pub reason: Text,
    /// Whose it is.
    pub by: Text,
    /// From when on.
    pub from_ns: UnixNanos,
    /// Until when.
    pub until_ns: UnixNanos,
}

/// A silence as it is filled in. It is of a service or of an objective.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SilenceForm {
    /// Of which service.
    pub service: String,
    /// Of which objective.
    pub objective: String,
    /// For how long, 1 to 43,200 (30 days).
    pub minutes: u32,
    /// Why.
    pub reason: String,
}

/// Time that does not count for a service or an objective: maintenance and the like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exclusion {
    /// Its number.
    pub id: i64,
    /// For which service.
    pub service: Text,
    /// For this objective of it only.
    pub objective: Option<Text>,
    /// From when on, a whole minute.
    pub from_ns: UnixNanos,
    /// Until when, a whole minute.
    pub to_ns: UnixNanos,
    /// Why.
    pub reason: Text,
    /// Who said so.
    pub by: Text,
}

impl Exclusion {
    /// Whether it is for this objective.
    pub fn is_for(&self, objective: &Objective) -> bool {
        self.service == objective.service && self.objective.as_ref().is_none_or(|name| *name == objective.name)
    }
}

impl Silence {
    /// Whether it silences alerts of this objective at a moment.
    pub fn holds_for(&self, service: &str, objective: &str, at_ns: UnixNanos) -> bool {
        self.service == service
            && self.objective.as_ref().is_none_or(|name| *name == objective)
            && (self.from_ns..self.until_ns).contains(&at_ns)
    }
}

/// An exclusion as it is filled in. It is of a service or of an objective.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ExclusionForm {
    /// For which service.
    pub service: String,
    /// For which objective.
    pub objective: String,
    /// From when on, as RFC 3339.
    pub from: String,
    /// Until when, as RFC 3339.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// What a spent budget does to changes of a service's routing and rollouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Nothing.
    #[default]
    Nothing,
    /// Who changes something is told.
    Warn,
    /// Only an admin with a reason changes anything.
    Block,
}

words!(Policy, "policy", { Nothing => "nothing", Warn => "warn", Block => "block" });

/// The budget policy of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyRow {
    /// The service.
    pub service: Text,
    /// What a spent budget does.
    pub policy: Policy,
    /// Its objectives whose budget is spent.
    pub spent: Vec<Text>,
}

/// Whether a service may be changed, as its budget has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "sentence", rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing speaks against it.
    Go,
    /// It may, and this is to be said.
    Warn(String),
    /// It may not.
    Blocked(String),
}
