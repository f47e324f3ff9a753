//! What an objective may be, and what it counts.

use super::*;
use crate::rollup::Endpoint;
use crate::telemetry::SpanKind;

fn draft(indicator: &str) -> ObjectiveDraft {
    let json = format!(r#"{{"name":"cart-up","service":"cart","target":0.99,"indicator":{indicator}}}"#);
    serde_json::from_str(&json).expect("a draft")
}

fn objective(indicator: &str) -> Objective {
    draft(indicator).checked().expect("an objective")
}

fn availability() -> Objective {
    objective(r#"{"kind":"availability"}"#)
}

#[test]
fn what_is_not_given_is_usual() {
    let plain = availability();
    assert_eq!(plain.window, Window::Rolling { days: 30 });
    assert_eq!((plain.budgeting, plain.min_events), (Budgeting::Occurrences, 100));
    assert_eq!(plain.display_title(), "cart-up");
    let json = serde_json::to_string(&plain).expect("json");
    assert_eq!(serde_json::from_str::<Objective>(&json).ok(), Some(plain));
}

#[test]
fn mistakes_are_named_by_field() {
    type Mistake = fn(&mut ObjectiveDraft);
    let mistakes: [(&str, Mistake); 12] = [
        ("name", |o| o.name = "Cart Up".into()),
        ("runbook", |o| o.runbook = "javascript:alert(1)".into()),
        ("service", |o| o.service = "".into()),
        ("operation", |o| {
            o.operation = Some("GET /".into());
            o.caller = Some("web".into());
        }),
        ("threshold", |o| o.indicator = Indicator::Latency { threshold_ns: 1000 }),
        ("per_second", |o| {
            o.indicator = Indicator::Throughput {
                limit: Limit::AtLeast,
                per_second: 0.0,
            };
        }),
        ("budgeting", |o| {
            o.indicator = Indicator::Throughput {
                limit: Limit::AtLeast,
                per_second: 1.0,
            };
        }),
        ("budgeting", |o| {
            o.budgeting = Budgeting::Timeslices {
                seconds: 90,
                slice_target: None,
            };
        }),
        ("members", |o| {
            o.indicator = Indicator::Composite { members: Vec::new() }
        }),
        ("members", |o| {
            o.indicator = Indicator::Composite {
                members: vec![Member {
                    objective: "cart-up".into(),
                    weight: 1.0,
                }],
            };
        }),
        ("window", |o| o.window = Window::Rolling { days: 31 }),
        ("absent_minutes", |o| o.absent_minutes = Some(0)),
    ];
    for (field, change) in mistakes {
        let mut wrong = ObjectiveDraft::from(availability());
        change(&mut wrong);
        assert!(serde_json::from_value::<Objective>(serde_json::to_value(&wrong).expect("json")).is_err());
        assert_eq!(wrong.checked().map_err(|error| error.field), Err(field.to_owned()));
    }
}

#[test]
fn it_counts_what_it_is_about() {
    let key = |service: &str, version: &str, operation: &str, kind| SeriesKey {
        service: service.into(),
        version: version.into(),
        instance: "a".into(),
        operation: operation.into(),
        kind,
    };
    let whole = availability();
    assert!(whole.counts_series(&key("cart", "1", "GET /", SpanKind::Server)));
    assert!(!whole.counts_series(&key("cart", "1", "GET /", SpanKind::Client)));
    assert!(!whole.counts_series(&key("web", "1", "GET /", SpanKind::Server)));
    let narrow = Objective::kept(ObjectiveDraft {
        version: Some("2".into()),
        operation: Some("GET /".into()),
        ..availability().into()
    });
    assert!(narrow.counts_series(&key("cart", "2", "GET /", SpanKind::Consumer)));
    assert!(!narrow.counts_series(&key("cart", "1", "GET /", SpanKind::Server)));
    assert!(!narrow.counts_series(&key("cart", "2", "PUT /", SpanKind::Server)));
    let end = |name: &str| Endpoint {
        name: name.into(),
        ..Endpoint::default()
    };
    let edge = EdgeKey {
        source: end("web"),
        target: end("cart"),
    };
    let called = Objective::kept(ObjectiveDraft {
        caller: Some("web".into()),
        ..availability().into()
    });
    assert!(called.counts_edge(&edge) && !whole.counts_edge(&edge));
    assert!(!called.counts_series(&key("cart", "1", "GET /", SpanKind::Server)));
}

#[test]
fn good_is_what_the_indicator_says() {
    let mut counts = Counts::default();
    for (ms, error) in [(10, false), (100, false), (200, true), (900, false)] {
        counts.record(ms * 1_000_000, error);
    }
    assert_eq!(availability().events(&counts), Count { good: 3, total: 4 });
    let latency = |ms: u64| objective(&format!(r#"{{"kind":"latency","threshold_ns":{}}}"#, ms * 1_000_000));
    assert_eq!(latency(300).events(&counts), Count { good: 3, total: 4 });
    assert_eq!(latency(50).events(&counts), Count { good: 1, total: 4 });
    // Exact where the threshold is a bound; else the bound below it, by less than 8.3 %.
    assert_eq!(Histogram::bound_at_most(1 << 30), 1 << 30);
    for threshold_ns in [2_000, 300_000_000, 1_000_000_000, 3_600_000_000_000_u64] {
        let bound = Histogram::bound_at_most(threshold_ns);
        assert!(
            bound <= threshold_ns && bound as f64 > threshold_ns as f64 * 0.917,
            "{threshold_ns}: {bound}"
        );
        let mut one = Counts::default();
        one.record(bound, false);
        one.record(bound + 1 + threshold_ns / 5, false);
        assert_eq!(one.latency.count_at_most(threshold_ns), 1, "{threshold_ns}: {bound}");
    }
}
