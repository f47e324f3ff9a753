//! What an objective would have said of the recorded past: budget, and who would have been called when.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    AlertSeverity, Budget, Budgeting, Count, Indicator, Level, Limit, Measure, Objective, Slice, burn_windows, touches,
};
use crate::telemetry::UnixNanos;
use crate::time::TimeRange;

/// How many points of the budget a backtest gives at most.
const POINTS: usize = 120;
/// An alert ends when nothing of it was burning for so long.
pub const QUIET: Duration = Duration::from_secs(300);

/// An alert that would have fired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Called {
    /// How soon somebody would have had to look.
    pub severity: AlertSeverity,
    /// The row of [`burn_windows`] that burned first, 0 to 2.
    pub row: usize,
    /// The end of the first minute in which it burned.
    pub from_ns: UnixNanos,
    /// When it had not burned for [`QUIET`]; `None` where it still did at the end.
    pub to_ns: Option<UnixNanos>,
}

/// Budget and alerts that an objective would have had in the recorded past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Backtest {
    /// The recorded past that was gone through, in whole minutes.
    pub range: TimeRange,
    /// The objective's window at its end.
    pub measure: Measure,
    /// The share of good ones in that window, 0 to 1; `None` where nothing was counted.
    pub compliance: Option<f64>,
    /// The budget of that window.
    pub budget: Budget,
    /// The share of the budget that was spent (1 is all), at up to 120 moments of the range.
    pub spent: Vec<(UnixNanos, f64)>,
    /// The least share of it that was left at any minute; negative where it was overspent.
    pub least_left: f64,
    /// The alerts, in the order of time.
    pub called: Vec<Called>,
    /// How many of `called` are pages.
    pub pages: u32,
    /// How many of `called` are tickets.
    pub tickets: u32,
    /// The threshold that the counts can tell, in nanoseconds; `None` but for latency.
    pub effective_threshold_ns: Option<u64>,
}

/// What a member counted from the start up to each minute, so that any window is a difference.
struct RunningSums {
    weight: f64,
    sums: Vec<Count>,
}

impl RunningSums {
    fn new(traffic: &Traffic, range: TimeRange) -> Self {
        let step = Level::Minute.ns();
        let mut each = vec![Count::default(); (range.length_ns() / step) as usize];
        for (at, count) in &traffic.minutes {
            if (range.from_ns..range.to_ns).contains(at) && !touches(&traffic.excluded, minute(*at)) {
                let slot = &mut each[((at - range.from_ns) / step) as usize];
                *slot = *slot + *count;
            }
        }
        if let Budgeting::Timeslices { seconds, .. } = traffic.objective.budgeting {
            each = slices(traffic, range.from_ns, &each, (seconds / 60) as usize);
        }
        let weight = traffic.weight;
        let mut sums = vec![Count::default()];
        for count in each {
            let sum = sums[sums.len() - 1];
            sums.push(sum + count);
        }
        Self { weight, sums }
    }
}

fn minute(at_ns: UnixNanos) -> TimeRange {
    TimeRange {
        from_ns: at_ns,
        to_ns: at_ns + Level::Minute.ns(),
    }
}

/// Slices instead of events. What a slice is counts from its last minute on, when it is known; one that touches excluded time is neither good
/// nor bad.
fn slices(traffic: &Traffic, from_ns: UnixNanos, minutes: &[Count], length: usize) -> Vec<Count> {
    let objective = &traffic.objective;
    let mut found = vec![Count::default(); minutes.len()];
    let offset = (from_ns / Level::Minute.ns()) as usize % length;
    let first = (length - offset) % length;
    for start in (first..minutes.len()).step_by(length) {
        let Some(slice) = minutes.get(start..start + length) else {
            break;
        };
        let begins_ns = from_ns + start as u64 * Level::Minute.ns();
        let range = TimeRange {
            from_ns: begins_ns,
            to_ns: begins_ns + length as u64 * Level::Minute.ns(),
        };
        if touches(&traffic.excluded, range) {
            continue;
        }
        let (good, bad) = match (Slice::of(objective, slice.iter().copied().sum()), &objective.indicator) {
            (Slice::Open, Indicator::Throughput { limit, .. }) => match limit {
                Limit::AtLeast => (0, 1),
                Limit::AtMost => (1, 0),
            },
            (slice, _) => slice.marks(),
        };
        found[start + length - 1] = Count {
            good: good as u64,
            total: (good + bad) as u64,
        };
    }
    found
}

