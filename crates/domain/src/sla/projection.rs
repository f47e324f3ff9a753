//! What will come of the running period if it goes on as lately.
//!
//! The rest of the period is taken to have events at the rate of the last 7 days (of the period so far, where that is shorter), and the bad
//! share of that time:
//!
//! ```text
//! total = so far + recent total * rest / recent length
//! bad   = bad so far + recent bad * rest / recent length
//! ```

use serde::{Deserialize, Serialize};

use super::{Contract, Outcome, TermMeasure, outcome};
use crate::slo::{Count, Measure};
use crate::time::TimeRange;

/// A term so far, and lately.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// What it had in the period so far.
    pub so_far: TermMeasure,
    /// What it had in the recent time that the projection goes by.
    pub recent: Measure,
}

/// What is to be expected at the period's end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Projection {
    /// The recent time that it goes by.
    pub recent: TimeRange,
    /// What came of the period then. Counts are rounded to whole events.
    pub outcome: Outcome,
}

/// What is to be expected of a period that runs to `end_ns`, as of the end of the recent time.
pub fn project(contract: &Contract, paces: &[Pace], recent: TimeRange, end_ns: u64) -> Projection {
    let rest = end_ns.saturating_sub(recent.to_ns) as f64 / recent.length_ns().max(1) as f64;
    let measures: Vec<TermMeasure> = paces
        .iter()
        .map(|pace| TermMeasure {
            measure: at_the_end(pace, rest),
            ..pace.so_far
        })
        .collect();
    Projection {
        recent,
        outcome: outcome(contract, &measures),
    }
}

fn at_the_end(pace: &Pace, rest: f64) -> Measure {
    let bad = |measure: Measure| measure.bad.unwrap_or_default() * measure.count.total as f64;
    let so_far = pace.so_far.measure;
    let total = so_far.count.total as f64 + pace.recent.count.total as f64 * rest;
    let bad = bad(so_far) + bad(pace.recent) * rest;
    let total = total.round() as u64;
    Measure::from(Count {
        good: total.saturating_sub(bad.round() as u64),
        total,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Standing;
    use super::super::contract::tests::{contract, sample};
    use super::*;

    const DAY: u64 = 86_400_000_000_000;

    fn pace(so_far: (u64, u64), recent: (u64, u64)) -> Pace {
        let measure = |(good, total)| Measure::from(Count { good, total });
        Pace {
            so_far: TermMeasure {
                measure: measure(so_far),
                excluded: 0,
                covered: 1.0,
            },
            recent: measure(recent),
        }
    }

    /// 10 of 30 days, the last 7 of which had 700,000 events and 1,400 bad ones: 20 days more are 2,000,000 and 4,000.
    #[test]
    fn the_rest_goes_on_as_lately() {
        let recent = TimeRange {
            from_ns: 103 * DAY,
            to_ns: 110 * DAY,
        };
        let paces = [pace((998_600, 1_000_000), (698_600, 700_000)), pace((0, 0), (0, 0))];
        let found = project(&contract(sample()), &paces, recent, 130 * DAY);
        let counted = found.outcome.terms[0].measure.count;
        assert_eq!((counted.total, counted.bad()), (3_000_000, 5_400));
        assert_eq!(
            (found.outcome.standing, found.outcome.tier),
            (Standing::Missed, Some(0))
        );
        assert_eq!(found.outcome.terms[1].standing, Standing::NoData);
        // At its end it is what it was.
        let found = project(&contract(sample()), &paces, recent, 110 * DAY);
        assert_eq!(found.outcome.terms[0].measure, paces[0].so_far.measure);
    }
}
