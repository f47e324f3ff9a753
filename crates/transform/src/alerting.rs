//! Which alerts of an objective begin, go on and end: calculated here from how it stands, acted on by whoever has the database.
//!
//! ```text
//! Status + alerts that are open + silences + now --> steps() --> AlertStep: Begins | GoesOn | Ends
//! ```
//!
//! An alert begins with the first evaluation that finds its rule met, and ends when the rule was not met for [`QUIET`]. A rule on the budget's
//! burn is met where both its windows burn faster than its limit with 97.5 % confidence ([`Measure::low`](pointsman_domain::slo::Measure)),
//! so that few events call nobody.

use pointsman_domain::kit::duration;
use pointsman_domain::slo::{Alert, AlertSeverity, Burn, Objective, QUIET, Silence, Status, hours_to_exhaustion};
use pointsman_domain::telemetry::UnixNanos;

/// The rules: of each one alert at a time.
const RULES: [(&str, AlertSeverity); 3] = [
    ("page", AlertSeverity::Page),
    ("ticket", AlertSeverity::Ticket),
    (ABSENT, AlertSeverity::Ticket),
];

/// The rule on missing events.
const ABSENT: &str = "absent";

/// An alert that has not ended, as the evaluation before left it.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenAlert {
    /// The alert.
    pub alert: Alert,
    /// When its rule was last met.
    pub burning_ns: UnixNanos,
}

/// Why a rule is met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Finding {
    /// The budget burns, by this row of the table: with confidence faster than its limit, over both its windows. The first row of several.
    Burning(Burn),
    /// No events in the last minutes, although a week before there were some.
    Absent,
}

/// What becomes of one alert.
#[derive(Debug, Clone, PartialEq)]
pub enum AlertStep {
    /// It begins. It has no number yet; where it bears a silence, nobody is told.
    Begins {
        /// The alert.
        alert: Alert,
        finding: Finding,
    },
    /// Its rule is still met.
    GoesOn {
        /// The alert.
        alert: Alert,
        finding: Finding,
        /// Whether the silence by which nobody was told has ended: those who were spared are told now.
        silence_ended: bool,
    },
    /// Its rule was not met for long enough.
    Ends {
        /// The alert.
        alert: Alert,
    },
}

/// What becomes of the alerts of an objective at this moment. `open` are those of it that have not ended, `silences` those of anybody. An open
/// alert of which nothing is said stays as it is: its rule is not met, but was not long ago.
pub fn steps(
    objective: &Objective,
    status: &Status,
    open: &[OpenAlert],
    silences: &[Silence],
    now_ns: UnixNanos,
) -> Vec<AlertStep> {
    let silence = silences
        .iter()
        .find(|silence| silence.holds_for(&objective.service, &objective.name, now_ns));
    let step = |(rule, severity): (&str, AlertSeverity)| {
        let known = open.iter().find(|open| open.alert.rule == rule);
        match (find(status, rule, severity), known) {
            (Some(finding), None) => Some(AlertStep::Begins {
                alert: Alert {
                    id: 0,
                    objective: objective.name.clone(),
                    service: objective.service.clone(),
                    rule: rule.into(),
                    severity,
                    sentence: sentence(objective, status, finding).into(),
                    opened_ns: now_ns,
                    resolved_ns: None,
                    acked_ns: None,
                    acked_by: None,
                    silence: silence.map(|silence| silence.id),
                },
                finding,
            }),
            (Some(finding), Some(known)) => Some(AlertStep::GoesOn {
                alert: known.alert.clone(),
                finding,
                silence_ended: known.alert.silence.is_some() && silence.is_none(),
            }),
            (None, Some(known)) => {
                let quiet = now_ns.saturating_sub(known.burning_ns) >= QUIET.as_nanos() as u64;
                quiet.then(|| AlertStep::Ends {
                    alert: known.alert.clone(),
                })
            }
            (None, None) => None,
        }
    };
    RULES.into_iter().filter_map(step).collect()
}

/// Whether a rule is met, and why.
fn find(status: &Status, rule: &str, severity: AlertSeverity) -> Option<Finding> {
    if rule == ABSENT {
        return status.absent.then_some(Finding::Absent);
    }
    let mut burns = status.burns.iter();
    let burn = burns.find(|burn| burn.burning && burn.window.severity == severity);
    burn.copied().map(Finding::Burning)
}

/// What was found, for whoever is told.
fn sentence(objective: &Objective, status: &Status, finding: Finding) -> String {
    let Finding::Burning(burn) = finding else {
        let minutes = objective.absent_minutes.unwrap_or_default();
        return format!("No events for {minutes} min, although there were some in the same hour a week before.");
    };
    let rate = burn.over_long.unwrap_or_default();
    let period_hours = f64::from(objective.window.days()) * 24.0;
    let left = status.budget.left();
    let exhausted = match hours_to_exhaustion(period_hours, left, rate) {
        Some(hours) if hours <= 0.0 => "The error budget is exhausted.".to_owned(),
        Some(hours) => format!(
            "{:.0} % of the budget is left; at this rate it is exhausted in {}.",
            left * 100.0,
            duration::hours(hours)
        ),
        None => String::new(),
    };
    format!(
        "Over the last {} and the last {} the budget burned {rate:.1} and {:.1} times as fast as the window allows (limit {}). {exhausted}",
        duration::window(burn.window.long),
        duration::window(burn.window.short),
        burn.over_short.unwrap_or_default(),
        burn.window.burn_rate,
    )
}

#[cfg(test)]
mod tests;
