//! What pages and programs get to see of objectives and alerts.

use serde::{Deserialize, Serialize};

use super::{AlertSeverity, Count, Objective, Status};
use crate::Text;
use crate::kit::words::words;
use crate::telemetry::UnixNanos;

/// An objective and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SloSummary {
    /// The objective as it is now.
    #[serde(deserialize_with = "Objective::read_kept")]
    pub objective: Objective,
    /// How often it was changed, from 1.
    pub revision: u32,
    /// The team that owns the service; `None` where none does.
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
    /// When it first failed.
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
    /// The beginning of the piece.
    pub at_ns: UnixNanos,
    /// What was counted: events, or slices.
    pub count: Count,
    /// How many events exclusions left out.
    pub excluded: u64,
    /// The share of the window's budget that was spent up to its end.
    pub spent: f64,
}

/// One objective, with all that a page shows of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SloDetail {
    /// The objective, and how it stands.
    #[serde(flatten)]
    pub summary: SloSummary,
    /// Its window piece by piece, from its start exactly: hours up to 7 days, days of UTC beyond (the first one may be a part). Together they are
    /// what the headline has. Empty for composite objectives.
    pub points: Vec<SloPoint>,
    /// Before this moment its past was counted by the hour: of an exclusion that ends there only whole hours are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_until_ns: Option<UnixNanos>,
    /// The exclusions that touch its window.
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

/// A version of a service that was seen for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Deploy {
    /// Its `service.name`.
    pub service: Text,
    /// Its `service.version`.
    pub version: Text,
    /// When its first span ended, to 10 s.
    pub at_ns: UnixNanos,
}

/// An alert that fires, or has fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alert {
    /// By which it is acknowledged; it grows with time.
    pub id: i64,
    /// The objective's name.
    pub objective: Text,
    /// The objective's service.
    pub service: Text,
    /// What fired: `page` and `ticket` by the rows of the table of that severity, `absent` for missing events. One of each at a time.
    pub rule: Text,
    /// Page or ticket.
    pub severity: AlertSeverity,
    /// In a sentence what was found when it began.
    pub sentence: Text,
    /// When it fired.
    pub opened_ns: UnixNanos,
    /// When it was resolved; `None` while it fires.
    pub resolved_ns: Option<UnixNanos>,
    /// When it was acknowledged.
    pub acked_ns: Option<UnixNanos>,
    /// The account that acknowledged it.
    pub acked_by: Option<Text>,
    /// The number of the silence by which nobody was notified.
    pub silence: Option<i64>,
}

/// Which alerts: those for which all that is given holds. Empty texts are no filter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
#[serde(default)]
pub struct AlertQuery {
    /// `firing` for those that have not ended; all otherwise.
    #[cfg_attr(feature = "openapi", param(pattern = "^(firing|all)?$"))]
    pub state: String,
    /// Only of the objective of this name.
    pub objective: String,
    /// Only of this service.
    pub service: String,
    /// Only with smaller numbers.
    pub before: Option<i64>,
}

/// A page of alerts, newest first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alerts {
    /// At most 100.
    pub alerts: Vec<Alert>,
    /// What to ask for to see older ones.
    pub next_before: Option<i64>,
    /// The silences that have not ended.
    pub silences: Vec<Silence>,
}

/// Alerts of a service or an objective notify nobody for some time. They still fire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Silence {
    /// By which it is ended.
    pub id: i64,
    /// The service whose alerts are silenced.
    pub service: Text,
    /// Only those of the objective of this name.
    pub objective: Option<Text>,
    /// The reason that was given.
    pub reason: Text,
    /// The account that made it.
    pub by: Text,
    /// When it begins.
    pub from_ns: UnixNanos,
    /// When it ends, not included.
    pub until_ns: UnixNanos,
}

/// A silence as it is filled in, of a service or of an objective: one of the two is given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SilenceForm {
    /// The service to silence, or empty.
    pub service: String,
    /// The objective to silence, or empty.
    pub objective: String,
    /// For how many minutes: 1 to 43,200 (30 days).
    pub minutes: u32,
    /// The reason: see [`crate::kit::reason::Reason`].
    pub reason: String,
}

/// Time that does not count for a service or an objective: maintenance and the like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exclusion {
    /// By which it is changed and removed.
    pub id: i64,
    /// The service for which the time does not count.
    pub service: Text,
    /// Only for the objective of this name.
    pub objective: Option<Text>,
    /// When it begins, a whole minute.
    pub from_ns: UnixNanos,
    /// When it ends, a whole minute, not included.
    pub to_ns: UnixNanos,
    /// The reason that was given.
    pub reason: Text,
    /// The account that made it.
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

/// An exclusion as it is filled in, of a service or of an objective: one of the two is given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ExclusionForm {
    /// The service for which the time does not count, or empty.
    pub service: String,
    /// The objective for which it does not, or empty.
    pub objective: String,
    /// The beginning, as RFC 3339.
    pub from: String,
    /// The end, as RFC 3339.
    pub to: String,
    /// The reason: see [`crate::kit::reason::Reason`].
    pub reason: String,
}

/// What a spent budget does to changes of a service's routing and rollouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Changes go on as ever.
    #[default]
    Nothing,
    /// Whoever changes something is warned, and may go on.
    Warn,
    /// Only an admin who gives a reason changes anything.
    Block,
}

words!(Policy, "policy", { Nothing => "nothing", Warn => "warn", Block => "block" });

/// The budget policy of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyRow {
    /// The service that the policy is of.
    pub service: Text,
    /// What a spent budget does to its changes.
    pub policy: Policy,
    /// The names of its objectives whose budget is spent.
    pub spent: Vec<Text>,
}

/// Whether a service may be changed, as its budget has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", content = "sentence", rename_all = "snake_case")]
pub enum PolicyVerdict {
    /// It may: no budget is spent, or the policy lets it.
    Go,
    /// It may, with this warning.
    Warn(String),
    /// It may not, for this reason.
    Blocked(String),
}
