//! What came of a period: term by term, and what follows.
//!
//! A term is missed where less than its target was good. The tier that it reaches is the lowest of those below which it is; one that is met
//! reaches none, and neither does one with no events, which says nothing. What follows for the contract is the worst of its terms.
//!
//! Where counts of a part of the period are not there, what is known can say that a term is missed, but not that it is met.

use serde::{Deserialize, Serialize};

use super::{Contract, Money, credit};
use crate::Text;
use crate::kit::words::words;
use crate::slo::{Measure, Target};

/// Whether what was promised was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// At least the target was good.
    Met,
    /// Less than the target was good.
    Missed,
    /// Nothing was counted, so nobody can tell.
    NoData,
    /// What was counted meets it, but counts of a part of the period are not there, so nobody can tell.
    Incomplete,
}

words!(Standing, "standing", { Met => "met", Missed => "missed", NoData => "no data", Incomplete => "incomplete" });

/// What a term had in a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TermMeasure {
    /// What was counted: events, or slices.
    pub measure: Measure,
    /// How many events exclusions left out.
    pub excluded: u64,
    /// The share of the period of which counts are there, 0 to 1.
    pub covered: f64,
}

fn all() -> f64 {
    1.0
}

/// What came of one term in a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TermOutcome {
    /// The objective's name.
    pub objective: Text,
    /// The share that was promised.
    pub target: Target,
    /// What was counted: events, or slices.
    pub measure: Measure,
    /// The share of good ones, 0 to 1; `None` where nothing was counted.
    pub compliance: Option<f64>,
    /// How many events exclusions left out.
    pub excluded: u64,
    /// The share of the period of which counts are there, 0 to 1.
    #[serde(default = "all")]
    pub covered: f64,
    /// Met, missed, or not to be told.
    pub standing: Standing,
    /// Which of the contract's tiers it reached, from 0.
    pub tier: Option<usize>,
}

/// What came of all of a contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PeriodOutcome))]
pub struct Outcome {
    /// Term by term, in the contract's order.
    pub terms: Vec<TermOutcome>,
    /// Missed where any term was, else incomplete where any is; no data where none has any.
    pub standing: Standing,
    /// The lowest tier that a term reached, from 0.
    pub tier: Option<usize>,
    /// The credit that follows; 0 where none does.
    pub credit: Money,
    /// Whether the other side may give notice.
    pub notice: bool,
    /// Whether both sides look at it together.
    pub review: bool,
}

