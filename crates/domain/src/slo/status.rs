//! How an objective stands: every figure of it, from the measures of its window and of the windows of its alerts.

use serde::{Deserialize, Serialize};

use super::{AlertSeverity, Budget, BurnWindow, Measure, Objective, burn_windows, hours_to_exhaustion};
use crate::telemetry::UnixNanos;
use crate::time::TimeRange;

/// What a status is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// The moment that they are of.
    pub at_ns: UnixNanos,
    /// The objective's window at that moment.
    pub range: TimeRange,
    /// What was counted in the window.
    pub whole: Measure,
    /// What the long and the short window of each row of [`burn_windows`] had.
    pub burning: [(Measure, Measure); 3],
    /// What exclusions left out of the window.
    pub excluded: Excluded,
    /// How many events the last minutes had, where some are expected; `None` where none are, or the objective does not alert on it.
    pub expected: Option<u64>,
}

/// What exclusions leave out of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Excluded {
    /// How many events they leave out.
    pub events: u64,
    /// How many exclusions touch the window.
    pub windows: u32,
}

/// A row of the alerts' table, and how it burns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Burn {
    /// Severity, windows and limit of the row.
    #[serde(flatten)]
    pub window: BurnWindow,
    /// The burn rate over the long window; `None` where it had nothing.
    pub over_long: Option<f64>,
    /// The burn rate over the short window; `None` where it had nothing.
    pub over_short: Option<f64>,
    /// Whether both are over the row's rate with confidence.
    pub burning: bool,
}

/// How an objective stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SloStatus))]
pub struct Status {
    /// The moment that the figures are of.
    pub at_ns: UnixNanos,
    /// The window that the figures are of.
    pub range: TimeRange,
    /// What was counted in it: events, or slices.
    pub measure: Measure,
    /// The share of good ones, 0 to 1; `None` where nothing was counted.
    pub compliance: Option<f64>,
    /// Between which shares the true one lies with 95 % confidence.
    pub confidence: (f64, f64),
    /// What the target leaves, by the events so far.
    pub budget: Budget,
    /// How fast it burns, by the rows of the alerts' table.
    pub burns: [Burn; 3],
    /// In how many hours the budget is exhausted at the rate of the first row's long window; `None` where it is not.
    pub hours_left: Option<f64>,
    /// Whether there were as many events as the objective asks for.
    pub enough: bool,
    /// What exclusions left out.
    pub excluded: Excluded,
    /// Whether events are missing that a week before were there.
    pub absent: bool,
    /// The threshold that the counts can tell, in nanoseconds; `None` but for latency.
    pub effective_threshold_ns: Option<u64>,
}

impl Status {
    /// The status, from what was counted.
    pub fn of(objective: &Objective, figures: &Figures) -> Self {
        let target = objective.target;
        let measure = figures.whole;
        let budget = measure.budget(target);
        let rows = burn_windows(objective.window.period());
        let burn = |at: usize| {
            let (long, short) = figures.burning[at];
            Burn {
                window: rows[at],
                over_long: long.burn_rate(target),
                over_short: short.burn_rate(target),
                burning: rows[at].is_burning(target, long, short),
            }
        };
        let burns = [burn(0), burn(1), burn(2)];
        let period_hours = f64::from(objective.window.days()) * 24.0;
        let rate = burns[0].over_long.unwrap_or(0.0);
        Self {
            at_ns: figures.at_ns,
            range: figures.range,
            measure,
            compliance: measure.bad.map(|bad| 1.0 - bad),
            confidence: (1.0 - measure.high, 1.0 - measure.low),
            budget,
            burns,
            hours_left: hours_to_exhaustion(period_hours, budget.left(), rate),
            enough: measure.count.total >= objective.min_events,
            excluded: figures.excluded,
            absent: figures.expected == Some(0),
            effective_threshold_ns: objective.effective_threshold_ns(),
        }
    }

    /// Whether all of the budget is spent.
    pub fn is_spent(&self) -> bool {
        self.measure.bad.is_some() && self.budget.left() <= 0.0
    }

    /// The greatest severity that burns.
    pub fn severity(&self) -> Option<AlertSeverity> {
        let burning = self.burns.iter().filter(|burn| burn.burning);
        burning.map(|burn| burn.window.severity).max()
    }
}
