//! The overview: every service with its figures, and what needs attention first.

use std::cmp::Reverse;

use pointsman_domain::Text;
use pointsman_domain::health::{Thresholds, judge};
use pointsman_domain::read::{Overview, PipelineStatus, Red, ServiceSummary, VersionSummary};
use pointsman_domain::rollup::NodeKey;
use pointsman_domain::telemetry::UnixNanos;
use pointsman_domain::time::RangeSpec;
use pointsman_store::rollup::{self, SeriesReader};

use super::attention::attention;
use super::figures::{ServiceFigures, Services, add, heard_of, is_unwell};
use super::windows::Windows;
use crate::{Problem, See, UseCases};

impl See<'_> {
    /// Every service heard of in the range, and what needs attention first.
    pub async fn overview(&self, range: RangeSpec) -> Result<Overview, Problem> {
        self.0.may_read()?;
        let key = self.0.control.windows(range).key();
        self.0
            .read_shared(&self.0.control.reads.overview, key, move |use_cases| {
                read(use_cases, range)
            })
            .await
    }
}

async fn read(use_cases: UseCases, range: RangeSpec) -> Result<Overview, Problem> {
    let (now_ns, windows) = (use_cases.control.clock.now_ns(), use_cases.control.windows(range));
    let mut at = use_cases.control.store.reader().await?;
    let mut figures = heard_of(&rollup::nodes(&mut at, windows.range, None).await?);
    let mut series = SeriesReader::served(windows.by_point());
    while let Some(rows) = series.next(&mut at).await? {
        add(&mut figures, &rows);
    }
    let status = use_cases.control.status_at(&mut at).await?;
    let thresholds = &use_cases.control.settings.thresholds;
    Ok(overview(&figures, &windows, now_ns, thresholds, status))
}

/// The overview of these figures.
fn overview(
    figures: &Services,
    windows: &Windows,
    now_ns: UnixNanos,
    thresholds: &Thresholds,
    status: PipelineStatus,
) -> Overview {
    let shown = windows.shown(now_ns, first_traffic(figures));
    let mut attention: Vec<_> = figures
        .iter()
        .filter_map(|(name, figures)| attention(name, figures, windows, thresholds))
        .collect();
    attention.sort_by(|a, b| {
        let rank = |entry: &pointsman_domain::read::Attention| (Reverse(entry.verdict.health), entry.service.clone());
        rank(a)
            .0
            .cmp(&rank(b).0)
            .then(b.red.error_ratio.total_cmp(&a.red.error_ratio))
            .then(rank(a).1.cmp(&rank(b).1))
    });
    let mut services: Vec<_> = figures
        .iter()
        .map(|(name, figures)| summary(name, figures, windows, shown, thresholds))
        .collect();
    services.sort_by(|a, b| (Reverse(a.verdict.health), &a.name).cmp(&(Reverse(b.verdict.health), &b.name)));
    Overview {
        range: windows.range,
        attention,
        services,
        status,
    }
}

/// The start of the first point in which any service was asked something.
pub(crate) fn first_traffic(figures: &Services) -> Option<UnixNanos> {
    figures
        .values()
        .filter_map(|figures| figures.whole.points.keys().next())
        .min()
        .copied()
}

/// A service's row.
pub(crate) fn summary(
    name: &Text,
    figures: &ServiceFigures,
    windows: &Windows,
    shown: usize,
    thresholds: &Thresholds,
) -> ServiceSummary {
    let unwell = figures
        .nodes
        .values()
        .filter(|part| is_unwell(judge(&part.total, thresholds).health));
    let last_seen = figures.seen.values().map(|seen| seen.1).max();
    let last_traffic = figures.whole.points.keys().next_back().copied();
    ServiceSummary {
        name: name.clone(),
        verdict: figures.judge(thresholds),
        red: Red::new(&figures.whole.total, windows.seconds()),
        sparkline: windows
            .series(&figures.whole, shown)
            .points
            .iter()
            .map(|red| red.rate)
            .collect(),
        versions: versions(figures, windows, thresholds),
        nodes: figures.nodes.len() as u32,
        nodes_unwell: unwell.count() as u32,
        last_seen_ns: last_seen.or(last_traffic).unwrap_or_default(),
    }
}

/// The versions of a service, in the order in which they were first heard of.
pub(crate) fn versions(figures: &ServiceFigures, windows: &Windows, thresholds: &Thresholds) -> Vec<VersionSummary> {
    let first_seen = |version: &Text| {
        let of_version = figures
            .seen
            .iter()
            .filter(|(key, _): &(&NodeKey, _)| key.version == *version);
        of_version.map(|(_, seen)| seen.0).min().unwrap_or(UnixNanos::MAX)
    };
    let mut versions: Vec<&Text> = figures.versions.keys().collect();
    versions.sort_by_key(|version| (first_seen(version), (*version).clone()));
    let summary = |version: &Text| VersionSummary {
        version: version.clone(),
        verdict: figures.judge_version(version, thresholds),
        red: Red::new(&figures.versions[version].total, windows.seconds()),
    };
    versions.into_iter().map(summary).collect()
}

#[cfg(test)]
mod tests;
