//! Reports told in words: what is said, and what is not.

use super::*;
use crate::report::{AlertFigures, Cause, Head};
use crate::slo::{Count, Measure, Target};
use crate::time::TimeRange;

fn row(title: &str, good: u64, total: u64, share: f64) -> ObjectiveRow {
    let measure = Measure::from(Count { good, total });
    let target = Target::new(share).expect("a target");
    ObjectiveRow {
        name: title.into(),
        title: title.into(),
        service: "checkout".into(),
        team: None,
        sentence: String::new(),
        target,
        measure,
        compliance: measure.bad.map(|bad| 1.0 - bad),
        confidence: (1.0 - measure.high, 1.0 - measure.low),
        enough: total >= 100,
        excluded: 0,
        budget_spent: measure.budget(target).spent,
        met: measure.meets(target),
        covered: 1.0,
        trend: Vec::new(),
        spent_on: Vec::new(),
        alerts: AlertFigures::default(),
    }
}

fn report(state: ReportState, objectives: Vec<ObjectiveRow>) -> Report {
    Report {
        head: Head {
            label: "2026-10".parse().expect("a label"),
            zone: "UTC".into(),
            team: None,
            range: TimeRange { from_ns: 0, to_ns: 1 },
            state,
            made_ns: 1,
        },
        sentences: Vec::new(),
        objectives,
        alerts: AlertFigures::default(),
        contracts: None,
    }
}

fn told(mut report: Report) -> Vec<String> {
    tell(&mut report);
    report.sentences
}

#[test]
fn a_month_is_told_from_what_was_missed_to_who_was_called() {
    let mut fast = row("checkout-fast", 984_100, 1_000_000, 0.99);
    fast.spent_on = vec![Cause {
        kind: CauseKind::Change,
        label: "checkout 2.4.1".into(),
        at_ns: None,
        alert: None,
        bad: 12_720,
        share: 0.8,
    }];
    let mut month = report(
        ReportState::Closed,
        vec![fast, row("up", 999_900, 1_000_000, 0.999), row("idle", 0, 0, 0.9)],
    );
    month.alerts = AlertFigures::of(2, 1, vec![240.0]);
    month.objectives[1].excluded = 1;
    assert_eq!(
        told(month),
        [
            "In October 2026 1 of 2 SLOs were met.",
            "checkout-fast missed its target of 99 %: 98.41 % of 1 M were good.",
            "80 % of the bad events of checkout-fast came within hours of the change to checkout 2.4.1.",
            "No events were counted for idle.",
            "2 pages and 1 ticket fired; 1 of 3 were acknowledged, after 4 min at the median.",
            "1 event was excluded.",
        ]
    );
}

#[test]
fn one_that_runs_says_so_far() {
    let running = report(ReportState::Running, vec![row("up", 50, 50, 0.999)]);
    assert_eq!(told(running.clone())[0], "So far in October 2026 the one SLO is met.");
    let mut running = running;
    tell(&mut running);
    assert_eq!(
        running.objectives[0].sentence,
        "up meets its target of 99.9 %: 100 % of 50 were good, too few to be sure."
    );
    assert_eq!(
        told(report(ReportState::Closed, vec![row("up", 0, 0, 0.9)]))[0],
        "No events were counted for any SLO in October 2026."
    );
    assert_eq!(
        told(report(ReportState::Closed, Vec::new())).last().map(String::as_str),
        Some("No alerts fired.")
    );
}
