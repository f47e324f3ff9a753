//! What needs attention: each service that is degraded or failing, named down to the one version or node that is
//! worse than the others, and since when.

use pointsman_domain::Text;
use pointsman_domain::health::{Cause, Health, HealthVerdict, Thresholds, judge};
use pointsman_domain::read::{Attention, Red};
use pointsman_domain::rollup::NodeKey;
use pointsman_domain::telemetry::UnixNanos;

use super::judged::needs_attention;
use super::services::{Part, ServiceEvidence};
use super::windows::Windows;

/// A run of bad windows goes on over a single good one, and ends at this many in a row: few requests a window
/// make even a bad part look well now and then.
const GOOD_WINDOWS_END_A_RUN: usize = 2;

/// The entry of a service; `None` where it needs none.
pub fn attention(
    name: &Text,
    service: &ServiceEvidence,
    windows: &Windows,
    thresholds: &Thresholds,
) -> Option<Attention> {
    let verdict = service.judge(thresholds);
    if !needs_attention(verdict.health) {
        return None;
    }
    let (version, instance) = culprit(service, verdict.health, thresholds);
    let part = match (&version, &instance) {
        (_, Some(node)) => service.nodes.get(node),
        (Some(version), None) => service.versions.get(version),
        (None, None) => None,
    };
    let part = part.unwrap_or(&service.whole);
    Some(Attention {
        service: name.clone(),
        version,
        instance: instance.map(|node| node.instance),
        verdict,
        red: Red::new(&part.total, windows.seconds()),
        since_ns: since(part, verdict, windows, thresholds),
    })
}

/// The one version, and the one node, that alone is as bad as the service. A part without traffic is no comparison.
fn culprit(service: &ServiceEvidence, bad: Health, thresholds: &Thresholds) -> (Option<Text>, Option<NodeKey>) {
    let versions = service.versions.iter().filter(|(_, part)| part.total.requests > 0);
    let versions: Vec<(&Text, Health)> = versions
        .map(|(version, _)| (version, service.judge_version(version, thresholds).health))
        .collect();
    let version = alone(&versions, bad).map(|version| (*version).clone());
    let nodes = service.nodes.iter().filter(|(key, part)| {
        part.total.requests > 0 && version.as_ref().is_none_or(|version| key.version == *version)
    });
    let nodes: Vec<(&NodeKey, Health)> = nodes
        .map(|(key, part)| (key, judge(&part.total, thresholds).health))
        .collect();
    let node = alone(&nodes, bad).map(|key| (*key).clone());
    (version, node)
}

/// The one of several that is this bad, where the others are better.
fn alone<T>(parts: &[(T, Health)], bad: Health) -> Option<&T> {
    let mut worst = parts.iter().filter(|(_, health)| *health >= bad);
    match (parts.len(), worst.next(), worst.next()) {
        (2.., Some((part, _)), None) => Some(part),
        _ => None,
    }
}

/// The start of the current run of bad windows; `None` where the newest windows are good again, or the run began before the
/// range or with it. A window is bad where its error ratio or latency is, however few its requests.
fn since(part: &Part, verdict: HealthVerdict, windows: &Windows, thresholds: &Thresholds) -> Option<UnixNanos> {
    let bad = |red: &Red| match verdict.cause {
        Some(Cause::Latency) => red.p95_ns.is_some_and(|p95| p95 >= thresholds.degraded_p95_ns),
        _ => red.errors as f64 >= thresholds.degraded_error_ratio * red.requests as f64 && red.errors > 0,
    };
    let mut start = None;
    let mut good = 0;
    for (at, red) in part.points.iter().rev() {
        if bad(red) {
            start = Some(*at);
            good = 0;
        } else {
            good += 1;
            if good == GOOD_WINDOWS_END_A_RUN {
                break;
            }
        }
    }
    start.filter(|at| *at > windows.range.from_ns)
}
