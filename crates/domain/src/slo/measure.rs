//! What is known of a window: its share of bad events and between which bounds the true one lies.

use serde::{Deserialize, Serialize};

use super::{Budget, Count, Target};

/// The bad share of a window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Measure {
    /// The events or slices; of a composite objective those of its members together.
    pub count: Count,
    /// The share of bad ones, 0 to 1; `None` where nothing was counted.
    pub bad: Option<f64>,
    /// The least that the true share is, with confidence.
    pub low: f64,
    /// The most that it is.
    pub high: f64,
}

impl From<Count> for Measure {
    fn from(count: Count) -> Self {
        let (low, high) = count.bad_interval();
        Self {
            count,
            bad: count.bad_ratio(),
            low,
            high,
        }
    }
}

impl Measure {
    /// Of members with weights: the weighted mean of their bad shares, `sum(weight * share) / sum(weight)` over the members that counted
    /// something (the "weighted average" of Elastic's composite SLOs, and what OpenSLO's `compositeWeight` is for). The bounds are the
    /// weighted means of theirs: all members at their bound at once, which is wider than need be and never too narrow.
    pub fn mean(members: impl IntoIterator<Item = (f64, Measure)>) -> Self {
        let (mut weights, mut bad, mut low, mut high) = (0.0, 0.0, 0.0, 0.0);
        let mut count = Count::default();
        for (weight, member) in members {
            let Some(share) = member.bad else { continue };
            weights += weight;
            bad += weight * share;
            low += weight * member.low;
            high += weight * member.high;
            count = count + member.count;
        }
        if weights <= 0.0 {
            return Count::default().into();
        }
        Self {
            count,
            bad: Some(bad / weights),
            low: low / weights,
            high: high / weights,
        }
    }

    /// The budget of a window with this share.
    pub fn budget(self, target: Target) -> Budget {
        let bad = self.bad.unwrap_or(0.0);
        Budget {
            allowed: target.budget() * self.count.total as f64,
            spent: bad / target.budget(),
            // As [`Budget::of`] has it, where shares come from counts.
            met: self.bad.is_none() || 1.0 - bad >= target.share() - f64::EPSILON,
        }
    }

    /// Whether a window with this share is at a target or above; `None` where nothing was counted. To the last event, but for the mean of
    /// several.
    pub fn meets(self, target: Target) -> Option<bool> {
        let bad = self.bad?;
        if self.bad == self.count.bad_ratio() {
            target.is_met_by(self.count)
        } else {
            Some(1.0 - bad >= target.share() - f64::EPSILON)
        }
    }

    /// How fast the budget burns; `None` where nothing was counted.
    pub fn burn_rate(self, target: Target) -> Option<f64> {
        Some(self.bad? / target.budget())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_mean_is_weighted_and_leaves_out_who_counted_nothing() {
        let a = Measure::from(Count { good: 90, total: 100 });
        let b = Measure::from(Count { good: 100, total: 100 });
        let none = Measure::from(Count::default());
        let mean = Measure::mean([(3.0, a), (1.0, b), (10.0, none)]);
        assert!(mean.bad.is_some_and(|bad| (bad - 0.075).abs() < 1e-12));
        assert_eq!(mean.count, Count { good: 190, total: 200 });
        assert!(mean.low < 0.075 && mean.high > 0.075);
        assert_eq!(Measure::mean([]).bad, None);
    }

    proptest! {
        #[test]
        fn of_one_it_is_the_same(good in 0_u64..1000, bad in 0_u64..1000, share in 0.5..0.9999_f64) {
            let count = Count { good, total: good + bad };
            let target = Target::new(share).map_err(TestCaseError::fail)?;
            let (own, mean) = (Measure::from(count), Measure::mean([(2.0, count.into())]));
            prop_assert_eq!(own.count, mean.count);
            let (a, b) = (Budget::of(target, count), own.budget(target));
            prop_assert!((a.spent - b.spent).abs() < 1e-6 && a.met == b.met);
            prop_assert!((own.low - mean.low).abs() < 1e-12);
        }
    }
}
