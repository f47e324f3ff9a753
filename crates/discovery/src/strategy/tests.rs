//! Strategies that can be and those that can't, as YAML and as JSON.

use super::*;

fn read(yaml: &str) -> Draft {
    serde_saphyr::from_str(yaml).unwrap()
}

fn wrong(yaml: &str) -> Vec<String> {
    let found = read(yaml).check().err().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

/// Everything that a strategy can have.
const WHOLE: &str = r#"
service: checkout
environment: production
rules:
  - name: testers
    match:
      path: { prefix: /cart }
      methods: [GET, POST]
      headers:
        - { name: x-user-group, match: { exact: testers } }
        - { name: x-build, match: { range: { start: 100, end: 200 } }, invert: true }
        - { name: x-debug, match: present }
      session: { prefix: qa- }
      callers: [web, mobile-bff]
    route:
      split: [{ version: 2.2.0, weight: 100 }]
      timeout_ms: 500
default:
  split:
    - { version: 2.1.3, weight: 97.5 }
    - { version: 2.2.0, weight: 2.5 }
  mirrors: [{ version: 2.3.0-rc.1, percentage: 5 }]
  timeout_ms: 2000
  retry:
    num_retries: 2
    retry_on: [connect-failure, 5xx, retriable-4xx, retriable-status-codes]
    retriable_status_codes: [429]
    per_try_timeout_ms: 600
    retry_back_off: { base_interval_ms: 10, max_interval_ms: 100 }
  sticky: { cookie: { name: SESSION, ttl_s: 3600 } }
  request_headers: { set: { x-route: canary }, add: { x-tag: a }, remove: [x-old] }
  response_headers: { set: { x-served-by: "100% us" } }
  fault:
    delay: { fixed_delay_ms: 50, percentage: 0.5 }
    abort: { http_status: 503, percentage: 0.01 }
versions:
  - circuit_breakers: { max_requests: 200, retry_budget: { budget_percent: 25 } }
  - version: 2.2.0
    outlier_detection: { consecutive_5xx: 3, success_rate: {}, failure_percentage: { threshold: 50 } }
    failover: [2.1.3]
load_balancing: { policy: ring_hash, minimum_ring_size: 64 }
zone_priority: [eu-west-1a, eu-west-1b]
slow_start_window_ms: 30000
healthy_panic_threshold: 30
route_override: false
"#;

#[test]
fn yaml_and_json_are_the_same() {
    let strategy = read(WHOLE).check().unwrap();
    let json = serde_json::to_string(&strategy).unwrap();
    assert_eq!(serde_json::from_str::<Strategy>(&json).unwrap(), strategy, "{json}");
    let yaml = serde_saphyr::to_string(&strategy).unwrap();
    assert_eq!(serde_saphyr::from_str::<Strategy>(&yaml).unwrap(), strategy, "{yaml}");
}

#[test]
fn the_least_strategy_leaves_everything_as_it_is() {
    let least = read("service: cart").check().unwrap();
    assert_eq!(
        *least.draft(),
        Draft::new(ServiceName::parse("cart").unwrap(), Environment::default())
    );
    assert_eq!(
        least.default.split,
        [Arm {
            version: None,
            weight: Percent::HUNDRED
        }]
    );
    assert_eq!(least.default.timeout(), Some(DEFAULT_TIMEOUT_MS));
}

#[test]
fn a_key_that_is_not_known_is_refused() {
    for yaml in [
        "service: cart\nrule: []",
        "service: cart\ndefault: { timeout: 5 }",
        "service: cart\nrules: [{ name: a, match: { paths: /x } }]",
        "service: cart\nload_balancing: { policy: round_robin, choice_count: 3 }",
        "service: cart\nversions: [{ outlier_detection: { consecutive_errors: 3 } }]",
        "service: cart\ndefault: { split: [{ version: 2.1.0, weight: 100, wieght: 1 }] }",
    ] {
        assert!(serde_saphyr::from_str::<Draft>(yaml).is_err(), "{yaml}");
    }
}

#[test]
fn weights_sum_exactly_to_100() {
    let split = |arms: &str| wrong(&format!("service: cart\ndefault: {{ split: [{arms}] }}"));
    assert!(
        split(
            "{ version: 1.0.0, weight: 33.33 }, { version: 1.1.0, weight: 33.33 }, { version: 1.2.0, weight: 33.34 }"
        )
        .is_empty()
    );
    assert!(split("{ version: 1.0.0, weight: 100 }, { version: 1.1.0, weight: 0 }").is_empty());
    assert_eq!(
        split("{ version: 1.0.0, weight: 90 }, { version: 1.1.0, weight: 9.99 }"),
        ["default.split: weights sum to 99.99. Weights sum exactly to 100"]
    );
    assert_eq!(split("").len(), 1);
    assert!(split("{ version: 1.0.0, weight: 50 }, { version: 1.0.0, weight: 50 }")[0].contains("is there twice"));
    assert!(
        split("{ weight: 50 }, { version: 1.0.0, weight: 50 }")[0].starts_with("default.split[0].version: is missing")
    );
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_field() {
    let yaml = "
service: cart
rules:
  - { name: a, match: { methods: [GET, GET], headers: [{ name: x, match: { range: { start: 5, end: 5 } } }] } }
  - { name: a, route: { timeout_ms: 3600001, mirrors: [{ version: 1.0.0, percentage: 1 }, { version: 1.0.0, percentage: 2 }] } }
default:
  timeout_ms: 100
  retry: { num_retries: 11, retry_on: [reset, reset], retriable_status_codes: [200], per_try_timeout_ms: 101, retry_back_off: { base_interval_ms: 300 } }
  sticky: { cookie: { name: s, ttl_s: 99999999 } }
  request_headers: { set: { host: a, x-a: b }, add: { x-a: c } }
  fault: { abort: { percentage: 1 } }
versions:
  - { version: 1.0.0, failover: [1.0.0], circuit_breakers: { max_requests: 0 } }
  - { version: 1.0.0, outlier_detection: { interval_ms: 1, max_ejection_percent: 0, max_ejection_time_ms: 5 } }
load_balancing: { policy: ring_hash, minimum_ring_size: 100, maximum_ring_size: 10 }
zone_priority: [a, a]
slow_start_window_ms: 0
";
    let fields: Vec<String> = read(yaml)
        .check()
        .unwrap_err()
        .into_iter()
        .map(|invalid| invalid.field)
        .collect();
    let expected = [
        "rules[0].match.methods[1]",
        "rules[0].match.headers[0].match.range",
        "rules[1].name",
        "rules[1].route.mirrors[1].version",
        "rules[1].route.timeout_ms",
        "default.retry.num_retries",
        "default.retry.retry_on[1]",
        "default.retry.retriable_status_codes",
        "default.retry.retriable_status_codes[0]",
        "default.retry.per_try_timeout_ms",
        "default.retry.retry_back_off.max_interval_ms",
        "default.sticky.cookie.ttl_s",
        "default.request_headers.set.host",
        "default.request_headers.set.x-a",
        "default.fault.abort",
        "versions[0].circuit_breakers.max_requests",
        "versions[0].failover[0]",
        "versions[1].version",
        "versions[1].outlier_detection.interval_ms",
        "versions[1].outlier_detection.max_ejection_time_ms",
        "versions[1].outlier_detection.max_ejection_percent",
        "load_balancing.maximum_ring_size",
        "zone_priority[1]",
        "slow_start_window_ms",
    ];
    assert_eq!(fields, expected);
}

#[test]
fn lists_are_bounded() {
    let rules: Vec<String> = (0..=MAX_RULES).map(|i| format!("{{ name: r{i} }}")).collect();
    let found = wrong(&format!("service: cart\nrules: [{}]", rules.join(",")));
    assert_eq!(found, ["rules: has 101. Give at most 100"]);
    let arms: Vec<String> = (0..=MAX_VERSIONS)
        .map(|i| format!("{{ version: 1.{i}.0, weight: {} }}", if i < 20 { 5 } else { 0 }))
        .collect();
    assert_eq!(
        wrong(&format!("service: cart\ndefault: {{ split: [{}] }}", arms.join(","))),
        ["default.split: has 21. Give at most 20"]
    );
}

#[test]
fn a_version_has_its_own_policy_or_that_of_all() {
    let strategy = read(WHOLE);
    let own = Version::parse("2.2.0").unwrap();
    let other = Version::parse("2.1.3").unwrap();
    assert_eq!(strategy.policy(Some(&own)), Some(&strategy.versions[1]));
    assert_eq!(strategy.policy(Some(&other)), Some(&strategy.versions[0]));
    assert_eq!(strategy.policy(None), Some(&strategy.versions[0]));
}

#[test]
fn the_example_of_the_module_is_one() {
    let lines = include_str!("../strategy.rs").lines();
    let example = lines
        .skip_while(|line| *line != "//! ```yaml")
        .skip(1)
        .take_while(|line| *line != "//! ```");
    let yaml: Vec<&str> = example.map(|line| line.strip_prefix("//! ").unwrap_or("")).collect();
    assert!(read(&yaml.join("\n")).check().is_ok());
}
