//! Alerts from counts, what was open, and the time.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use pointsman_domain::slo::{Count, Excluded, Figures, Measure};
use pointsman_domain::time::TimeRange;

use super::*;

const MINUTE_NS: u64 = 60 * 1_000_000_000;
const NOW_NS: UnixNanos = 1_700_000_040 * 1_000_000_000;

fn objective() -> Objective {
    serde_json::from_str(
        r#"{"name":"cart-up","service":"cart","target":0.99,"indicator":{"kind":"availability"},"absent_minutes":5}"#,
    )
    .unwrap()
}

/// How it stands where of 1000 requests in both windows of each row so many were bad, and the last minutes had `expected` events.
fn status(bad: [u64; 3], expected: Option<u64>) -> Status {
    let measure = |bad: u64| {
        Measure::from(Count {
            good: 1000 - bad,
            total: 1000,
        })
    };
    let figures = Figures {
        at_ns: NOW_NS,
        range: TimeRange {
            from_ns: NOW_NS - 30 * 1440 * MINUTE_NS,
            to_ns: NOW_NS,
        },
        whole: measure(5),
        burning: bad.map(|bad| (measure(bad), measure(bad))),
        excluded: Excluded::default(),
        expected,
    };
    Status::of(&objective(), &figures)
}

fn well() -> Status {
    status([0, 0, 0], Some(10))
}

/// An alert that has been open for a while, and last burned so many minutes ago.
fn open(rule: &str, minutes: u64, silence: Option<i64>) -> OpenAlert {
    OpenAlert {
        alert: Alert {
            id: 7,
            objective: "cart-up".into(),
            service: "cart".into(),
            rule: rule.into(),
            severity: AlertSeverity::Page,
            sentence: "It burned.".into(),
            opened_ns: NOW_NS - 60 * MINUTE_NS,
            resolved_ns: None,
            acked_ns: None,
            acked_by: None,
            silence,
        },
        burning_ns: NOW_NS - minutes * MINUTE_NS,
    }
}

fn silence() -> Silence {
    serde_json::from_value(serde_json::json!({
        "id": 3, "service": "cart", "objective": null, "reason": "", "by": "",
        "from_ns": NOW_NS - MINUTE_NS, "until_ns": NOW_NS + MINUTE_NS,
    }))
    .unwrap()
}

/// Each step as the word for it, its rule and the number of its silence.
fn told(status: &Status, open: &[OpenAlert], silences: &[Silence]) -> Vec<(&'static str, String, Option<i64>)> {
    let steps = steps(&objective(), status, open, silences, NOW_NS);
    let told = steps.into_iter().map(|step| {
        let (word, alert) = match step {
            AlertStep::Begins { alert, .. } => ("begins", alert),
            AlertStep::GoesOn {
                alert, silence_ended, ..
            } => (if silence_ended { "is told now" } else { "goes on" }, alert),
            AlertStep::Ends { alert } => ("ends", alert),
        };
        (word, alert.rule.to_string(), alert.silence)
    });
    told.collect()
}

#[test]
fn every_rule_has_its_own_alert() {
    for (about, status, rules) in [
        ("all is well", well(), vec![]),
        ("fast", status([300, 0, 0], Some(10)), vec!["page"]),
        ("for hours", status([0, 120, 0], Some(10)), vec!["page"]),
        ("for days", status([0, 0, 40], Some(10)), vec!["ticket"]),
        ("all of it", status([300, 300, 300], Some(10)), vec!["page", "ticket"]),
        (
            "over the limit, but not with confidence",
            status([0, 0, 12], Some(10)),
            vec![],
        ),
        ("nothing comes any more", status([0, 0, 0], Some(0)), vec!["absent"]),
        ("nothing was expected", status([0, 0, 0], None), vec![]),
    ] {
        let begun: Vec<_> = told(&status, &[], &[]);
        let wanted: Vec<_> = rules.iter().map(|rule| ("begins", (*rule).to_owned(), None)).collect();
        assert_eq!(begun, wanted, "{about}");
    }
}

#[test]
fn an_alert_says_what_was_found_and_why() {
    let steps = steps(&objective(), &status([0, 120, 0], Some(0)), &[], &[], NOW_NS);
    let [
        AlertStep::Begins {
            alert: page,
            finding: Finding::Burning(burn),
        },
        AlertStep::Begins {
            alert: absent,
            finding: Finding::Absent,
        },
    ] = steps.as_slice()
    else {
        panic!("{steps:?}");
    };
    assert_eq!(
        (page.severity, absent.severity),
        (AlertSeverity::Page, AlertSeverity::Ticket)
    );
    assert!((burn.window.burn_rate - 6.0).abs() < 1e-9, "the row that burns");
    assert_eq!(
        page.sentence,
        "Over the last 6 h and the last 30 min the budget burned 12.0 and 12.0 times as fast as the window allows (limit 6). \
        50 % of the budget is left; at this rate it is exhausted in 30.0 h."
    );
    assert_eq!(
        absent.sentence,
        "No events for 5 min, although there were some in the same hour a week before."
    );
    assert_eq!(page.opened_ns, NOW_NS);
}

#[test]
fn an_open_alert_goes_on_while_its_rule_is_met_and_ends_after_a_quiet_time() {
    let burning = status([300, 0, 0], Some(10));
    for (about, status, open, wanted) in [
        ("it burns", &burning, open("page", 1, None), Some("goes on")),
        ("it burns again", &burning, open("page", 4, None), Some("goes on")),
        ("it burned not long ago", &well(), open("page", 4, None), None),
        ("it has been quiet", &well(), open("page", 5, None), Some("ends")),
        ("so has another rule", &well(), open("absent", 5, None), Some("ends")),
        ("a rule of another version", &well(), open("forecast", 5, None), None),
    ] {
        let steps = told(status, std::slice::from_ref(&open), &[]);
        let words: Vec<_> = steps.iter().map(|step| step.0).collect();
        assert_eq!(words, wanted.into_iter().collect::<Vec<_>>(), "{about}");
    }
}

#[test]
fn who_was_spared_by_a_silence_is_told_when_it_ends() {
    let burning = status([300, 0, 0], Some(10));
    let page = |word, silence| vec![(word, "page".to_owned(), silence)];
    assert_eq!(told(&burning, &[], &[silence()]), page("begins", Some(3)));
    let silenced = [open("page", 0, Some(3))];
    assert_eq!(told(&burning, &silenced, &[silence()]), page("goes on", Some(3)));
    assert_eq!(told(&burning, &silenced, &[]), page("is told now", Some(3)));
    assert_eq!(told(&burning, &[open("page", 0, None)], &[]), page("goes on", None));
}
