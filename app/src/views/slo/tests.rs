//! What is said of objectives, sentence by sentence.
#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

use pointsman_domain::slo::{Budget, Count, Excluded, burn_windows as rows};
use pointsman_domain::time::TimeRange;

use super::*;

fn objective(json: &str) -> Objective {
    serde_json::from_str(&format!(r#"{{"name":"one","service":"checkout",{json}}}"#)).unwrap()
}

fn summary(good: u64, total: u64, hours_left: Option<f64>) -> SloSummary {
    let objective = objective(r#""target":0.99,"indicator":{"kind":"availability"}"#);
    let count = Count { good, total };
    let burn = |at: usize| Burn {
        window: rows(objective.window.period())[at],
        over_long: None,
        over_short: None,
        burning: false,
    };
    let (low, high) = count.bad_interval();
    let status = Status {
        at_ns: 1,
        range: TimeRange { from_ns: 0, to_ns: 1 },
        measure: count.into(),
        compliance: count.compliance(),
        confidence: (1.0 - high, 1.0 - low),
        budget: Budget::of(objective.target, count),
        burns: [burn(0), burn(1), burn(2)],
        hours_left,
        enough: total >= objective.min_events,
        excluded: Excluded::default(),
        absent: false,
        effective_threshold_ns: None,
    };
    SloSummary {
        objective,
        revision: 1,
        team: None,
        counted_from_ns: Some(0),
        failing: None,
        status: Some(status),
        firing: vec![],
    }
}

#[test]
fn what_is_promised_reads_as_a_sentence() {
    for (json, sentence_) in [
        (
            r#""target":0.99,"indicator":{"kind":"latency","threshold_ns":300000000}"#,
            "99 % of requests to checkout within 300 ms, over 30 days",
        ),
        (
            r#""target":0.999,"caller":"web","version":"2","indicator":{"kind":"availability"},"window":{"kind":"calendar","unit":"month","zone":"UTC"}"#,
            "99.9 % of calls from web to checkout 2 without an error, in a calendar month (UTC)",
        ),
        (
            r#""target":0.95,"operation":"POST /","indicator":{"kind":"availability"},"budgeting":{"method":"timeslices","seconds":300,"slice_target":0.9}"#,
            "90 % of requests for POST / to checkout without an error in 95 % of slices of 5 min, over 30 days",
        ),
        (
            r#""target":0.95,"indicator":{"kind":"throughput","limit":"at_least","per_second":0.5},"budgeting":{"method":"timeslices","seconds":60}"#,
            "at least 0.5 requests to checkout per second in 95 % of slices of 1 min, over 30 days",
        ),
        (
            r#""target":0.9,"indicator":{"kind":"composite","members":[{"objective":"a","weight":1},{"objective":"b","weight":2},{"objective":"c","weight":1}]}"#,
            "90 % of a, b and c together, over 30 days",
        ),
    ] {
        assert_eq!(sentence(&objective(json)), sentence_);
    }
}

#[test]
fn the_answer_tells_the_worst_first() {
    let (met, few, spent) = (
        summary(1000, 1000, None),
        summary(10, 10, None),
        summary(900, 1000, Some(0.0)),
    );
    assert_eq!(answer(std::slice::from_ref(&met)), "1 SLO, all met.");
    assert_eq!(
        answer(std::slice::from_ref(&few)),
        "1 SLO, none with enough events yet."
    );
    assert_eq!(
        answer(&[met.clone(), few.clone()]),
        "2 SLOs, 1 met, 1 with too few events to tell."
    );
    assert_eq!(
        answer(&[met, few, spent.clone()]),
        "3 SLOs, 1 has exhausted its budget."
    );
    let status = spent.status.as_ref().unwrap();
    assert_eq!(
        (
            format::budget_left(status.budget.left()).as_str(),
            projected(&spent.objective, status)
        ),
        ("−900", None)
    );
    let burning = summary(995, 1000, Some(6.4));
    let status = burning.status.as_ref().unwrap();
    assert_eq!(
        projected(&burning.objective, status).as_deref(),
        Some("exhausted in 6.4 h at this rate")
    );
    assert_eq!(format::budget_left(status.budget.left()), "50");
}

#[test]
fn a_line_holds_what_was_left_where_nothing_was_counted() {
    const HOUR: u64 = 3_600_000_000_000;
    let point = |at: u64, spent| SloPoint {
        at_ns: at * HOUR,
        count: Count::default(),
        excluded: 0,
        spent,
    };
    let points = [point(10, 0.25), point(11, 0.5), point(13, 1.5)];
    let (start, step, lines) = budget_line(&points, 14 * HOUR + 1).unwrap();
    assert_eq!((start, step), (10 * HOUR, HOUR));
    assert_eq!(
        lines[0].values,
        [Some(0.75), Some(0.5), Some(0.5), Some(0.0), Some(0.0)]
    );
    assert_eq!(budget_line(&[], 1), None);
}

#[test]
fn bad_events_are_looked_for_as_they_are_counted() {
    let slow = objective(r#""target":0.99,"caller":"web","indicator":{"kind":"latency","threshold_ns":2500}"#);
    assert_eq!(
        bad_traces(&slow),
        [
            ("service", "web".to_owned()),
            ("calls", "checkout".to_owned()),
            ("min", "3us".to_owned())
        ]
    );
}
