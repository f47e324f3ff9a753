//! A service in a row, and its versions: what the overview, a service's page and the topology have in common.

use pointsman_domain::Text;
use pointsman_domain::health::{Thresholds, judge};
use pointsman_domain::read::{Red, ServiceSummary, VersionSummary};
use pointsman_domain::rollup::NodeKey;
use pointsman_domain::telemetry::UnixNanos;

use super::judged::needs_attention;
use super::services::ServiceEvidence;
use super::windows::Windows;

/// A service's row, of which so many points are shown.
pub(super) fn summary(
    name: &Text,
    service: &ServiceEvidence,
    windows: &Windows,
    shown: usize,
    thresholds: &Thresholds,
) -> ServiceSummary {
    let bad_nodes = service
        .nodes
        .values()
        .filter(|part| needs_attention(judge(&part.total, thresholds).health));
    let last_seen = service.seen.values().map(|seen| seen.1).max();
    let last_traffic = service.whole.points.keys().next_back().copied();
    ServiceSummary {
        name: name.clone(),
        verdict: service.judge(thresholds),
        red: Red::new(&service.whole.total, windows.seconds()),
        sparkline: windows
            .series(&service.whole, shown)
            .points
            .iter()
            .map(|red| red.rate)
            .collect(),
        versions: versions(service, windows, thresholds),
        nodes: service.nodes.len() as u32,
        nodes_unwell: bad_nodes.count() as u32,
        last_seen_ns: last_seen.or(last_traffic).unwrap_or_default(),
    }
}

/// The versions of a service, in the order in which they were first heard of.
pub(super) fn versions(service: &ServiceEvidence, windows: &Windows, thresholds: &Thresholds) -> Vec<VersionSummary> {
    let first_seen = |version: &Text| {
        let of_version = service
            .seen
            .iter()
            .filter(|(key, _): &(&NodeKey, _)| key.version == *version);
        of_version.map(|(_, seen)| seen.0).min().unwrap_or(UnixNanos::MAX)
    };
    let mut versions: Vec<(&Text, _)> = service.versions.iter().collect();
    versions.sort_by_key(|(version, _)| (first_seen(version), (*version).clone()));
    let summary = |(version, part): (&Text, &super::Part)| VersionSummary {
        version: version.clone(),
        verdict: service.judge_version(version, thresholds),
        red: Red::new(&part.total, windows.seconds()),
    };
    versions.into_iter().map(summary).collect()
}
