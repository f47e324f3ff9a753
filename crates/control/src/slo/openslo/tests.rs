//! What goes out comes in again as it was; what can't be honoured is refused.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

fn objective(json: &str) -> Objective {
    serde_json::from_str::<Objective>(json).unwrap().checked().unwrap()
}

#[test]
fn what_goes_out_comes_in_again() {
    for json in [
        r#"{"name":"a","title":"A: the first","description":"two\nlines","runbook":"https://wiki.example/a","service":"cart","target":0.999,"indicator":{"kind":"availability"},"absent_minutes":10,"min_events":5}"#,
        r#"{"name":"b","service":"cart","operation":"GET /: x","version":"1.0","target":0.95,"indicator":{"kind":"latency","threshold_ns":250000000},"window":{"kind":"calendar","unit":"month","zone":"Europe/Berlin"}}"#,
        r#"{"name":"c","service":"cart","caller":"web","target":0.99,"indicator":{"kind":"latency","threshold_ns":1234567},"budgeting":{"method":"timeslices","seconds":300,"slice_target":0.95},"window":{"kind":"rolling","days":7}}"#,
        r#"{"name":"d","service":"cart","target":0.99,"indicator":{"kind":"throughput","limit":"at_least","per_second":2.5},"budgeting":{"method":"timeslices","seconds":60}}"#,
        r#"{"name":"e","service":"cart","target":0.99,"indicator":{"kind":"composite","members":[{"objective":"a","weight":2.0},{"objective":"b","weight":1.0}]},"window":{"kind":"calendar","unit":"quarter","zone":"UTC"}}"#,
    ] {
        let objective = objective(json);
        let yaml = serde_norway::to_string(&write::document(&objective)).unwrap();
        assert_eq!(read::documents(&yaml), Ok(vec![objective]), "{yaml}");
    }
}

const FOREIGN: &str = "
apiVersion: openslo/v1
kind: Service
metadata: {name: cart}
spec: {description: not an SLO}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: cart-speed}
spec:
  service: cart
  indicator:
    metadata: {name: speed}
    spec:
      ratioMetric:
        counter: true
        good: {metricSource: {type: Pointsman, spec: {count: requests-within, within: 200ms}}}
        total: {metricSource: {type: Pointsman, spec: {count: requests}}}
  timeWindow: [{duration: 4w, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{targetPercent: 90}, {target: 0.99}]
";

#[test]
fn several_objectives_are_several() {
    let found = read::documents(FOREIGN).unwrap();
    let told: Vec<(&str, f64, u32)> = found
        .iter()
        .map(|one| (one.name.as_str(), one.target.share(), one.window.days()))
        .collect();
    assert_eq!(told, [("cart-speed-1", 0.9, 28), ("cart-speed-2", 0.99, 28)]);
}

#[test]
fn what_cannot_be_honoured_is_refused() {
    for (from, to, why) in [
        ("type: Pointsman", "type: Prometheus", "metricSource"),
        ("Occurrences", "RatioTimeslices", "budgetingMethod"),
        ("duration: 4w", "duration: 5y", "timeWindow"),
        ("requests-within,", "requests-that-please,", "no good"),
        ("openslo/v1\nkind: SLO", "openslo/v1alpha\nkind: SLO", "v1alpha"),
    ] {
        let error = read::documents(&FOREIGN.replacen(from, to, 2)).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
}
