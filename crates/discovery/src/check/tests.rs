//! What is found, and what is not.

use super::*;
use crate::{Capabilities, ServiceName, Version};

fn strategy(yaml: &str) -> Strategy {
    serde_saphyr::from_str(&format!("service: cart\n{yaml}")).unwrap()
}

/// 2.1.0 is well, no node of 2.2.0 is.
fn context() -> Context {
    let version = |text: &str| Version::parse(text).unwrap();
    Context {
        versions: [
            (version("2.1.0"), Presence { nodes: 3, usable: 2 }),
            (version("2.2.0"), Presence { nodes: 2, usable: 0 }),
        ]
        .into(),
        ..Context::default()
    }
}

fn found(yaml: &str, context: &Context) -> Vec<(Severity, Code, String)> {
    let found = check(&strategy(yaml), context);
    assert!(
        found
            .iter()
            .all(|finding| !finding.message.ends_with('.') && !finding.remedy.is_empty())
    );
    found
        .into_iter()
        .map(|finding| (finding.severity, finding.code, finding.path))
        .collect()
}

fn one(severity: Severity, code: Code, path: &str) -> Vec<(Severity, Code, String)> {
    vec![(severity, code, path.to_owned())]
}

#[test]
fn nothing_stands_against_a_plain_strategy() {
    assert_eq!(
        found("default: { split: [{ version: 2.1.0, weight: 100 }] }", &context()),
        []
    );
    assert_eq!(found("", &context()), []);
}

#[test]
fn versions_have_to_be_there_and_well() {
    let to = |version: &str, weight: u32| {
        format!(
            "default: {{ split: [{{ version: 2.1.0, weight: {} }}, {{ version: {version}, weight: {weight} }}] }}",
            100 - weight
        )
    };
    let path = "default.split[1].version";
    assert_eq!(
        found(&to("2.9.0", 10), &context()),
        one(Severity::Error, Code::UnknownVersion, path)
    );
    assert_eq!(
        found(&to("2.9.0", 0), &context()),
        one(Severity::Warning, Code::UnknownVersion, path)
    );
    assert_eq!(
        found(&to("2.2.0", 10), &context()),
        one(Severity::Warning, Code::NoHealthyNode, path)
    );
    assert_eq!(found(&to("2.2.0", 0), &context()), []);
    assert_eq!(
        found("", &Context::default()),
        one(Severity::Warning, Code::UnknownVersion, "default.split[0].version")
    );
    let policy = "versions: [{ version: 2.1.0, failover: [2.8.0] }]";
    assert_eq!(
        found(policy, &context()),
        one(Severity::Warning, Code::UnknownVersion, "versions[0].failover[0]")
    );
    let message = &check(&strategy(&to("2.9.0", 10)), &context())[0].message;
    assert_eq!(message, "no node runs 2.9.0; there are 2.2.0, 2.1.0");
}

#[test]
fn a_copy_goes_elsewhere() {
    let mirror = "mirrors: [{ version: 2.1.0, percentage: 10 }]";
    let path = "default.mirrors[0].version";
    let all = format!("default: {{ split: [{{ version: 2.1.0, weight: 100 }}], {mirror} }}");
    assert_eq!(
        found(&all, &context()),
        one(Severity::Error, Code::MirrorToItself, path)
    );
    let any = format!("default: {{ {mirror} }}");
    assert_eq!(
        found(&any, &context()),
        one(Severity::Warning, Code::MirrorToItself, path)
    );
}

