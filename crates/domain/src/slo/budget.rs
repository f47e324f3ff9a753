//! The error budget of an objective over a window, and how fast it is spent.
//!
//! After the Site Reliability Workbook: the budget is what the target leaves (chapter 2, "Error Budgets"), the burn rate is how fast, relative
//! to the objective, a service spends it (chapter 5, "Alerting on Burn Rate"): at a rate of 1 it is spent exactly at the window's end.

use serde::{Deserialize, Serialize};

use super::Count;

/// The share of events that have to be good: more than 0, less than 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Target(f64);

/// How fine a share is compared with counts.
const BILLION: f64 = 1e9;

impl Target {
    /// Errors: a sentence where it is not between 0 and 1, both left out: with 1 there is no budget, and the first bad event would spend it
    /// infinitely often.
    pub fn new(share: f64) -> Result<Self, String> {
        if share > 0.0 && share < 1.0 {
            Ok(Self(share))
        } else {
            Err(format!(
                "{share} is no target: it is more than 0 and less than 1 (99.9 % is 0.999)"
            ))
        }
    }

    /// The share that has to be good, more than 0 and less than 1.
    pub fn share(self) -> f64 {
        self.0
    }

    /// Whether the good ones among these are as many as it asks for: exact to the last event, for a share of up to 9 decimals. `None`
    /// without events.
    pub fn is_met_by(self, count: Count) -> Option<bool> {
        let billionths = (self.0 * BILLION).round() as u128;
        (count.total > 0).then(|| u128::from(count.good) * BILLION as u128 >= billionths * u128::from(count.total))
    }

    /// The share of events that may be bad.
    pub fn budget(self) -> f64 {
        1.0 - self.0
    }
}

impl TryFrom<f64> for Target {
    type Error = String;

    fn try_from(share: f64) -> Result<Self, String> {
        Self::new(share)
    }
}

impl From<Target> for f64 {
    fn from(target: Target) -> f64 {
        target.0
    }
}

/// What is left of the budget of a window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Budget {
    /// How many bad events the window allows, by the events that it had.
    pub allowed: f64,
    /// The share of it that is spent: 1 is all of it, more is beyond.
    pub spent: f64,
    /// Whether the objective is met.
    pub met: bool,
}

impl Budget {
    /// The budget of a window with these events. Without events nothing is spent.
    pub fn of(target: Target, count: Count) -> Self {
        let allowed = target.budget() * count.total as f64;
        let spent = if count.total == 0 {
            0.0
        } else {
            count.bad() as f64 / allowed
        };
        Self {
            allowed,
            spent,
            met: count.compliance().is_none_or(|share| share >= target.share()),
        }
    }

    /// The share that is left; negative where more than all is spent.
    pub fn left(self) -> f64 {
        1.0 - self.spent
    }
}

/// The burn rate over a window: the share of bad events in it by the share that may be bad. `None` without events.
pub fn burn_rate(target: Target, count: Count) -> Option<f64> {
    Some(count.bad_ratio()? / target.budget())
}

/// The least that the true burn rate is with 97.5 % confidence: few events say little.
pub fn burn_rate_at_least(target: Target, count: Count) -> f64 {
    count.bad_interval().0 / target.budget()
}

/// In how many hours the budget is gone at this burn rate: what is left, by how fast it goes. `None` where it does not go; 0
/// where it is gone. What a rolling window gives back meanwhile is left out, so it is the earliest.
pub fn hours_to_exhaustion(period_hours: f64, left: f64, burn_rate: f64) -> Option<f64> {
    (burn_rate > 0.0).then(|| (left.max(0.0) * period_hours) / burn_rate)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn target(share: f64) -> Target {
        Target::new(share).expect("a target")
    }

    /// Workbook, table 5-4: how long a budget of 30 days lasts at a burn rate.
    #[test]
    fn a_budget_lasts_as_long_as_the_workbook_says() {
        for (rate, hours) in [(1.0, 720.0), (2.0, 360.0), (10.0, 72.0), (1000.0, 0.72)] {
            assert_eq!(hours_to_exhaustion(720.0, 1.0, rate), Some(hours));
        }
        assert_eq!(hours_to_exhaustion(720.0, 1.0, 0.0), None);
        assert_eq!(hours_to_exhaustion(720.0, -0.5, 3.0), Some(0.0));
    }

    #[test]
    fn the_budget_of_known_counts() {
        let budget = Budget::of(
            target(0.999),
            Count {
                good: 999_500,
                total: 1_000_000,
            },
        );
        assert!((budget.allowed - 1000.0).abs() < 1e-6);
        assert!((budget.spent - 0.5).abs() < 1e-9 && (budget.left() - 0.5).abs() < 1e-9);
        assert!(budget.met);
        let rate = burn_rate(target(0.999), Count { good: 99, total: 100 });
        assert!(rate.is_some_and(|rate| (rate - 10.0).abs() < 1e-9));
        assert!(Budget::of(target(0.5), Count::default()).met);
        for wrong in [0.0, 1.0, 99.9, f64::NAN] {
            assert!(Target::new(wrong).is_err());
        }
    }

    /// One event more or less decides, however many there are.
    #[test]
    fn a_target_is_met_to_the_last_event() {
        for total in [1_000, 1_000_000, 1_000_000_000_000, 9_007_199_254_741_000] {
            let good = total / 1000 * 999;
            assert_eq!(target(0.999).is_met_by(Count { good, total }), Some(true), "{total}");
            let fewer = Count { good: good - 1, total };
            assert_eq!(target(0.999).is_met_by(fewer), Some(false), "{total}");
        }
        assert_eq!(target(0.5).is_met_by(Count::default()), None);
    }

    proptest! {
        #[test]
        fn more_errors_never_leave_more(total in 1_u64..1_000_000, a in 0_u64..1_000_000, b in 0_u64..1_000_000, share in 0.5..0.9999_f64) {
            let of = |bad: u64| Budget::of(target(share), Count { good: total - bad.min(total), total });
            let (fewer, more) = (a.min(b), a.max(b));
            prop_assert!(of(more).left() <= of(fewer).left());
            prop_assert!(of(fewer).met || !of(more).met);
        }

        /// Pyrra's remaining budget, `((1 - target) - errors / total) / (1 - target)`, and Sloth's, `1 - burn rate of the period`.
        #[test]
        fn what_is_left_is_what_others_say_is_left(total in 1_u64..1_000_000, bad in 0_u64..1_000_000, share in 0.5..0.9999_f64) {
            let count = Count { good: total - bad.min(total), total };
            let left = Budget::of(target(share), count).left();
            let pyrra = ((1.0 - share) - count.bad() as f64 / total as f64) / (1.0 - share);
            let sloth = 1.0 - burn_rate(target(share), count).unwrap_or(0.0);
            prop_assert!((left - pyrra).abs() < 1e-6 && (left - sloth).abs() < 1e-9, "{} {} {}", left, pyrra, sloth);
        }
    }
}
