//! What is wrong with a version's policy in itself.

use super::Found;
use crate::Percent;
use crate::invalid::join;
use crate::strategy::{
    CircuitBreakers, FailurePercentage, MAX_TIMEOUT_MS, OutlierDetection, SuccessRate, VersionPolicy,
};

const MANY: u32 = 1_000_000;
const DAY_MS: u32 = 86_400_000;

pub(super) fn check(found: &mut Found, path: &str, policy: &VersionPolicy) {
    if let Some(most) = &policy.circuit_breakers {
        circuit_breakers(found, &join(path, "circuit_breakers"), most);
    }
    if let Some(outliers) = &policy.outlier_detection {
        outlier_detection(found, &join(path, "outlier_detection"), outliers);
    }
    let failover = join(path, "failover");
    found.at_most(&failover, policy.failover.len(), 5);
    found.once(&failover, &policy.failover);
    let itself = |version| policy.version.as_ref() == Some(version);
    if let Some(at) = policy.failover.iter().position(itself) {
        found.add(
            &format!("{failover}[{at}]"),
            "is the version itself",
            "Name another one",
        );
    }
}

fn circuit_breakers(found: &mut Found, path: &str, most: &CircuitBreakers) {
    for (name, value) in [
        ("max_connections", most.max_connections),
        ("max_pending_requests", most.max_pending_requests),
        ("max_requests", most.max_requests),
        ("max_retries", most.max_retries),
    ] {
        found.within(&join(path, name), value, 1..=MANY);
    }
    if let Some(budget) = &most.retry_budget {
        let least = join(path, "retry_budget.min_retry_concurrency");
        found.within(&least, budget.min_retry_concurrency, 0..=MANY);
    }
}

fn outlier_detection(found: &mut Found, path: &str, outliers: &OutlierDetection) {
    for (name, value) in [
        ("consecutive_5xx", outliers.consecutive_5xx),
        ("consecutive_gateway_failure", outliers.consecutive_gateway_failure),
    ] {
        found.within(&join(path, name), value.unwrap_or(1), 1..=1_000);
    }
    found.within(&join(path, "interval_ms"), outliers.interval_ms, 100..=MAX_TIMEOUT_MS);
    let base = outliers.base_ejection_time_ms;
    found.within(&join(path, "base_ejection_time_ms"), base, 1..=MAX_TIMEOUT_MS);
    let longest = join(path, "max_ejection_time_ms");
    found.within(&longest, outliers.max_ejection_time_ms, base.clamp(1, DAY_MS)..=DAY_MS);
    if outliers.max_ejection_percent == Percent::ZERO {
        found.add(
            &join(path, "max_ejection_percent"),
            "is 0: no node is ever left out",
            "Write more than 0, or leave outlier_detection away",
        );
    }
    if let Some(SuccessRate {
        stdev_factor,
        minimum_hosts,
        request_volume,
        ..
    }) = outliers.success_rate
    {
        let path = join(path, "success_rate");
        found.within(&join(&path, "stdev_factor"), stdev_factor, 1..=100_000);
        found.within(&join(&path, "minimum_hosts"), minimum_hosts, 1..=1_000);
        found.within(&join(&path, "request_volume"), request_volume, 1..=MANY);
    }
    if let Some(FailurePercentage {
        minimum_hosts,
        request_volume,
        ..
    }) = outliers.failure_percentage
    {
        let path = join(path, "failure_percentage");
        found.within(&join(&path, "minimum_hosts"), minimum_hosts, 1..=1_000);
        found.within(&join(&path, "request_volume"), request_volume, 1..=MANY);
    }
}