/// The recorded past of an objective, or of one member of a composite one.
#[derive(Debug, Clone)]
pub struct Traffic {
    /// How much it weighs against other members, more than 0.
    pub weight: f64,
    /// What judges the minutes.
    pub objective: Objective,
    /// Its events by the minute, in the order of time.
    pub minutes: Vec<(UnixNanos, Count)>,
    /// Time that does not count, in whole minutes.
    pub excluded: Vec<TimeRange>,
}

/// Goes through the recorded past minute by minute. `members` are the objective itself, or those of a composite one with their weights; `window_start` tells where the objective's window begins that ends at a moment.
pub fn backtest(
    objective: &Objective,
    range: TimeRange,
    members: &[Traffic],
    window_start: impl Fn(UnixNanos) -> UnixNanos,
) -> Backtest {
    let step = Level::Minute.ns();
    let range = TimeRange {
        from_ns: Level::Minute.floor(range.from_ns),
        to_ns: Level::Minute.floor(range.to_ns).max(Level::Minute.floor(range.from_ns)),
    };
    let members: Vec<RunningSums> = members.iter().map(|member| RunningSums::new(member, range)).collect();
    let total = (range.length_ns() / step) as usize;
    let between = |from: usize, to: usize| {
        let of = |member: &RunningSums| {
            let (first, last) = (member.sums[from], member.sums[to]);
            Count {
                good: last.good - first.good,
                total: last.total - first.total,
            }
        };
        match members.as_slice() {
            [one] => Measure::from(of(one)),
            all => Measure::mean(all.iter().map(|member| (member.weight, of(member).into()))),
        }
    };
    let last = |to: usize, length: Duration| between(to.saturating_sub((length.as_secs() / 60) as usize), to);
    let whole = |to: usize| {
        let end_ns = range.from_ns + to as u64 * step;
        let start_ns = window_start(end_ns).max(range.from_ns);
        between(((start_ns - range.from_ns) / step).min(to as u64) as usize, to)
    };

    let rows = burn_windows(objective.window.period());
    let mut called: Vec<Called> = Vec::new();
    for severity in [AlertSeverity::Page, AlertSeverity::Ticket] {
        // By which row, since when, and when it was last seen to burn.
        let mut on: Option<(usize, usize, usize)> = None;
        let call = |(row, from, _): (usize, usize, usize), to_ns| Called {
            severity,
            row,
            from_ns: range.from_ns + from as u64 * step,
            to_ns,
        };
        for to in 1..=total {
            let burning = rows.iter().position(|window| {
                let short = last(to, window.short);
                // Without anything bad in the short window nothing burns: most minutes end here.
                window.severity == severity
                    && short.low > 0.0
                    && window.is_burning(objective.target, last(to, window.long), short)
            });
            on = match (on, burning) {
                (None, Some(row)) => Some((row, to, to)),
                (Some((row, from, _)), Some(_)) => Some((row, from, to)),
                (Some(past), None) if (to - past.2) as u64 * 60 >= QUIET.as_secs() => {
                    called.push(call(past, Some(range.from_ns + to as u64 * step)));
                    None
                }
                (other, None) => other,
            };
        }
        called.extend(on.map(|past| call(past, None)));
    }
    called.sort_by_key(|call| (call.from_ns, call.row));

    let every = total.div_ceil(POINTS).max(1);
    let (mut spent, mut most_spent) = (Vec::new(), 0.0_f64);
    for to in 1..=total {
        let so_far = whole(to).budget(objective.target).spent;
        most_spent = most_spent.max(so_far);
        if to % every == 0 || to == total {
            spent.push((range.from_ns + to as u64 * step, so_far));
        }
    }
    let measure = whole(total);
    let times = |severity| called.iter().filter(|call| call.severity == severity).count() as u32;
    Backtest {
        range,
        measure,
        compliance: measure.bad.map(|bad| 1.0 - bad),
        budget: measure.budget(objective.target),
        least_left: 1.0 - most_spent,
        spent,
        pages: times(AlertSeverity::Page),
        tickets: times(AlertSeverity::Ticket),
        called,
        effective_threshold_ns: objective.effective_threshold_ns(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = Level::Minute.ns();
    const START: u64 = 1_000 * Level::Day.ns();

    fn objective(json: &str) -> Objective {
        let json =
            format!(r#"{{"name":"a","service":"cart","target":0.99,"window":{{"kind":"rolling","days":7}},{json}}}"#);
        serde_json::from_str(&json).expect("an objective")
    }

    fn over(objective: &Objective, minutes: Vec<(u64, Count)>, length: u64) -> Backtest {
        without(objective, minutes, length, &[])
    }

    /// The same, without these minutes, told by the first and the one after the last.
    fn without(objective: &Objective, minutes: Vec<(u64, Count)>, length: u64, excluded: &[(u64, u64)]) -> Backtest {
        let range = TimeRange {
            from_ns: START,
            to_ns: START + length * MINUTE,
        };
        let week = 7 * Level::Day.ns();
        let excluded = excluded.iter().map(|(from, to)| TimeRange {
            from_ns: START + from * MINUTE,
            to_ns: START + to * MINUTE,
        });
        let traffic = Traffic {
            weight: 1.0,
            objective: objective.clone(),
            minutes,
            excluded: excluded.collect(),
        };
        backtest(objective, range, &[traffic], |end| end - week)
    }

    #[test]
    fn an_outage_is_called_once_and_its_budget_is_the_sum() {
        let all = objective(r#""indicator":{"kind":"availability"}"#);
        let outage = 600..630;
        let minutes = (0..2000)
            .map(|at| {
                let good = if outage.contains(&at) { 50 } else { 100 };
                (START + at * MINUTE, Count { good, total: 100 })
            })
            .collect();
        let found = over(&all, minutes, 2000);
        assert_eq!(
            found.measure.count,
            Count {
                good: 198_500,
                total: 200_000
            }
        );
        assert!((found.budget.spent - 0.75).abs() < 1e-9, "{:?}", found.budget);
        assert_eq!(found.pages, 1, "{:?}", found.called);
        let first = found.called[0];
        assert!(first.from_ns > START + 600 * MINUTE && first.from_ns < START + 615 * MINUTE);
        assert!(first.to_ns.is_some_and(|to| to < START + 650 * MINUTE));
        // Right after the outage: 1,500 bad of 63,000, of which 1 % may be.
        assert!(
            (found.least_left - (1.0 - 1500.0 / 630.0)).abs() < 1e-9,
            "{}",
            found.least_left
        );
    }

    #[test]
    fn throughput_is_told_by_the_clock() {
        let enough = objective(
            r#""indicator":{"kind":"throughput","limit":"at_least","per_second":1.0},"budgeting":{"method":"timeslices","seconds":300}"#,
        );
        // Nothing at all in the second half.
        let minutes = (0..300)
            .map(|at| (START + at * MINUTE, Count { good: 60, total: 60 }))
            .collect();
        let found = over(&enough, minutes, 600);
        assert_eq!(found.measure.count, Count { good: 60, total: 120 });
        assert!(found.pages >= 1);
        let few = objective(
            r#""indicator":{"kind":"throughput","limit":"at_most","per_second":0.5},"budgeting":{"method":"timeslices","seconds":300}"#,
        );
        let minutes = (0..300)
            .map(|at| (START + at * MINUTE, Count { good: 60, total: 60 }))
            .collect();
        assert_eq!(over(&few, minutes, 600).measure.count, Count { good: 60, total: 120 });
    }

    /// 4 h in slices of a minute, of which 10 min are without traffic: 230 of 240 are good.
    #[test]
    fn excluded_slices_are_neither_good_nor_bad() {
        let enough = objective(
            r#""indicator":{"kind":"throughput","limit":"at_least","per_second":1.0},"budgeting":{"method":"timeslices","seconds":60}"#,
        );
        let minutes: Vec<(u64, Count)> = (0..240)
            .filter(|at| !(100..110).contains(at))
            .map(|at| (START + at * MINUTE, Count { good: 60, total: 60 }))
            .collect();
        let count = |excluded: &[(u64, u64)]| without(&enough, minutes.clone(), 240, excluded).measure.count;
        assert_eq!(count(&[]), Count { good: 230, total: 240 });
        assert_eq!(count(&[(100, 110)]), Count { good: 230, total: 230 });
        assert_eq!(count(&[(10, 20)]), Count { good: 220, total: 230 });
        let found = without(&enough, minutes.clone(), 240, &[(100, 110), (10, 20)]);
        assert_eq!((found.measure.count.bad(), found.pages, found.tickets), (0, 0, 0));
        let errors =
            objective(r#""indicator":{"kind":"availability"},"budgeting":{"method":"timeslices","seconds":300}"#);
        // A slice that an exclusion only touches leaves with its mark, too.
        let minutes = (0..60).map(|at| {
            (
                START + at * MINUTE,
                Count {
                    good: if at < 5 { 0 } else { 9 },
                    total: 9,
                },
            )
        });
        let minutes: Vec<_> = minutes.collect();
        assert_eq!(
            over(&errors, minutes.clone(), 60).measure.count,
            Count { good: 11, total: 12 }
        );
        assert_eq!(
            without(&errors, minutes.clone(), 60, &[(4, 5)]).measure.count,
            Count { good: 11, total: 11 }
        );
        assert_eq!(
            without(&errors, minutes, 60, &[(5, 6)]).measure.count,
            Count { good: 10, total: 11 }
        );
    }
}
