//! The overview: every service with its figures, and what needs attention first.

use std::cmp::Reverse;

use pointsman_domain::health::Thresholds;
use pointsman_domain::read::{Overview, PipelineStatus};
use pointsman_domain::telemetry::UnixNanos;

use super::attention::attention;
use super::services::Services;
use super::summary::summary;
use super::windows::Windows;

/// The overview of these services: the worst first, then by name; of those that need attention equally, those with more errors first. Their
/// requests are there by point ([`Services::add_points`]).
pub fn overview(
    services: &Services,
    windows: &Windows,
    now_ns: UnixNanos,
    thresholds: &Thresholds,
    status: PipelineStatus,
) -> Overview {
    let shown = windows.shown(now_ns, services.first_traffic_ns());
    let mut attention: Vec<_> = services
        .iter()
        .filter_map(|(name, service)| attention(name, service, windows, thresholds))
        .collect();
    attention.sort_by(|a, b| {
        Reverse(a.verdict.health)
            .cmp(&Reverse(b.verdict.health))
            .then(b.red.error_ratio.total_cmp(&a.red.error_ratio))
            .then_with(|| a.service.cmp(&b.service))
    });
    let mut services: Vec<_> = services
        .iter()
        .map(|(name, service)| summary(name, service, windows, shown, thresholds))
        .collect();
    services.sort_by(|a, b| (Reverse(a.verdict.health), &a.name).cmp(&(Reverse(b.verdict.health), &b.name)));
    Overview {
        range: windows.range,
        attention,
        services,
        status,
    }
}

#[cfg(test)]
mod tests;