#[test]
fn shadowed_and_impossible_rules_are_told() {
    let cases = [
        // Earlier, later, whether the later is never met.
        ("path: { prefix: /cart }", "path: { exact: /cart/7 }", true),
        ("path: { prefix: /cart }", "path: { prefix: /cart/ }", true),
        ("path: { prefix: /cart/ }", "path: { prefix: /cart }", false),
        ("path: { regex: '/[a-z]+' }", "path: { exact: /cart }", true),
        ("path: { prefix: / }", "methods: [GET]", true),
        ("path: { exact: / }", "methods: [GET]", false),
        ("methods: [GET, POST]", "methods: [GET]", true),
        ("methods: [GET]", "methods: [GET, POST]", false),
        ("callers: [web]", "callers: [web], path: { exact: /a }", true),
        ("callers: [web]", "path: { exact: /a }", false),
        ("session: { prefix: qa }", "session: { exact: qa-1 }", true),
        (
            "headers: [{ name: a, match: present }]",
            "headers: [{ name: a, match: { exact: x } }]",
            true,
        ),
        (
            "headers: [{ name: a, match: { prefix: x } }]",
            "headers: [{ name: a, match: { prefix: xy } }, { name: b, match: present }]",
            true,
        ),
        (
            "headers: [{ name: a, match: { exact: y }, invert: true }]",
            "headers: [{ name: a, match: { exact: x } }]",
            true,
        ),
        (
            "headers: [{ name: a, match: { exact: y }, invert: true }]",
            "headers: [{ name: b, match: { exact: x } }]",
            false,
        ),
        (
            "headers: [{ name: a, match: { range: { start: 1, end: 9 } } }]",
            "headers: [{ name: a, match: { range: { start: 2, end: 9 } } }]",
            true,
        ),
        (
            "headers: [{ name: a, match: present, invert: true }]",
            "headers: [{ name: a, match: { exact: y }, invert: true }]",
            false,
        ),
        (
            "headers: [{ name: a, match: present }]",
            "headers: [{ name: a, match: { exact: y }, invert: true }]",
            true,
        ),
        // Not something that begins with x is not x, and not the other way round.
        (
            "headers: [{ name: a, match: { exact: x }, invert: true }]",
            "headers: [{ name: a, match: { prefix: x }, invert: true }]",
            true,
        ),
        (
            "headers: [{ name: a, match: { prefix: x }, invert: true }]",
            "headers: [{ name: a, match: { exact: x }, invert: true }]",
            false,
        ),
    ];
    for (earlier, later, never) in cases {
        let yaml = format!("rules: [{{ name: one, match: {{ {earlier} }} }}, {{ name: two, match: {{ {later} }} }}]");
        let expected = if never {
            one(Severity::Warning, Code::UnreachableRule, "rules[1].match")
        } else {
            vec![]
        };
        assert_eq!(found(&yaml, &context()), expected, "{earlier} / {later}");
    }
    let together = "rules: [{ name: a, match: { methods: [GET] } }, { name: b, match: { methods: [PUT] } }, { name: c, match: { methods: [GET, PUT] } }]";
    let findings = check(&strategy(together), &context());
    assert_eq!(
        findings[0].message,
        "no request comes so far: a and b before it takes all of them"
    );
    let impossible = "rules: [{ name: a, match: { headers: [{ name: x, match: { exact: a } }, { name: x, match: { prefix: b } }] } }]";
    assert_eq!(
        found(impossible, &context()),
        one(Severity::Warning, Code::ImpossibleRule, "rules[0].match")
    );
}

#[test]
fn tries_fit_the_timeout_and_the_timeout_the_callers() {
    let mut context = context();
    let retry = |timeout: u32| {
        format!(
            "default: {{ timeout_ms: {timeout}, retry: {{ num_retries: 2, retry_on: [reset], per_try_timeout_ms: 300 }} }}"
        )
    };
    // 3 tries of 300 ms, and waits of 25 and 75 ms.
    assert_eq!(found(&retry(1_000), &context), []);
    assert_eq!(
        found(&retry(999), &context),
        one(
            Severity::Warning,
            Code::RetriesOverTimeout,
            "default.retry.per_try_timeout_ms"
        )
    );
    let web = ServiceName::parse("web").unwrap();
    context.deadlines_ms.insert(web, 800);
    assert_eq!(
        found(&retry(1_000), &context),
        one(Severity::Warning, Code::OverDeadline, "default.timeout_ms")
    );
    assert_eq!(found("default: { timeout_ms: 800 }", &context), []);
    assert_eq!(found("default: { timeout_ms: 0 }", &context).len(), 1);
    let others =
        "rules: [{ name: a, match: { callers: [mobile] }, route: { timeout_ms: 5000 } }]\ndefault: { timeout_ms: 100 }";
    assert_eq!(found(others, &context), []);
}

#[test]
fn what_a_client_can_not_honour_is_told_with_its_name() {
    let mut context = context();
    context.clients = vec![
        Client {
            name: "python".to_owned(),
            capabilities: Capabilities::grpc(),
        },
        Client {
            name: "envoy".to_owned(),
            capabilities: Capabilities::all(),
        },
    ];
    let yaml =
        "default: { retry: { retry_on: [unavailable], per_try_timeout_ms: 100 } }\nload_balancing: { policy: random }";
    let expected = [
        (
            Severity::Warning,
            Code::NotHonoured,
            "default.retry.per_try_timeout_ms".to_owned(),
        ),
        (Severity::Warning, Code::NotHonoured, "load_balancing.policy".to_owned()),
    ];
    assert_eq!(found(yaml, &context), expected);
    let message = &check(&strategy(yaml), &context)[0].message;
    assert_eq!(message, "1 of 2 clients can't honour a timeout of each try: python");
    let breaker = "versions: [{ circuit_breakers: { max_requests: 5 }, outlier_detection: { consecutive_5xx: null, success_rate: {} } }]";
    assert_eq!(found(breaker, &context), []);
}

#[test]
fn a_ring_needs_something_to_hash() {
    let ring = "load_balancing: { policy: ring_hash }";
    assert_eq!(
        found(ring, &context()),
        one(Severity::Warning, Code::NothingToHash, "load_balancing.policy")
    );
    assert_eq!(
        found(
            &format!("{ring}\ndefault: {{ sticky: {{ header: {{ name: x-user }} }} }}"),
            &context()
        ),
        []
    );
}