/// What came of a period in which the terms had these measures, in the contract's order.
pub fn outcome(contract: &Contract, measures: &[TermMeasure]) -> Outcome {
    let terms: Vec<TermOutcome> = contract
        .terms
        .iter()
        .zip(measures)
        .map(|(term, had)| {
            let measure = had.measure;
            let standing = match measure.meets(term.target) {
                None => Standing::NoData,
                Some(true) if had.covered < 1.0 => Standing::Incomplete,
                Some(true) => Standing::Met,
                Some(false) => Standing::Missed,
            };
            let below = |tier: &super::Tier| measure.meets(tier.below) == Some(false);
            TermOutcome {
                objective: term.objective.clone(),
                target: term.target,
                measure,
                compliance: measure.bad.map(|bad| 1.0 - bad),
                excluded: had.excluded,
                covered: had.covered,
                standing,
                tier: (standing == Standing::Missed)
                    .then(|| contract.tiers.iter().rposition(below))
                    .flatten(),
            }
        })
        .collect();
    let any = |standing| terms.iter().any(|term| term.standing == standing);
    let tier = terms.iter().filter_map(|term| term.tier).max();
    let reached = tier.and_then(|tier| contract.tiers.get(tier));
    Outcome {
        standing: if any(Standing::Missed) {
            Standing::Missed
        } else if any(Standing::Incomplete) {
            Standing::Incomplete
        } else if any(Standing::Met) {
            Standing::Met
        } else {
            Standing::NoData
        },
        tier,
        credit: credit(
            contract.amount,
            reached.and_then(|tier| tier.credit_percent).unwrap_or_default(),
        ),
        notice: reached.is_some_and(|tier| tier.notice),
        review: reached.is_some_and(|tier| tier.review),
        terms,
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract::tests::{contract, sample};
    use super::*;
    use crate::slo::Count;

    fn had(good: u64, total: u64, covered: f64) -> TermMeasure {
        TermMeasure {
            measure: Measure::from(Count { good, total }),
            excluded: 0,
            covered,
        }
    }

    fn of(counts: [(u64, u64); 2]) -> Outcome {
        outcome(&contract(sample()), &counts.map(|(good, total)| had(good, total, 1.0)))
    }

    #[test]
    fn one_event_decides_which_tier_it_is() {
        for (good, standing, tier, credit) in [
            (100_000, Standing::Met, None, 0),
            (99_900, Standing::Met, None, 0),
            (99_899, Standing::Missed, Some(0), 10_000),
            (99_000, Standing::Missed, Some(0), 10_000),
            (98_999, Standing::Missed, Some(1), 25_000),
            (95_000, Standing::Missed, Some(1), 25_000),
            (94_999, Standing::Missed, Some(2), 25_000),
        ] {
            let found = of([(good, 100_000), (1000, 1000)]);
            assert_eq!(
                (found.standing, found.tier, found.credit.minor),
                (standing, tier, credit),
                "{good}"
            );
            assert_eq!(found.terms[1].standing, Standing::Met);
            assert_eq!(
                (found.notice, found.review),
                (tier == Some(2), tier == Some(1)),
                "{good}"
            );
        }
    }

    #[test]
    fn the_worst_term_decides_and_nothing_counted_decides_nothing() {
        let found = of([(99_899, 100_000), (80, 100)]);
        assert_eq!(
            (found.terms[0].tier, found.terms[1].tier, found.tier),
            (Some(0), Some(2), Some(2))
        );
        let found = of([(0, 0), (100, 100)]);
        assert_eq!(
            (found.standing, found.terms[0].standing),
            (Standing::Met, Standing::NoData)
        );
        assert_eq!(found.terms[0].compliance, None);
        let found = of([(0, 0), (0, 0)]);
        assert_eq!(
            (found.standing, found.tier, found.credit.minor),
            (Standing::NoData, None, 0)
        );
    }

    #[test]
    fn what_is_missed_above_all_tiers_has_no_consequence() {
        let mut json = sample();
        json["tiers"] = serde_json::json!([{ "below": 0.9, "credit_percent": 50 }]);
        let measures = [had(95, 100, 1.0), had(100, 100, 1.0)];
        let found = outcome(&contract(json), &measures);
        assert_eq!(
            (found.standing, found.tier, found.credit.minor),
            (Standing::Missed, None, 0)
        );
    }

    #[test]
    fn what_is_not_all_counted_can_be_missed_but_not_met() {
        let of = |first: TermMeasure, second: TermMeasure| outcome(&contract(sample()), &[first, second]);
        let found = of(had(100_000, 100_000, 0.98), had(1000, 1000, 1.0));
        assert_eq!(
            (found.standing, found.terms[0].standing, found.credit.minor),
            (Standing::Incomplete, Standing::Incomplete, 0)
        );
        assert!((found.terms[0].covered - 0.98).abs() < 1e-12);
        let found = of(had(94_000, 100_000, 0.98), had(1000, 1000, 0.98));
        assert_eq!((found.standing, found.tier), (Standing::Missed, Some(2)));
        // A record that was made before this was told has all.
        let mut old = serde_json::to_value(&found.terms[0]).expect("JSON");
        old.as_object_mut().expect("an object").remove("covered");
        let old: TermOutcome = serde_json::from_value(old).expect("an outcome");
        assert!((old.covered - 1.0).abs() < f64::EPSILON);
    }
}
