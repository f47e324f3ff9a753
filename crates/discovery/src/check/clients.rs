//! What connected clients can't honour.

use std::collections::BTreeMap;

use super::{Code, Context, Finding, Severity, finding};
use crate::capability::Capability;
use crate::invalid::join;
use crate::strategy::{CircuitBreakers, LoadBalancing, Match, OutlierDetection, Route, Sticky, VersionPolicy};
use crate::{Draft, Percent, Strategy};

/// What a client has to honour for the strategy, each with the first field that asks for it.
pub fn needed(strategy: &Draft) -> BTreeMap<Capability, String> {
    let mut needs = Needs::default();
    for (at, rule) in strategy.rules.iter().enumerate() {
        matches(&mut needs, &format!("rules[{at}].match"), &rule.matches);
    }
    for (path, one) in strategy.routes() {
        route(&mut needs, &path, one);
    }
    for (at, one) in strategy.versions.iter().enumerate() {
        policy(&mut needs, &format!("versions[{at}]"), one);
    }
    match strategy.load_balancing {
        LoadBalancing::RoundRobin {} => {}
        LoadBalancing::LeastRequest { .. } => needs.add(true, Capability::LeastRequest, "", "load_balancing.policy"),
        LoadBalancing::RingHash { .. } => needs.add(true, Capability::RingHash, "", "load_balancing.policy"),
        LoadBalancing::Random {} => needs.add(true, Capability::Random, "", "load_balancing.policy"),
    }
    needs.add(
        !strategy.zone_priority.is_empty(),
        Capability::ZonePriority,
        "",
        "zone_priority",
    );
    needs.add(
        strategy.slow_start_window_ms.is_some(),
        Capability::SlowStart,
        "",
        "slow_start_window_ms",
    );
    let usual = Percent::from_parts(5_000).unwrap_or_default();
    let unusual = strategy.healthy_panic_threshold != usual;
    needs.add(unusual, Capability::PanicThreshold, "", "healthy_panic_threshold");
    needs.0
}

pub(super) fn check(strategy: &Strategy, context: &Context, found: &mut Vec<Finding>) {
    for (capability, path) in needed(strategy) {
        let lacking = context
            .clients
            .iter()
            .filter(|client| !client.capabilities.has(capability));
        let names: Vec<&str> = lacking.map(|client| client.name.as_str()).collect();
        if names.is_empty() {
            continue;
        }
        let shown = names[..names.len().min(3)].join(", ");
        let more = if names.len() > 3 {
            format!(" and {} more", names.len() - 3)
        } else {
            String::new()
        };
        let message = format!(
            "{} of {} clients can't honour {}: {shown}{more}",
            names.len(),
            context.clients.len(),
            capability.in_words()
        );
        let remedy = "They route as if it were not there; leave it out, or let them call through Envoy";
        found.push(finding(Severity::Warning, Code::NotHonoured, &path, message, remedy));
    }
}

#[derive(Default)]
struct Needs(BTreeMap<Capability, String>);

impl Needs {
    fn add(&mut self, needed: bool, capability: Capability, path: &str, field: &str) {
        if needed {
            self.0.entry(capability).or_insert_with(|| join(path, field));
        }
    }
}

fn matches(needs: &mut Needs, path: &str, matches: &Match) {
    needs.add(!matches.methods.is_empty(), Capability::MethodMatch, path, "methods");
    needs.add(!matches.headers.is_empty(), Capability::HeaderMatch, path, "headers");
    needs.add(matches.session.is_some(), Capability::SessionMatch, path, "session");
    needs.add(!matches.callers.is_empty(), Capability::CallerMatch, path, "callers");
}

fn route(needs: &mut Needs, path: &str, route: &Route) {
    needs.add(!route.mirrors.is_empty(), Capability::Mirror, path, "mirrors");
    if let Some(retry) = &route.retry {
        let grpc = retry.retry_on.iter().any(|on| on.is_grpc());
        let http = retry.retry_on.iter().any(|on| !on.is_grpc());
        needs.add(grpc, Capability::RetryGrpc, path, "retry.retry_on");
        needs.add(http, Capability::RetryHttp, path, "retry.retry_on");
        needs.add(
            retry.per_try_timeout_ms.is_some(),
            Capability::PerTryTimeout,
            path,
            "retry.per_try_timeout_ms",
        );
    }
    needs.add(
        !route.request_headers.is_empty(),
        Capability::HeaderChanges,
        path,
        "request_headers",
    );
    needs.add(
        !route.response_headers.is_empty(),
        Capability::HeaderChanges,
        path,
        "response_headers",
    );
    needs.add(route.fault.is_some(), Capability::Fault, path, "fault");
    let header = matches!(route.sticky, Some(Sticky::Header { .. }));
    let cookie = matches!(route.sticky, Some(Sticky::Cookie { .. }));
    needs.add(header, Capability::StickyHeader, path, "sticky.header");
    needs.add(cookie, Capability::StickyCookie, path, "sticky.cookie");
}

fn policy(needs: &mut Needs, path: &str, policy: &VersionPolicy) {
    if let Some(most) = &policy.circuit_breakers {
        let usual = CircuitBreakers {
            max_requests: most.max_requests,
            ..CircuitBreakers::default()
        };
        needs.add(true, Capability::MaxRequests, path, "circuit_breakers.max_requests");
        needs.add(*most != usual, Capability::CircuitBreakers, path, "circuit_breakers");
    }
    if let Some(outliers) = &policy.outlier_detection {
        let OutlierDetection {
            consecutive_5xx,
            consecutive_gateway_failure,
            success_rate,
            failure_percentage,
            ..
        } = outliers;
        let in_a_row = consecutive_5xx.is_some() || consecutive_gateway_failure.is_some();
        let by_rate = success_rate.is_some() || failure_percentage.is_some();
        needs.add(
            in_a_row,
            Capability::OutlierConsecutive,
            path,
            "outlier_detection.consecutive_5xx",
        );
        needs.add(by_rate, Capability::OutlierDetection, path, "outlier_detection");
    }
    needs.add(!policy.failover.is_empty(), Capability::Failover, path, "failover");
}
