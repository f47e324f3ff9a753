//! What a report holds.

use serde::{Deserialize, Serialize};

use super::Cause;
use crate::Text;
use crate::kit::words::words;
use crate::period::PeriodLabel;
use crate::sla::{Money, PeriodRecord};
use crate::slo::{Measure, Target};
use crate::telemetry::UnixNanos;
use crate::time::TimeRange;

/// How many periods a trend has, this one included.
pub const TREND: usize = 12;

/// The periods of a trend that ends with this one, oldest first.
pub fn trend_labels(label: PeriodLabel) -> Vec<PeriodLabel> {
    let mut labels: Vec<_> = std::iter::successors(Some(label), |label| Some(label.previous()))
        .take(TREND)
        .collect();
    labels.reverse();
    labels
}

/// How a month or a quarter went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Report {
    /// Period, team and state.
    pub head: Head,
    /// The most important in plain words, in the order in which to read it. Nothing of contracts.
    pub sentences: Vec<String>,
    /// Objective by objective: those that missed their target first, by how much of the budget they spent.
    pub objectives: Vec<ObjectiveRow>,
    /// The alerts of all objectives together.
    pub alerts: AlertFigures,
    /// Contracts and money; `None` for readers who may not see them.
    pub contracts: Option<ContractPart>,
}

/// Of which time and of what a report is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ReportHead))]
pub struct Head {
    /// The month or quarter.
    pub label: PeriodLabel,
    /// The time zone in which it begins and ends, by its IANA name.
    pub zone: Text,
    /// Of the services of this team; of all without one.
    pub team: Option<Text>,
    /// From when to when; up to now where it runs.
    pub range: TimeRange,
    /// Whether the figures can still change.
    pub state: ReportState,
    /// When it was made.
    pub made_ns: UnixNanos,
}

/// Whether a report's figures can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// The period is not over.
    Running,
    /// It is, and telemetry may still come late, for a day.
    Ended,
    /// It is kept as it is, for ever.
    Closed,
}

words!(ReportState, "state", { Running => "running", Ended => "ended", Closed => "closed" });

fn all() -> f64 {
    1.0
}

/// How an objective went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ObjectiveRow {
    /// The objective's name.
    pub name: Text,
    /// How pages call it.
    pub title: Text,
    /// The service that the objective is about.
    pub service: Text,
    /// The team that owns the service; `None` where none does.
    pub team: Option<Text>,
    /// How it went, in a sentence.
    pub sentence: String,
    /// The share of good events (or slices) that is asked for.
    pub target: Target,
    /// What was counted: events, or slices.
    pub measure: Measure,
    /// The share of good ones, 0 to 1; `None` where nothing was counted.
    pub compliance: Option<f64>,
    /// Between which shares the true one lies with 95 % confidence.
    pub confidence: (f64, f64),
    /// Whether there were as many events as the objective asks for.
    pub enough: bool,
    /// How many events exclusions left out.
    pub excluded: u64,
    /// The share of the period's budget that was spent: 1 is all of it.
    pub budget_spent: f64,
    /// Whether the target was met; `None` where nothing was counted, and where what was counted meets it but is not all of a period that is over.
    pub met: Option<bool>,
    /// The share of the period of which counts are there, 0 to 1.
    #[serde(default = "all")]
    pub covered: f64,
    /// The compliance of the last [`TREND`] periods, oldest first, this one last; `None` where nothing was counted or is known any more.
    pub trend: Vec<Option<f64>>,
    /// What the bad events lie near to, the most first.
    pub spent_on: Vec<Cause>,
    /// The alerts of this objective.
    pub alerts: AlertFigures,
}

/// Alerts that fired in the period, and how soon they were acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertFigures {
    /// How many were pages.
    pub pages: u32,
    /// How many were tickets.
    pub tickets: u32,
    /// How many of both were acknowledged.
    pub acknowledged: u32,
    /// Seconds from firing to acknowledgement, the mean; `None` where none was acknowledged.
    pub mean_ack_seconds: Option<f64>,
    /// Seconds from firing to acknowledgement, the median; `None` where none was acknowledged.
    pub median_ack_seconds: Option<f64>,
}

impl AlertFigures {
    /// The figures of so many pages and tickets, with the seconds to acknowledgement of those that were acknowledged.
    pub fn of(pages: u32, tickets: u32, mut acknowledged: Vec<f64>) -> Self {
        acknowledged.sort_by(f64::total_cmp);
        let middle = acknowledged.len() / 2;
        let any = !acknowledged.is_empty();
        Self {
            pages,
            tickets,
            acknowledged: acknowledged.len() as u32,
            mean_ack_seconds: any.then(|| acknowledged.iter().sum::<f64>() / acknowledged.len() as f64),
            median_ack_seconds: any.then(|| {
                if acknowledged.len().is_multiple_of(2) {
                    f64::midpoint(acknowledged[middle - 1], acknowledged[middle])
                } else {
                    acknowledged[middle]
                }
            }),
        }
    }
}

/// The contracts of a period, and money.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContractPart {
    /// What came of the contracts, in plain words.
    pub sentences: Vec<String>,
    /// The periods of contracts that lie in it, closed or running.
    pub rows: Vec<ContractRow>,
    /// The sum of the credits, by currency.
    pub credits: Vec<Money>,
}

/// What came of a contract's period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContractRow {
    /// How pages call the contract.
    pub title: Text,
    /// Who it is with.
    pub customer: Text,
    /// What is kept of the period; of one that runs what would come of it now, with the number 0.
    pub record: PeriodRecord,
}

/// A list of reports.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportIndex {
    /// Those that run, then those that are over, newest first.
    pub reports: Vec<ReportRow>,
    /// Teams that have services with objectives.
    pub teams: Vec<Text>,
}

/// A report, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportRow {
    /// Period, team and state.
    #[serde(flatten)]
    pub head: Head,
    /// How many objectives met their target, of those in `judged`; 0 while the period runs.
    pub met: u32,
    /// How many objectives counted something; 0 while the period runs.
    pub judged: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_ends_with_its_own_period() {
        let label: PeriodLabel = "2026-02".parse().expect("a month");
        let labels = trend_labels(label);
        assert_eq!(labels.len(), TREND);
        assert_eq!(
            (labels[0].to_string(), labels[TREND - 1].to_string()),
            ("2025-03".to_owned(), "2026-02".to_owned())
        );
    }

    #[test]
    fn mean_and_median_are_of_those_acknowledged() {
        let figures = AlertFigures::of(3, 1, vec![60.0, 600.0, 120.0]);
        assert_eq!(
            (figures.mean_ack_seconds, figures.median_ack_seconds),
            (Some(260.0), Some(120.0))
        );
        assert_eq!(AlertFigures::of(1, 1, vec![10.0, 20.0]).median_ack_seconds, Some(15.0));
        assert_eq!(AlertFigures::of(1, 0, vec![]).mean_ack_seconds, None);
    }
}
