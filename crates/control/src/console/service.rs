//! One service: its figures over time, its operations, its nodes with what failed on them, its neighbours.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use pointsman_domain::Text;
use pointsman_domain::health::{Thresholds, judge};
use pointsman_domain::read::{NodeSummary, OperationSummary, Red, ServiceDetail, Track};
use pointsman_domain::rollup::{Counts, Endpoint, NodeErrorCount, NodeErrorKey, NodeKey, NodeKind};
use pointsman_domain::telemetry::{SpanKind, UnixNanos};
use pointsman_domain::time::{RangeSpec, TimeRange};
use pointsman_store::rollup::{self, EdgeFilter, SeriesFilter};

use super::figures::{NodeRow, SeriesRow, ServiceFigures, by_service, is_served};
use super::overview::{first_traffic, summary};
use super::tracks::{EdgeRow, fold};
use super::windows::Windows;
use crate::{Desk, Problem};

/// How many failures of a node are shown.
const MAX_ERRORS: usize = 20;

impl Desk {
    /// One service; `None` where it was never heard of.
    pub async fn service(&self, name: &str, range: RangeSpec) -> Result<Option<ServiceDetail>, Problem> {
        self.may_read_of(Some(name))?;
        let now_ns = self.clock.now_ns();
        let windows = Windows::new(range.resolve(now_ns), now_ns, &self.store.retention());
        let mut at = self.store.snapshot().await?;
        let ever = TimeRange {
            from_ns: 0,
            to_ns: i64::MAX as u64,
        };
        let known = rollup::nodes(&mut at, ever, Some(name)).await?;
        let series = SeriesFilter { service: Some(name) };
        let series = rollup::series(&mut at, windows.resolution, windows.range, series).await?;
        if known.is_empty() && series.is_empty() {
            return Ok(None);
        }
        let touching = EdgeFilter { touching: Some(name) };
        let rows = Rows {
            series,
            nodes: rollup::nodes(&mut at, windows.range, Some(name)).await?,
            last_seen_ns: known.iter().map(|node| node.2).max(),
            edges: rollup::edges(&mut at, windows.resolution, windows.range, touching).await?,
            errors: rollup::errors(&mut at, windows.range, name).await?,
            services: rollup::nodes(&mut at, windows.range, None)
                .await?
                .into_iter()
                .map(|node| node.0.service)
                .collect(),
        };
        let mut detail = detail(name, &rows, &windows, now_ns, &self.settings.thresholds);
        self.redact_service(&mut detail);
        Ok(Some(detail))
    }
}

/// What a service's page is made of.
#[derive(Debug, Default)]
struct Rows {
    series: Vec<SeriesRow>,
    nodes: Vec<NodeRow>,
    /// When any of its nodes was last heard of, in the range or not.
    last_seen_ns: Option<UnixNanos>,
    edges: Vec<EdgeRow>,
    errors: Vec<(NodeErrorKey, NodeErrorCount)>,
    /// The names of all services known.
    services: BTreeSet<Text>,
}

/// The page of these rows.
fn detail(name: &str, rows: &Rows, windows: &Windows, now_ns: UnixNanos, thresholds: &Thresholds) -> ServiceDetail {
    let mut services = by_service(&rows.series, &rows.nodes);
    services.retain(|service, _| service == name);
    let shown = windows.shown(now_ns, first_traffic(&services));
    let figures = services.remove(name).unwrap_or_default();
    let name = Text::from(name);
    let mut summary = summary(&name, &figures, windows, shown, thresholds);
    if figures.seen.is_empty() {
        summary.last_seen_ns = rows.last_seen_ns.unwrap_or(summary.last_seen_ns);
    }
    let (upstream, downstream) = neighbours(&name, rows, windows, thresholds);
    ServiceDetail {
        range: windows.range,
        summary,
        series: windows.series(&figures.whole, shown),
        latency: figures.whole.total.latency.clone(),
        operations: operations(&rows.series, windows, thresholds),
        nodes: nodes(&figures, &rows.errors, windows, thresholds),
        upstream,
        downstream,
    }
}

/// Requests served first, most requests first, then by name.
fn operations(series: &[SeriesRow], windows: &Windows, thresholds: &Thresholds) -> Vec<OperationSummary> {
    let mut operations: BTreeMap<(&Text, SpanKind), Counts> = BTreeMap::new();
    for (_, key, counts) in series {
        operations.entry((&key.operation, key.kind)).or_default().merge(counts);
    }
    let summary = |((name, kind), counts): ((&Text, SpanKind), Counts)| OperationSummary {
        name: name.clone(),
        kind,
        verdict: judge(&counts, thresholds),
        red: Red::new(&counts, windows.seconds()),
    };
    let mut operations: Vec<_> = operations.into_iter().map(summary).collect();
    operations.sort_by_key(|operation| (!is_served(operation.kind), Reverse(operation.red.requests)));
    operations
}

/// Worst first, then by version and node.
fn nodes(
    figures: &ServiceFigures,
    errors: &[(NodeErrorKey, NodeErrorCount)],
    windows: &Windows,
    thresholds: &Thresholds,
) -> Vec<NodeSummary> {
    let summary = |(key, part): (&NodeKey, &super::figures::Part)| {
        let mut failed: Vec<_> = errors
            .iter()
            .filter(|(error, _)| error.version == key.version && error.instance == key.instance)
            .cloned()
            .collect();
        failed.sort_by_key(|(_, count)| Reverse(count.count));
        failed.truncate(MAX_ERRORS);
        let windows_seen = (part.windows.keys().next(), part.windows.keys().next_back());
        let (first, last) = (
            windows_seen.0.copied().unwrap_or_default(),
            windows_seen.1.copied().unwrap_or_default(),
        );
        let (first_seen_ns, last_seen_ns) = figures.seen.get(key).copied().unwrap_or((first, last));
        NodeSummary {
            node: key.clone(),
            verdict: judge(&part.total, thresholds),
            red: Red::new(&part.total, windows.seconds()),
            first_seen_ns,
            last_seen_ns,
            errors: failed,
        }
    };
    let mut nodes: Vec<_> = figures.nodes.iter().map(summary).collect();
    nodes.sort_by_key(|node| Reverse(node.verdict.health));
    nodes
}

/// Who calls it, and whom it calls.
fn neighbours(name: &Text, rows: &Rows, windows: &Windows, thresholds: &Thresholds) -> (Vec<Track>, Vec<Track>) {
    let mut services = rows.services.clone();
    services.insert(name.clone());
    let tracks = fold(&rows.edges, &services);
    let is_it = |endpoint: &Endpoint| endpoint.kind == NodeKind::Service && endpoint.name == *name;
    let of = |side: &dyn Fn(&(Endpoint, Endpoint)) -> bool| {
        let tracks = tracks.iter().filter(|(ends, _)| side(ends));
        tracks
            .map(|(ends, track)| track.track(ends, windows.seconds(), thresholds))
            .collect()
    };
    (of(&|ends| is_it(&ends.1)), of(&|ends| is_it(&ends.0)))
}

#[cfg(test)]
mod tests;
